//! What a REST API checks of a request before it calls a function.

use super::deployment::Draft;
use crate::constructs::routes::Method;
use stack_builder_assembly::Diagnostic;
use stack_builder_cfn::apigateway as l1;
use stack_builder_cfn::{IntoValue, Json, Node, Value};
use std::collections::BTreeMap;

/// The dialect that API Gateway reads.
const DIALECT: &str = "http://json-schema.org/draft-04/schema#";

/// The validators so far: at most one for bodies, one for parameters and one for both.
#[derive(Default)]
pub(super) struct Validators(BTreeMap<(bool, bool), Value<String>>);

impl Validators {
    /// Has `l1`, called `name`, check what `method` asks for.
    pub(super) fn check(
        &mut self,
        draft: &mut Draft<'_>,
        name: &str,
        mut l1: l1::Method,
        method: &Method,
    ) -> l1::Method {
        let (body, parameters) = (method.body.is_some(), !method.queries.is_empty());
        if !body && !parameters {
            return l1;
        }
        report_body(draft, method);
        if let Some((schema, _)) = &method.body {
            let model_name = format!("{name}Body");
            let model = l1::Model::new()
                .rest_api_id(draft.id())
                .name(&model_name)
                .content_type("application/json")
                .schema(with_dialect(schema.clone()));
            let model = draft.add(&model_name, model).reference();
            // `$default` is any other content type: a body must not escape the check by calling itself text.
            l1 = l1.request_models([("application/json", model.clone()), ("$default", model)]);
        }
        if parameters {
            let key = |name: &String| format!("method.request.querystring.{name}");
            let required: Vec<_> = method.queries.iter().map(|(name, _)| (key(name), true)).collect();
            l1 = l1.request_parameters(required);
        }
        l1.request_validator_id(self.validator(draft, body, parameters))
    }

    fn validator(&mut self, draft: &mut Draft<'_>, body: bool, parameters: bool) -> Value<String> {
        let add = || {
            let name = match (body, parameters) {
                (true, true) => "RequestValidator",
                (true, false) => "BodyValidator",
                (false, _) => "ParameterValidator",
            };
            let l1 = l1::RequestValidator::new()
                .rest_api_id(draft.id())
                .validate_request_body(body)
                .validate_request_parameters(parameters);
            draft.add(name, l1).reference()
        };
        self.0.entry((body, parameters)).or_insert_with(add).clone()
    }
}

fn report_body(draft: &mut Draft<'_>, method: &Method) {
    let Some((schema, source)) = &method.body else { return };
    if matches!(method.verb, "GET" | "DELETE") {
        let message = format!("a body is asked of `{}`, which has none", method.verb);
        let hint = "say it right after the method that takes one: `get(&list).post(&add).body(schema)`";
        draft.scope.report(Diagnostic::error("unsupported-validation", message).hint(hint).caused_by(source));
    }
    if !matches!(schema.node(), Node::Map(_) | Node::Object(_) | Node::Call(_)) {
        let message = "the schema of a body is not a JSON object";
        let hint = "write a JSON schema: `json!({\"type\": \"object\", \"required\": [\"item\"]})`";
        draft.scope.report(Diagnostic::error("illegal-schema", message).hint(hint).caused_by(source));
    }
}

/// The schema with its dialect, which API Gateway wants to be told.
fn with_dialect(schema: Value<Json>) -> Value<Json> {
    match schema.into_node() {
        Node::Map(mut entries) => {
            if !entries.iter().any(|(key, _)| key == "$schema") {
                entries.push(("$schema".to_owned(), DIALECT.into_node()));
            }
            Value::from_node(Node::map(entries))
        }
        node => Value::from_node(node),
    }
}
