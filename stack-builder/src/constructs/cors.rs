//! Which pages may call an API from a browser.

use stack_builder_cfn::{IntoValue, List, Value};

/// Which pages of other origins may call an API from a browser.
#[derive(Clone, Debug)]
pub struct Cors {
    pub(super) origins: Value<List<String>>,
    pub(super) headers: Vec<String>,
}

impl Cors {
    /// Pages of these origins, such as `https://example.org`, may send JSON and a token.
    pub fn origins(origins: impl IntoValue<List<String>>) -> Self {
        let headers = ["authorization", "content-type"].map(str::to_owned);
        Self { origins: origins.into_value(), headers: headers.into() }
    }

    /// They may send the header `name` too.
    pub fn header(mut self, name: &str) -> Self {
        self.headers.push(name.to_owned());
        self
    }
}
