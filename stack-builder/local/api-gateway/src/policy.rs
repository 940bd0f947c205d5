//! Policies that Lambda authorizers return.

use serde_json::Value;

/// What a policy says of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allowed,
    /// No statement is about it.
    NotAllowed,
    /// A statement denies it.
    Denied,
}

/// Evaluates a policy for `execute-api:Invoke` on an ARN; `None` when it is no policy.
pub(crate) fn judge(policy: &Value, arn: &str) -> Option<Verdict> {
    let statements = many(policy.get("Statement")?);
    let mut verdict = Verdict::NotAllowed;
    for statement in statements {
        if !applies(statement, arn) {
            continue;
        }
        match statement["Effect"].as_str()? {
            effect if effect.eq_ignore_ascii_case("deny") => return Some(Verdict::Denied),
            effect if effect.eq_ignore_ascii_case("allow") => verdict = Verdict::Allowed,
            _ => return None,
        }
    }
    Some(verdict)
}

fn applies(statement: &Value, arn: &str) -> bool {
    // A condition is not evaluated here: a statement that has one allows nothing, and denies.
    if !statement["Condition"].is_null() && statement["Effect"] == "Allow" {
        return false;
    }
    let action = names(&statement["Action"], |action| like(&action.to_lowercase(), "execute-api:invoke"));
    let unless =
        !statement["NotResource"].is_null() && !names(&statement["NotResource"], |name| like(name, arn));
    action && (unless || names(&statement["Resource"], |resource| like(resource, arn)))
}

fn names(value: &Value, wanted: impl Fn(&str) -> bool) -> bool {
    many(value).iter().any(|name| name.as_str().is_some_and(&wanted))
}

fn many(value: &Value) -> &[Value] {
    match value {
        Value::Null => &[],
        Value::Array(all) => all,
        one => std::slice::from_ref(one),
    }
}

/// Whether a text is of a form with `*` and `?`. Takes at most form × text steps.
pub(crate) fn like(form: &str, text: &str) -> bool {
    let (form, text) = (form.as_bytes(), text.as_bytes());
    let (mut at, mut seen) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while seen < text.len() {
        if form.get(at) == Some(&b'*') {
            back = Some((at, seen));
            at += 1;
        } else if form.get(at).is_some_and(|c| *c == b'?' || *c == text[seen]) {
            (at, seen) = (at + 1, seen + 1);
        } else if let Some((star, from)) = back {
            back = Some((star, from + 1));
            (at, seen) = (star + 1, from + 1);
        } else {
            return false;
        }
    }
    form[at..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ARN: &str = "arn:aws:execute-api:us-east-1:000000000000:abc/dev/GET/item/1";

    #[test]
    fn judges_policies() {
        let check =
            |statement: Value, expect| assert_eq!(judge(&json!({ "Statement": statement }), ARN), expect);
        let allow = |on: &str| json!({"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": on});
        let deny = json!({"Effect": "Deny", "Action": ["execute-api:*"], "Resource": ["x", "*/GET/*"]});
        check(json!([allow("*")]), Some(Verdict::Allowed));
        check(allow(ARN), Some(Verdict::Allowed));
        check(allow("arn:aws:execute-api:*:*:abc/*/GET/item/?"), Some(Verdict::Allowed));
        check(allow("arn:aws:execute-api:*:*:abc/*/POST/*"), Some(Verdict::NotAllowed));
        check(json!([allow("*"), deny]), Some(Verdict::Denied));
        check(json!([]), Some(Verdict::NotAllowed));
        check(json!({"Effect": "Perhaps", "Action": "*", "Resource": "*"}), None);
        check(json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}), Some(Verdict::NotAllowed));
        assert_eq!(judge(&json!({}), ARN), None);
        assert_eq!(judge(&json!("Allow"), ARN), None);
    }

    #[test]
    fn wildcards_do_not_explode() {
        let text = "a".repeat(5000);
        assert!(!like(&format!("{}b", "a*".repeat(200)), &text));
        assert!(like("*a*a*", &text));
    }
}
