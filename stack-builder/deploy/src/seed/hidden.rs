//! Text that must not be shown.

use crate::Error;
use std::fmt;

/// A password or secret.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Hidden(pub(crate) String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl Hidden {
    /// `error` without this text, which a service may quote.
    pub(crate) fn taken_out_of(&self, error: Error) -> Error {
        let clean = |message: String| {
            if self.0.is_empty() { message } else { message.replace(&self.0, "(hidden)") }
        };
        match error {
            Error::Service { action, code, message, request_id } => {
                Error::Service { action, code, message: clean(message), request_id }
            }
            Error::AccessDenied { action, message } => {
                Error::AccessDenied { action, message: clean(message) }
            }
            Error::NotAws { endpoint, action, detail } => {
                Error::NotAws { endpoint, action, detail: clean(detail) }
            }
            error => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_debug_nor_an_error_shows_it() {
        let hidden = Hidden("KHAAAN!!!".to_owned());
        assert_eq!(format!("{hidden:?}"), "(hidden)");
        let error = Error::Service {
            action: "cognito-idp:AdminSetUserPassword",
            code: "InvalidPasswordException".to_owned(),
            message: "Value 'KHAAAN!!!' is too short".to_owned(),
            request_id: "1".to_owned(),
        };
        let error = hidden.taken_out_of(error);
        assert!(!error.to_string().contains("KHAAAN"), "{error}");
        assert!(error.to_string().contains("Value '(hidden)' is too short"));
    }
}
