//! Codes that are mailed: made, limited, checked once.

use crate::errors::{Result, expired_code, invalid, too_often, wrong_code};
use crate::pool::Pool;
use crate::random::{digits, same};
use crate::user::{Code, Purpose, User};
use serde_json::{Value, json};

const HOUR: u64 = 3600;
/// Codes for one user in an hour.
const MOST_ASKED: usize = 20;
/// Wrong guesses of one code.
const MOST_MISSES: u32 = 5;

/// Where a code went, as the API tells it.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) attribute: String,
    to: String,
}

impl Delivery {
    pub(crate) fn new(attribute: &str, to: &str) -> Self {
        Self { attribute: attribute.to_owned(), to: to.to_owned() }
    }

    /// The shape `CodeDeliveryDetailsType`.
    pub(crate) fn shape(&self) -> Value {
        let medium = if self.attribute == "phone_number" { "SMS" } else { "EMAIL" };
        json!({ "AttributeName": self.attribute, "DeliveryMedium": medium, "Destination": self.masked() })
    }

    /// The address with all but its beginnings hidden.
    pub(crate) fn masked(&self) -> String {
        let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
        if let Some((name, host)) = self.to.split_once('@') {
            return format!("{}***@{}***", first(name), first(host));
        }
        let kept = self.to.len().saturating_sub(4);
        format!("+{}{}", "*".repeat(kept.saturating_sub(1)), self.to.get(kept..).unwrap_or_default())
    }
}

/// Makes a code for the user and mails it. The user is still to be saved.
pub(crate) fn send(pool: &Pool, user: &mut User, purpose: Purpose, attribute: &str) -> Result<Delivery> {
    let Some(to) = user.attributes.get(attribute).cloned() else {
        return Err(invalid(format!("User does not have an {attribute} to send a code to.")));
    };
    let now = pool.now();
    user.asked.retain(|asked| now < asked + HOUR);
    if user.asked.len() >= MOST_ASKED {
        return Err(too_often());
    }
    user.asked.push(now);
    let lasts = if purpose == Purpose::Password { HOUR } else { 24 * HOUR };
    let code = Code { digits: digits(), until: now + lasts, misses: 0, attribute: attribute.to_owned() };
    let template = &pool.definition.verification;
    let text = template.text.replace("{####}", &code.digits).replace("{username}", &user.username);
    pool.world.journal.mail(&to, &template.subject, &text, Some(&code.digits));
    user.codes.insert(purpose, code);
    Ok(Delivery::new(attribute, &to))
}

/// Checks a code and uses it up; the attribute that it was sent to is proved by it.
pub(crate) fn redeem(pool: &Pool, user: &mut User, purpose: Purpose, given: &str) -> Result<String> {
    let code = user.codes.get_mut(&purpose).ok_or_else(expired_code)?;
    if code.misses >= MOST_MISSES {
        return Err(too_often());
    }
    if !same(code.digits.as_bytes(), given.trim().as_bytes()) {
        code.misses += 1;
        return Err(wrong_code());
    }
    let code = user.codes.remove(&purpose).filter(|code| pool.now() < code.until);
    let attribute = code.ok_or_else(expired_code)?.attribute;
    user.attributes.insert(format!("{attribute}_verified"), "true".to_owned());
    Ok(attribute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_by_its_beginnings() {
        let masked = |attribute, to| Delivery::new(attribute, to).masked();
        assert_eq!(masked("email", "ann@example.org"), "a***@e***");
        assert_eq!(masked("phone_number", "+15555550100"), "+*******0100");
        assert_eq!(masked("phone_number", "+1"), "++1");
    }
}
