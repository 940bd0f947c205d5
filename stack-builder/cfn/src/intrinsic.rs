//! CloudFormation's intrinsic functions, typed.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

use crate::condition::Condition;
use crate::node::Node;
use crate::value::{IntoValue, Json, List, Value};

fn function<T: ?Sized>(name: &'static str, argument: Node) -> Value<T> {
    Value::from_node(Node::call(name, argument))
}

/// `Fn::Join`: the strings with `delimiter` between them.
pub fn join(delimiter: &str, strings: impl IntoValue<List<String>>) -> Value<String> {
    function("Fn::Join", Node::List(vec![delimiter.into_node(), strings.into_node()]))
}

/// `Fn::Split`: the pieces of a string between `delimiter`s.
pub fn split(delimiter: &str, string: impl IntoValue<String>) -> Value<List<String>> {
    function("Fn::Split", Node::List(vec![delimiter.into_node(), string.into_node()]))
}

/// `Fn::Select`: one item of a list, counted from zero.
pub fn select<T: ?Sized>(index: u32, list: impl IntoValue<List<T>>) -> Value<T> {
    function("Fn::Select", Node::List(vec![Node::Int(index.into()), list.into_node()]))
}

/// `Fn::Base64`: the string's bytes in Base64.
pub fn base64(string: impl IntoValue<String>) -> Value<String> {
    function("Fn::Base64", string.into_node())
}

/// `Fn::Cidr`: `count` blocks of `bits` host bits each out of the address block `block`.
pub fn cidr(block: impl IntoValue<String>, count: u32, bits: u32) -> Value<List<String>> {
    function("Fn::Cidr", Node::List(vec![block.into_node(), Node::Int(count.into()), Node::Int(bits.into())]))
}

/// `Fn::GetAZs`: the availability zones of `region`; of the stack's own for `pseudo::region()`.
pub fn availability_zones(region: impl IntoValue<String>) -> Value<List<String>> {
    function("Fn::GetAZs", region.into_node())
}

/// `Fn::ImportValue`: what another stack exports under `name`.
///
/// An export that is in use can be neither changed nor deleted; a parameter filled from the other stack's output has
/// no such tie.
pub fn import_value(name: impl IntoValue<String>) -> Value<String> {
    function("Fn::ImportValue", name.into_node())
}

/// `Fn::GetStackOutput`: an output of another stack of the same account, by that stack's name.
///
/// The other stack does not know of its readers, and tools from before May 2026 do not know the function.
pub fn stack_output(
    stack: impl IntoValue<String>,
    output: impl IntoValue<String>,
    region: Option<Value<String>>,
) -> Value<String> {
    let mut entries =
        vec![("StackName".to_owned(), stack.into_node()), ("OutputName".to_owned(), output.into_node())];
    entries.extend(region.map(|region| ("Region".to_owned(), region.into_node())));
    function("Fn::GetStackOutput", Node::map(entries))
}

/// `Fn::If`: one of two values of the same type.
pub fn if_else<T: ?Sized>(
    condition: &Condition,
    then: impl IntoValue<T>,
    otherwise: impl IntoValue<T>,
) -> Value<T> {
    let name = Node::text(condition.name().to_owned());
    function("Fn::If", Node::List(vec![name, then.into_node(), otherwise.into_node()]))
}

/// `Fn::Length`: the number of items; needs the transform `AWS::LanguageExtensions`.
pub fn length<T: ?Sized>(list: impl IntoValue<List<T>>) -> Value<i64> {
    function("Fn::Length", list.into_node())
}

/// `Fn::ToJsonString`: the value as JSON text; needs the transform `AWS::LanguageExtensions`.
pub fn to_json_string(value: impl IntoValue<Json>) -> Value<String> {
    function("Fn::ToJsonString", value.into_node())
}

/// `Fn::Transform`: what the macro `name` makes of `parameters`.
pub fn transform<T: ?Sized>(name: &str, parameters: impl IntoValue<Json>) -> Value<T> {
    let entries = [("Name".to_owned(), name.into_node()), ("Parameters".to_owned(), parameters.into_node())];
    function("Fn::Transform", Node::map(entries))
}

/// `Fn::ForEach`: a loop in the template itself, to be inserted by
/// [`Template::insert_loop`](crate::Template::insert_loop); needs the transform `AWS::LanguageExtensions`.
///
/// `body` maps one output key, such as `Topic${Name}`, to its value. A loop in Rust does the same without a transform.
pub fn for_each(identifier: &str, collection: impl IntoValue<List<String>>, body: serde_json::Value) -> Node {
    Node::List(vec![identifier.into_node(), collection.into_node(), Node::from(body)])
}

