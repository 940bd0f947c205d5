//! What is known about users: attributes, their types and limits.

use crate::definition::{is_true, whole};
use crate::errors::{Result, invalid};
use serde_json::Value;
use std::collections::BTreeMap;

/// Attributes of OpenID Connect that every pool has, all of them text of up to 2048 characters.
const STANDARD: &[&str] = &[
    "address",
    "birthdate",
    "email",
    "family_name",
    "gender",
    "given_name",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "phone_number",
    "picture",
    "preferred_username",
    "profile",
    "updated_at",
    "website",
    "zoneinfo",
];
/// Verified by a code, or by an administrator.
pub(crate) const VERIFIED: &[&str] = &["email_verified", "phone_number_verified"];
const LONGEST: u64 = 2048;

#[derive(Clone, Debug)]
enum Kind {
    Text { shortest: u64, longest: u64 },
    Number { least: f64, most: f64 },
    Boolean,
    Time,
}

#[derive(Clone, Debug)]
struct Attribute {
    kind: Kind,
    is_required: bool,
    is_mutable: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Schema(BTreeMap<String, Attribute>);

impl Schema {
    pub(crate) fn new(schema: &Value) -> Self {
        let text = Attribute {
            kind: Kind::Text { shortest: 0, longest: LONGEST },
            is_required: false,
            is_mutable: true,
        };
        let mut all: BTreeMap<_, _> =
            STANDARD.iter().map(|name| ((*name).to_owned(), text.clone())).collect();
        for entry in schema.as_array().into_iter().flatten() {
            let Some(name) = entry["Name"].as_str() else { continue };
            let is_standard = STANDARD.contains(&name);
            let name = if is_standard { name.to_owned() } else { format!("custom:{name}") };
            all.insert(name, Attribute::new(entry, is_standard));
        }
        Self(all)
    }

    /// Refuses attributes that the pool does not know, or values that it does not allow.
    pub(crate) fn check(&self, attributes: &BTreeMap<String, String>) -> Result<()> {
        for (name, value) in attributes {
            if name == "email" && !is_email(value) {
                return Err(invalid("Invalid email address format."));
            }
            if name == "phone_number" && !is_phone(value) {
                return Err(invalid("Invalid phone number format."));
            }
            if VERIFIED.contains(&name.as_str()) {
                continue;
            }
            let Some(attribute) = self.0.get(name) else {
                return Err(unfit(name, "Attribute does not exist in the schema."));
            };
            attribute.kind.check(name, value)?;
        }
        Ok(())
    }

    /// Refuses a new user who lacks an attribute.
    pub(crate) fn check_required(&self, attributes: &BTreeMap<String, String>) -> Result<()> {
        let lacking = self.0.iter().find(|(name, a)| a.is_required && !attributes.contains_key(*name));
        lacking.map_or(Ok(()), |(name, _)| Err(unfit(name, "The attribute is required")))
    }

    /// Attributes that must be there and are not.
    pub(crate) fn lacking(&self, attributes: &BTreeMap<String, String>) -> Vec<String> {
        let lacking = self.0.iter().filter(|(name, a)| a.is_required && !attributes.contains_key(*name));
        lacking.map(|(name, _)| name.clone()).collect()
    }

