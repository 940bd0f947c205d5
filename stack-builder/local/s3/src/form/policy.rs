//! The policy that a form bears: until when it may be sent, and what its fields may be.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html>

use super::Fields;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use s3s::dto::{Timestamp, TimestampFormat};
use s3s::{S3Error, S3Result, s3_error};
use serde_json::Value;
use std::time::{Duration, UNIX_EPOCH};

/// Fields that need no condition.
const FREE: &[&str] = &["policy", "x-amz-signature", "file"];

#[derive(Clone, Debug, PartialEq, Eq)]
enum Condition {
    Is(String, String),
    Begins(String, String),
}

/// What a form may be; anything when it bears no policy.
#[derive(Debug, Default)]
pub(crate) struct Policy {
    /// `None` without a policy.
    conditions: Option<Vec<Condition>>,
    length: Option<(u64, u64)>,
}

impl Policy {
    /// Reads the policy of a form, which must not be over at `now`, seconds since 1970.
    pub(crate) fn of(fields: &Fields, now: u64) -> S3Result<Self> {
        let Some(text) = fields.get("policy") else { return Ok(Self::default()) };
        let document = STANDARD.decode(text).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let document: Value = document.ok_or_else(|| invalid("Invalid JSON."))?;
        let expiration =
            document["expiration"].as_str().ok_or_else(|| invalid("Policy missing expiration."))?;
        let expiration = Timestamp::parse(TimestampFormat::DateTime, expiration);
        let expiration = expiration.map_err(|_| invalid("Invalid 'expiration' value."))?;
        if Timestamp::from(UNIX_EPOCH + Duration::from_secs(now)) >= expiration {
            return Err(s3_error!(AccessDenied, "Invalid according to Policy: Policy expired."));
        }
        let mut policy = Self { conditions: Some(Vec::new()), length: None };
        let conditions = document["conditions"].as_array();
        for condition in conditions.ok_or_else(|| invalid("Policy missing conditions."))? {
            policy.add(condition)?;
        }
        Ok(policy)
    }

    fn add(&mut self, condition: &Value) -> S3Result<()> {
        let wrong = || invalid("Invalid Simple-Condition");
        let conditions = self.conditions.get_or_insert_default();
        match condition {
            Value::Object(equal) => {
                for (name, value) in equal {
                    let value = value.as_str().ok_or_else(wrong)?;
                    conditions.push(Condition::Is(name.to_ascii_lowercase(), value.to_owned()));
                }
            }
            Value::Array(list) => match list.as_slice() {
                [Value::String(kind), Value::String(name), Value::String(value)] => {
                    let name = name.strip_prefix('$').ok_or_else(wrong)?.to_ascii_lowercase();
                    conditions.push(match kind.to_ascii_lowercase().as_str() {
                        "eq" => Condition::Is(name, value.clone()),
                        "starts-with" => Condition::Begins(name, value.clone()),
                        _ => return Err(wrong()),
                    });
                }
                [Value::String(kind), least, most] if kind.eq_ignore_ascii_case("content-length-range") => {
                    self.length = Some((number(least).ok_or_else(wrong)?, number(most).ok_or_else(wrong)?));
                }
                _ => return Err(wrong()),
            },
            _ => return Err(wrong()),
        }
        Ok(())
    }

    /// Smallest and largest file, in bytes.
    pub(crate) fn length(&self) -> Option<(u64, u64)> {
        self.length
    }

    /// Whether every condition is met, and every field has one.
    pub(crate) fn check(&self, fields: &Fields, bucket: &str) -> S3Result<()> {
        let Some(conditions) = &self.conditions else { return Ok(()) };
        let value = |name: &str| if name == "bucket" { Some(bucket) } else { fields.get(name) };
        for condition in conditions {
            let met = match condition {
                Condition::Is(name, right) => value(name) == Some(right),
                Condition::Begins(name, head) => value(name).unwrap_or_default().starts_with(head),
            };
            if !met {
                return Err(failed(condition));
            }
        }
        let named = |name: &str| conditions.iter().any(|condition| condition.name() == name);
        let free = |name: &str| FREE.contains(&name) || name.starts_with("x-ignore-") || name == "bucket";
        match fields.iter().find(|(name, _)| !free(name) && !named(name)) {
            Some((name, _)) => {
                Err(s3_error!(AccessDenied, "Invalid according to Policy: Extra input fields: {name}"))
            }
            None => Ok(()),
        }
    }
}

impl Condition {
    fn name(&self) -> &str {
        match self {
            Self::Is(name, _) | Self::Begins(name, _) => name,
        }
    }
}

fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn invalid(why: &str) -> S3Error {
    s3_error!(InvalidPolicyDocument, "Invalid Policy: {why}")
}

fn failed(condition: &Condition) -> S3Error {
    let (kind, name, value) = match condition {
        Condition::Is(name, value) => ("eq", name, value),
        Condition::Begins(name, value) => ("starts-with", name, value),
    };
    s3_error!(
        AccessDenied,
        "Invalid according to Policy: Policy Condition failed: [\"{kind}\", \"${name}\", \"{value}\"]"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn form(policy: &Value, others: &[(&str, &str)]) -> Fields {
        let mut fields = Fields::default();
        fields.add("Policy", STANDARD.encode(policy.to_string())).unwrap();
        for (name, value) in others {
            fields.add(name, (*value).to_owned()).unwrap();
        }
        fields
    }

    fn check(conditions: Value, others: &[(&str, &str)]) -> Result<(), String> {
        let fields = form(&json!({ "expiration": "2030-01-01T00:00:00Z", "conditions": conditions }), others);
        let policy = Policy::of(&fields, 1_700_000_000).and_then(|policy| policy.check(&fields, "files"));
        policy.map_err(|error| error.message().unwrap_or_default().to_owned())
    }

    #[test]
    fn fields_are_what_the_policy_says_and_no_others() {
        let conditions =
            || json!([{ "bucket": "files" }, ["starts-with", "$key", "u/"], { "Content-Type": "a/b" }]);
        check(conditions(), &[("key", "u/1"), ("content-type", "a/b"), ("x-ignore-me", "")]).unwrap();
        for (fields, wrong) in [
            (vec![("key", "v/1"), ("content-type", "a/b")], "[\"starts-with\", \"$key\", \"u/\"]"),
            (vec![("key", "u/1")], "[\"eq\", \"$content-type\", \"a/b\"]"),
            (vec![("key", "u/1"), ("content-type", "a/b"), ("acl", "x")], "Extra input fields: acl"),
        ] {
            assert!(check(conditions(), &fields).unwrap_err().contains(wrong), "{fields:?}");
        }
        assert!(check(json!([{ "bucket": "other" }]), &[]).is_err());
    }

    #[test]
    fn a_policy_that_is_over_or_nonsense_is_refused() {
        let over = form(&json!({ "expiration": "2020-01-01T00:00:00.000Z", "conditions": [] }), &[]);
        assert_eq!(Policy::of(&over, 1_700_000_000).unwrap_err().code().as_str(), "AccessDenied");
        for nonsense in [json!(1), json!({}), json!({ "expiration": "soon", "conditions": [] })] {
            assert!(Policy::of(&form(&nonsense, &[]), 0).is_err());
        }
        for nonsense in [json!([1]), json!([["eq", "key", "x"]]), json!([["content-length-range", -1, 5]])] {
            assert!(check(nonsense, &[]).is_err());
        }
    }
}
