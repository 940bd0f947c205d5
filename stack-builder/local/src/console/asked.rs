//! What a request asks for in its query string.

use percent_encoding::percent_decode_str;
use serde_json::Value;
use stack_builder_local_core::{Request, Response, full, text};
use std::collections::BTreeMap;

/// The parameters, decoded.
pub(super) struct Asked(BTreeMap<String, String>);

/// Why there is no answer: a status and a sentence for people.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused(pub(super) u16, pub(super) String);

/// An answer, or why there is none.
pub(super) type Shown = Result<Value, Refused>;

impl Asked {
    /// Reads the query string; of a name that comes twice the last one counts.
    pub(super) fn of(request: &Request) -> Self {
        let pairs = request.uri().query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        };
        Self(pairs.map(pair).collect())
    }

    /// A parameter; empty when it is not there.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// A parameter that must be there.
    pub(super) fn required(&self, name: &str) -> Result<&str, Refused> {
        let given = Some(self.text(name)).filter(|value| !value.is_empty());
        given.ok_or_else(|| Refused(400, format!("the parameter `{name}` is missing")))
    }

    /// A number; 0 when it is not there.
    pub(super) fn number(&self, name: &str) -> Result<u64, Refused> {
        match self.text(name) {
            "" => Ok(0),
            given => given.parse().map_err(|_| Refused(400, format!("`{name}` is no number"))),
        }
    }

    /// How many to show: `limit`, or `usual` when it is not said, and never more than `most`.
    pub(super) fn limit(&self, usual: usize, most: usize) -> Result<usize, Refused> {
        Ok(match usize::try_from(self.number("limit")?).unwrap_or(most) {
            0 => usual,
            wanted => wanted.min(most),
        })
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// An answer as it goes out.
pub(super) fn answer(shown: Shown) -> Response {
    match shown {
        Ok(value) => full(200, "application/json", value.to_string()),
        Err(Refused(status, why)) => text(status, why + "\n"),
    }
}

/// The beginning of a text that may be very long.
pub(super) fn clipped(text: &str, longest: usize) -> String {
    match text.floor_char_boundary(longest) {
        end if end < text.len() => format!("{}…", &text[..end]),
        _ => text.to_owned(),
    }
}
