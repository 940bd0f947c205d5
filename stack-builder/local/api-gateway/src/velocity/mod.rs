//! Mapping templates: the part of Velocity that answers of mock integrations use.
//!
//! References, `#set`, `#if`, `#elseif`, `#else` and `##` are run; a template with anything else is refused when it is
//! read, and told as a note.

mod evaluate;
mod expression;
mod parse;

pub(crate) use evaluate::{Inputs, Overrides};

/// A template that has been read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Template(Vec<Node>);

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Text(String),
    Show(Reference),
    Set(Vec<String>, Expression),
    /// Conditions with what follows them; the last may have none.
    If(Vec<(Option<Expression>, Vec<Node>)>),
}

#[derive(Clone, Debug, PartialEq)]
enum Expression {
    /// Text in double quotes, with references.
    Template(Vec<Node>),
    Value(serde_json::Value),
    Reference(Reference),
    Not(Box<Expression>),
    Both(Box<Expression>, Box<Expression>),
    Either(Box<Expression>, Box<Expression>),
    Same(Box<Expression>, Box<Expression>),
}

/// `$input.params().header.get("Origin")`.
#[derive(Clone, Debug, PartialEq)]
struct Reference {
    /// As it was written, which is what an unknown one shows.
    source: String,
    /// `$!x`: an unknown one shows nothing.
    quiet: bool,
    name: String,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
    Field(String),
    Call(String, Vec<Expression>),
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// What in it is not run here.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        parse::template(text).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Map, json};

    fn render(template: &str) -> (String, Overrides) {
        let headers: Map<_, _> = [("origin".to_owned(), json!("http://a"))].into_iter().collect();
        let inputs = Inputs {
            headers: &headers,
            query: &json!({"q": "1"}),
            path: &json!({"id": "7"}),
            body: "{\"a\": {\"b\": [1, 2]}}",
            stage: &json!({"v": "x"}),
            variable: &|name| (name == "requestId").then(|| "rid".to_owned()),
        };
        Template::parse(template).expect("a template").render(&inputs)
    }

    #[track_caller]
    fn check(template: &str, expect: &str) {
        assert_eq!(render(template).0, expect, "{template}");
    }

    #[test]
    fn renders() {
        check("", "");
        check("{\"statusCode\": 200}", "{\"statusCode\": 200}");
        check("$5 and # and #hash", "$5 and # and #hash");
        check("$context.requestId ${context.requestId}x $stageVariables.v", "rid ridx x");
        check("$nothing $!nothing|$context.nothing|", "$nothing ||");
        check("$input.params('id') $input.params(\"q\") $input.params('Origin')", "7 1 http://a");
        check("$input.params().header.get('origin')", "http://a");
        check("$input.json('$.a.b') $input.path('$.a').b.size()", "[1,2] 2");
        check("$input.body", "{\"a\": {\"b\": [1, 2]}}");
        check("#set($a = \"x$context.requestId\")$a", "xrid");
        check("#set($a = 'x$b')#if($a == 'x$b')yes#{else}no#end", "yes");
        check("#if($none)a#elseif(!$none && true)b#{end}c", "bc");
        check("#if($input.params('q') == '1' || $x)a#end", "a");
        check("#if($input.params('q') != '1')a#else b#end", " b");
        check("a ## comment\nb", "a b");
        check("$util.escapeJavaScript($input.body)", "{\\\"a\\\": {\\\"b\\\": [1, 2]}}");
        check("$util.base64Encode('hi') $util.urlEncode('a b')", "aGk= a+b");
    }

    #[test]
    fn sets_headers_and_status() {
        let cors = "#set($origin = $input.params().header.get(\"Origin\"))\n#if(!$origin)#set($origin = \
            $input.params().header.get(\"origin\"))#end\n#if($origin == \"http://a\")#set($context.responseOverride\
            .header.Access-Control-Allow-Origin = $origin)#set($context.responseOverride.status = 201)#end";
        let (_, overrides) = render(cors);
        assert_eq!(overrides.headers, [("Access-Control-Allow-Origin".to_owned(), "http://a".to_owned())]);
        assert_eq!(overrides.status, Some(201));
    }

    #[test]
    fn what_is_not_run_is_refused() {
        for template in [
            "#foreach($a in $b)$a#end",
            "#if($a)x",
            "#set($a)",
            "#set($a = [1])",
            "#if($a > 1)x#end",
            "#macro(x)#end",
            "#set($a = \"x)",
        ] {
            assert!(Template::parse(template).is_err(), "{template}");
        }
        let deep = "#if(true)".repeat(10_000);
        assert!(Template::parse(&deep).is_err());
        assert!(Template::parse(&format!("#if({}true)x#end", "!".repeat(10_000))).is_err());
    }
}
