//! Resource policies: who, beside principals of the account, may call a function.

use crate::name;
use serde_json::{Value, json};
use stack_builder_local_core::{Resource, Resources};

/// Services that call functions at the edge by the association alone.
const EDGE: [&str; 2] = ["edgelambda.amazonaws.com", "cloudfront.amazonaws.com"];

/// One `AWS::Lambda::Permission`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Permission {
    sid: String,
    function: String,
    qualifier: Option<String>,
    action: String,
    principal: String,
    source_arn: Option<String>,
    source_account: Option<String>,
    of_organisation: bool,
}

/// Reads all of them.
pub(crate) fn permissions(resources: &Resources) -> Vec<Permission> {
    resources.of_type("AWS::Lambda::Permission").filter_map(Permission::read).collect()
}

impl Permission {
    fn read(resource: &Resource) -> Option<Self> {
        let text = |property| resource.text(property).map(str::to_owned);
        let reference = name::parse(resource.text("FunctionName")?);
        Some(Self {
            sid: resource.id.logical_id.clone(),
            function: reference.name.to_owned(),
            qualifier: reference.qualifier.map(str::to_owned),
            action: text("Action").unwrap_or_default(),
            principal: text("Principal").unwrap_or_default(),
            source_arn: text("SourceArn"),
            source_account: text("SourceAccount"),
            of_organisation: !resource.property("PrincipalOrgID").is_null(),
        })
    }

    /// Whether it is about this function under this qualifier: one for the function does not cover its versions.
    fn is_about(&self, function: &str, qualifier: Option<&str>) -> bool {
        self.function == function && self.qualifier.as_deref() == qualifier
    }

    fn allows_service(&self, service: &str, source_arn: &str, account: &str) -> bool {
        ["lambda:InvokeFunction", "lambda:*", "*"].contains(&self.action.as_str())
            && !self.of_organisation
            && [service, "*"].contains(&self.principal.as_str())
            && self.source_arn.as_deref().is_none_or(|pattern| arn_like(pattern, source_arn))
            && self.source_account.as_deref().is_none_or(|wanted| wanted == account)
    }

    fn statement(&self, arn: &str) -> Value {
        let principal = match self.principal.as_str() {
            "*" => json!("*"),
            service if service.ends_with(".amazonaws.com") => json!({ "Service": service }),
            account => json!({ "AWS": account }),
        };
        let mut statement =
            json!({"Sid": self.sid, "Effect": "Allow", "Principal": principal, "Action": self.action});
        let qualifier = self.qualifier.iter().map(|qualifier| format!(":{qualifier}"));
        statement["Resource"] = format!("{arn}{}", qualifier.collect::<String>()).into();
        if let Some(source) = &self.source_arn {
            statement["Condition"]["ArnLike"]["AWS:SourceArn"] = source.as_str().into();
        }
        if let Some(account) = &self.source_account {
            statement["Condition"]["StringEquals"]["AWS:SourceAccount"] = account.as_str().into();
        }
        statement
    }
}

/// The policy document of a function; `None` when nothing is permitted.
pub(crate) fn policy(all: &[Permission], name: &str, qualifier: Option<&str>, arn: &str) -> Option<Value> {
    let about = all.iter().filter(|one| one.is_about(name, qualifier));
    let statements: Vec<_> = about.map(|one| one.statement(arn)).collect();
    (!statements.is_empty())
        .then(|| json!({"Version": "2012-10-17", "Id": "default", "Statement": statements}))
}

/// Whether a service may call, and if not, which permission is missing.
pub(crate) fn check_service(
    all: &[Permission],
    (function, qualifier): (&str, Option<&str>),
    (service, source_arn): (&str, &str),
    account: &str,
) -> Result<(), String> {
    let mut about = all.iter().filter(|one| one.is_about(function, qualifier));
    if EDGE.contains(&service) || about.any(|one| one.allows_service(service, source_arn, account)) {
        return Ok(());
    }
    let function =
        qualifier.map_or_else(|| function.to_owned(), |qualifier| format!("{function}:{qualifier}"));
    Err(format!(
        "`{service}` may not call `{function}` for `{source_arn}`: no `AWS::Lambda::Permission` of the function \
         allows `lambda:InvokeFunction` to this principal with this `SourceArn`"
    ))
}

