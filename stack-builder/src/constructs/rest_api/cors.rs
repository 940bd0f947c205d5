//! How a REST API answers a browser that asks whether a page may call it.

use super::deployment::Draft;
use crate::constructs::cors::{Cors, MAX_AGE};
use crate::constructs::route_path;
use crate::scope::Scope;
use stack_builder_assembly::Diagnostic;
use stack_builder_cfn::apigateway::{self as l1, method as nested};
use stack_builder_cfn::{IntoValue, Node, Value, intrinsic};

/// The header that names who may read an answer.
const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";

/// What the answers to `OPTIONS` say.
pub(super) struct Preflight {
    origins: Vec<Value<String>>,
    headers: String,
}

impl Preflight {
    /// What `cors` allows; `None` when its origins are not written out, which is reported.
    pub(super) fn of(cors: Cors, scope: &mut Scope) -> Option<Self> {
        cors.check(scope);
        let headers = cors.headers.join(",");
        match cors.origins.into_node() {
            Node::List(origins) if !origins.is_empty() => {
                Some(Self { origins: origins.into_iter().map(Value::from_node).collect(), headers })
            }
            _ => {
                let message = "a REST API needs its origins one by one";
                let hint = "give at least one, and a list whose items may be references: `Cors::origins([site.url()])`";
                scope.report(Diagnostic::error("illegal-origin", message).hint(hint).caused_by(cors.source));
                None
            }
        }
    }

    /// Adds `OPTIONS` to the resource at `path`, answered by API Gateway itself and open to anyone: a browser sends
    /// neither token nor key with its question.
    pub(super) fn add_options(
        &self,
        draft: &mut Draft<'_>,
        path: &str,
        resource: Value<String>,
        verbs: &[&str],
    ) {
        let headers = self.answer(verbs);
        let header = |name: &str| format!("method.response.header.{name}");
        let declared: Vec<_> = headers.iter().map(|(name, _)| (header(name), true)).collect();
        let given: Vec<_> = headers.into_iter().map(|(name, value)| (header(name), value)).collect();
        let l1 = l1::Method::new()
            .rest_api_id(draft.id())
            .resource_id(resource)
            .http_method("OPTIONS")
            .authorization_type(nested::AuthorizationType::None)
            .integration_with(|integration| {
                integration
                    .type_(nested::Type::Mock)
                    .request_templates([("application/json", r#"{"statusCode":204}"#)])
                    .add_integration_responses(|response| {
                        let response = response.status_code("204").response_parameters(given);
                        match self.choice() {
                            Some(template) => response.response_templates([("application/json", template)]),
                            None => response,
                        }
                    })
            })
            .add_method_responses(|response| response.status_code("204").response_parameters(declared));
        draft.add(&route_path::route_name("OPTIONS", path), l1);
    }

    /// The headers of an answer, as mappings: what stands in single quotes is sent as it is.
    fn answer(&self, verbs: &[&str]) -> Vec<(&'static str, Value<String>)> {
        let literal = |text: String| format!("'{text}'").into_value();
        let mut headers = vec![
            (ALLOW_ORIGIN, quoted(&self.origins[0])),
            ("Access-Control-Allow-Headers", literal(self.headers.clone())),
            ("Access-Control-Allow-Methods", literal(format!("{},OPTIONS", verbs.join(",")))),
            ("Access-Control-Max-Age", literal(MAX_AGE.to_string())),
        ];
        if self.origins.len() > 1 {
            headers.push(("Vary", literal("Origin".to_owned())));
        }
        headers
    }

    /// The template that puts the asking origin in the place of the first one when it is another of ours.
    ///
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html>
    fn choice(&self) -> Option<Value<String>> {
        let others = &self.origins[1..];
        if others.is_empty() {
            return None;
        }
        let mut parts = vec![
            concat!(
                "#set($origin = $input.params().header.get(\"Origin\"))\n",
                "#if(!$origin)#set($origin = $input.params().header.get(\"origin\"))#end\n",
                "#if(",
            )
            .into_value(),
        ];
        for (index, origin) in others.iter().enumerate() {
            let or = if index == 0 { "" } else { " || " };
            parts.extend([format!("{or}$origin == \"").into_value(), origin.clone(), "\"".into_value()]);
        }
        let set = format!(")#set($context.responseOverride.header.{ALLOW_ORIGIN} = $origin)#end");
        parts.push(set.into_value());
        Some(concatenated(parts))
    }

    /// Who may read what API Gateway refuses, as a mapping: it has no template to choose by.
    pub(super) fn origin_of_errors(&self) -> Value<String> {
        match self.origins.as_slice() {
            [origin] => quoted(origin),
            _ => "'*'".into_value(),
        }
    }
}

fn quoted(origin: &Value<String>) -> Value<String> {
    concatenated(vec!["'".into_value(), origin.clone(), "'".into_value()])
}

/// The texts one after the other: one literal where all are.
fn concatenated(parts: Vec<Value<String>>) -> Value<String> {
    let join = |before: Value<String>, part: Value<String>| match (before.node(), part.node()) {
        (Node::Text(first), Node::Text(second)) => format!("{first}{second}").into_value(),
        _ => intrinsic::sub("${before}${part}", [("before", before), ("part", part)]),
    };
    parts.into_iter().reduce(join).unwrap_or_else(|| "".into_value())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use stack_builder_cfn::pseudo;

    #[test]
    fn texts_and_references_are_one_text() {
        let check = |parts, expect| {
            let value = concatenated(parts);
            assert_eq!(serde_json::to_value(value.node()).unwrap(), expect);
        };
        let [a, b] = ["a", "b"].map(IntoValue::<String>::into_value);
        check(vec![a.clone(), b.clone()], json!("ab"));
        check(vec![a.clone(), b, pseudo::region(), a], json!({"Fn::Sub": "ab${AWS::Region}a"}));
    }
}