    /// Refuses a change of what cannot change.
    pub(crate) fn check_change(&self, name: &str) -> Result<()> {
        match self.0.get(name) {
            Some(attribute) if !attribute.is_mutable => {
                Err(invalid(format!("user.{name}: Attribute cannot be updated.\n")))
            }
            _ if name == "sub" => Err(invalid("Cannot modify the non-mutable attribute sub")),
            _ => Ok(()),
        }
    }
}

impl Attribute {
    fn new(entry: &Value, is_standard: bool) -> Self {
        let text = &entry["StringAttributeConstraints"];
        let number = &entry["NumberAttributeConstraints"];
        let bound = |value: &Value, default| {
            value.as_f64().or_else(|| value.as_str()?.parse().ok()).unwrap_or(default)
        };
        let kind = match entry["AttributeDataType"].as_str() {
            Some("Number") => Kind::Number {
                least: bound(&number["MinValue"], f64::MIN),
                most: bound(&number["MaxValue"], f64::MAX),
            },
            Some("Boolean") => Kind::Boolean,
            Some("DateTime") => Kind::Time,
            _ => Kind::Text {
                shortest: whole(&text["MinLength"]).unwrap_or(0),
                longest: whole(&text["MaxLength"]).unwrap_or(LONGEST),
            },
        };
        let is_mutable = if entry["Mutable"].is_null() { is_standard } else { is_true(&entry["Mutable"]) };
        Self { kind, is_required: is_true(&entry["Required"]), is_mutable }
    }
}

impl Kind {
    fn check(&self, name: &str, value: &str) -> Result<()> {
        let length = value.chars().count() as u64;
        let told = match self {
            Self::Text { shortest, .. } if length < *shortest => {
                format!("String must be at least {shortest} characters long")
            }
            Self::Text { longest, .. } if length > *longest.min(&LONGEST) => {
                format!("String cannot be longer than {longest} characters")
            }
            Self::Number { least, most }
                if !value.parse::<f64>().is_ok_and(|n| (*least..=*most).contains(&n)) =>
            {
                "is not a number in the allowed range".to_owned()
            }
            Self::Boolean if !matches!(value, "true" | "false") => "is not a boolean".to_owned(),
            Self::Time if value.len() > 64 => "is not a time".to_owned(),
            _ => return Ok(()),
        };
        Err(unfit(name, &told))
    }
}

fn unfit(name: &str, why: &str) -> stack_builder_local_core::ApiError {
    invalid(format!("Attributes did not conform to the schema: {name}: {why}\n"))
}

/// Whether it is an address, as far as one can see.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else { return false };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"(),;:\\@".contains(c);
    let is_host =
        host.contains('.') && host.split('.').all(|label| !label.is_empty()) && host.chars().all(plain);
    text.len() <= 320 && !name.is_empty() && name.chars().all(plain) && is_host
}

/// Whether it is a telephone number as E.164 writes it.
pub(crate) fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn knows_addresses_and_numbers() {
        for good in ["a@b.c", "ann.o'hara+x@mail.example.org", "ä@b.de"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["", "a", "a@b", "@b.c", "a@.c", "a b@c.d", "a@b..c", "<a@b.c>", "a@b@c.d"] {
            assert!(!is_email(bad), "{bad}");
        }
        assert!(
            is_phone("+15555550100") && !is_phone("15555550100") && !is_phone("+1 555") && !is_phone("+")
        );
    }

    #[test]
    fn checks_what_the_template_says() {
        let schema = Schema::new(&json!([
            { "Name": "team", "AttributeDataType": "String", "Mutable": true,
              "StringAttributeConstraints": { "MinLength": "2", "MaxLength": "4" } },
            { "Name": "age", "AttributeDataType": "Number", "NumberAttributeConstraints": { "MinValue": "18" } },
            { "Name": "name", "Required": true },
        ]));
        let of = |name: &str, value: &str| BTreeMap::from([(name.to_owned(), value.to_owned())]);
        for (name, value) in [("custom:team", "abc"), ("custom:age", "18"), ("email_verified", "true")] {
            assert_eq!(schema.check(&of(name, value)), Ok(()), "{name}");
        }
        for (name, value) in
            [("custom:team", "a"), ("custom:team", "abcde"), ("custom:age", "17"), ("team", "abc")]
        {
            assert!(schema.check(&of(name, value)).is_err(), "{name}={value}");
        }
        assert!(schema.check_required(&of("email", "a@b.c")).is_err());
        assert!(schema.check_change("custom:age").is_err() && schema.check_change("custom:team").is_ok());
    }
}