/// `Fn::Sub`: `text` with each `${name}` replaced by the variable of that name.
///
/// A placeholder without a variable stays as it is and names a parameter, a resource, an attribute
/// (`${Table.Arn}`) or a pseudo parameter. References and attributes are written into the text, so that the template
/// reads well; a literal `${` is written `${!`. Where every variable turns out to be a literal, the text itself is left.
pub fn sub<const N: usize>(text: &str, variables: [(&str, Value<String>); N]) -> Value<String> {
    let mut written = String::new();
    let mut kept = std::collections::BTreeMap::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        written.push_str(before);
        let placeholder = after.split_once('}');
        let variable = placeholder.and_then(|(name, _)| variables.iter().find(|(known, _)| *known == name));
        let (Some((name, behind)), Some((_, value))) = (placeholder, variable) else {
            written.push_str("${");
            rest = after;
            continue;
        };
        let inlined = inline(value.node()).filter(|text| !captured(text, &variables)).unwrap_or_else(|| {
            kept.insert(name.to_owned(), value.node().clone());
            format!("${{{name}}}")
        });
        written.push_str(&inlined);
        rest = behind;
    }
    written.push_str(rest);
    if kept.is_empty() && crate::reference::placeholders(&written).next().is_none() {
        return Value::from_node(Node::text(written.replace("${!", "${")));
    }
    let text = Node::text(written);
    function("Fn::Sub", if kept.is_empty() { text } else { Node::List(vec![text, Node::map(kept)]) })
}

/// Whether a reference in `text` would be taken for a variable of the same name.
fn captured(text: &str, variables: &[(&str, Value<String>)]) -> bool {
    let itself = |name: &str, value: &Value<String>| inline(value.node()) == Some(format!("${{{name}}}"));
    crate::reference::placeholders(text)
        .any(|found| variables.iter().any(|(name, value)| *name == found && !itself(name, value)))
}

/// The form of `node` inside an `Fn::Sub` text, where it has one.
fn inline(node: &Node) -> Option<String> {
    let Node::Call(call) = node else {
        let Node::Text(text) = node else { return None };
        return Some(text.replace("${", "${!"));
    };
    match (call.function.as_ref(), &call.argument) {
        ("Ref", Node::Text(id)) => Some(format!("${{{id}}}")),
        ("Fn::GetAtt", Node::List(parts)) => match parts.as_slice() {
            [Node::Text(id), Node::Text(attribute)] => Some(format!("${{{id}.{attribute}}}")),
            _ => None,
        },
        ("Fn::Sub", Node::Text(text)) => Some(text.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LogicalId, ResourceRef};
    use crate::{dynamic, pseudo};
    use serde_json::json;

    #[derive(Clone)]
    struct Thing(LogicalId);
    impl ResourceRef for Thing {
        fn from_logical_id(id: LogicalId) -> Self {
            Self(id)
        }
        fn logical_id(&self) -> &LogicalId {
            &self.0
        }
    }

    #[track_caller]
    fn check<T: ?Sized>(value: &Value<T>, expect: serde_json::Value) {
        assert_eq!(serde_json::to_value(value.node()).unwrap(), expect);
    }

    #[test]
    fn sub_writes_references_into_its_text() {
        let thing = Thing(LogicalId::new("Site"));
        let value = sub(
            "https://${host}/${id}?${!no}#${last}",
            [
                ("host", thing.attribute("DomainName")),
                ("id", thing.reference()),
                ("last", select(0, split(",", pseudo::stack_name()))),
            ],
        );
        let last = json!({"Fn::Select": [0, {"Fn::Split": [",", {"Ref": "AWS::StackName"}]}]});
        check(
            &value,
            json!({"Fn::Sub": ["https://${Site.DomainName}/${Site}?${!no}#${last}", {"last": last}]}),
        );
    }

    #[test]
    fn sub_keeps_a_literal_variable_literal() {
        let with = |rest| sub(rest, [("a", "${b}".into_value())]);
        check(&with("${a}-${C}"), json!({"Fn::Sub": "${!b}-${C}"}));
        check(&with("${a}-${!C}"), json!("${b}-${C}"));
        check(&sub("plain", []), json!("plain"));
    }

    #[test]
    fn functions_take_literals_and_values() {
        check(
            &join("-", ["a".into_value(), pseudo::region()]),
            json!({"Fn::Join": ["-", ["a", {"Ref": "AWS::Region"}]]}),
        );
        check(&cidr("10.0.0.0/16", 4, 8), json!({"Fn::Cidr": ["10.0.0.0/16", 4, 8]}));
        check(&length(["a", "b"]), json!({"Fn::Length": ["a", "b"]}));
        check(
            &dynamic::secret("db", Some("password")),
            json!("{{resolve:secretsmanager:db:SecretString:password}}"),
        );
        check(
            &stack_output("net", "Vpc", Some(pseudo::region())),
            json!({"Fn::GetStackOutput": {"StackName": "net", "OutputName": "Vpc", "Region": {"Ref": "AWS::Region"}}}),
        );
    }
}