/// `ArnLike`: `*` and `?` stand for anything within one of the six parts of an ARN, and in the last also for `:`.
fn arn_like(pattern: &str, arn: &str) -> bool {
    let (mut patterns, mut parts) = (pattern.splitn(6, ':'), arn.splitn(6, ':'));
    loop {
        match (patterns.next(), parts.next()) {
            (None, None) => return true,
            (Some(pattern), Some(part)) if like(pattern.as_bytes(), part.as_bytes()) => {}
            _ => return false,
        }
    }
}

/// Wildcards without backtracking further than to the last `*`, so that time is bounded by the product of lengths.
fn like(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&one) if one == b'?' || one == text[t] => (p, t) = (p + 1, t + 1),
            _ => {
                let Some((at, from)) = star else { return false };
                star = Some((at, from + 1));
                (p, t) = (at + 1, from + 1);
            }
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permission(qualifier: Option<&str>, source_arn: Option<&str>) -> Permission {
        Permission {
            sid: "P".to_owned(),
            function: "f".to_owned(),
            qualifier: qualifier.map(str::to_owned),
            action: "lambda:InvokeFunction".to_owned(),
            principal: "apigateway.amazonaws.com".to_owned(),
            source_arn: source_arn.map(str::to_owned),
            source_account: None,
            of_organisation: false,
        }
    }

    const ROUTE: &str = "arn:aws:execute-api:us-east-1:000000000000:abc/prod/GET/files";
    const API: &str = "apigateway.amazonaws.com";

    #[test]
    fn only_the_permitted_route_of_the_permitted_service_may_call() {
        let all = [permission(None, Some("arn:aws:execute-api:us-east-1:000000000000:abc/*/GET/files"))];
        let check = |who, qualifier| check_service(&all, ("f", qualifier), who, "000000000000");
        assert_eq!(check((API, ROUTE), None), Ok(()));
        let other = ROUTE.replace("GET", "POST");
        assert!(check((API, other.as_str()), None).is_err());
        assert!(check(("s3.amazonaws.com", ROUTE), None).is_err());
        assert!(check((API, ROUTE), Some("1")).is_err());
        assert_eq!(check(("edgelambda.amazonaws.com", ""), Some("1")), Ok(()));
        let other_account = [Permission { source_account: Some("1".to_owned()), ..permission(None, None) }];
        assert!(check_service(&other_account, ("f", None), (API, ROUTE), "000000000000").is_err());
    }

    #[test]
    fn wildcards_stay_within_a_part_of_the_arn() {
        assert!(arn_like("arn:aws:s3:*:*:bucket", "arn:aws:s3:::bucket"));
        assert!(arn_like("arn:aws:x:r:a:b/*/c?", "arn:aws:x:r:a:b/1:2/cd"));
        assert!(!arn_like("arn:*:bucket", "arn:aws:s3:::bucket"));
        assert!(!arn_like("arn:aws:x:r:a:b", "arn:aws:x:r:a:b/c"));
        let slow = format!("{}b", ["a*"; 30].concat());
        assert!(!like(slow.as_bytes(), "a".repeat(5000).as_bytes()));
    }

    #[test]
    fn the_policy_is_the_one_that_lambda_writes() {
        let all = [permission(Some("live"), Some(ROUTE))];
        let policy = policy(&all, "f", Some("live"), "arn:f").expect("a policy");
        assert_eq!(policy["Statement"][0]["Resource"], "arn:f:live");
        assert_eq!(policy["Statement"][0]["Condition"]["ArnLike"]["AWS:SourceArn"], ROUTE);
        assert_eq!(super::policy(&all, "f", None, "arn:f"), None);
    }
}
