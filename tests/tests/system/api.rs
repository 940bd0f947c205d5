//! An API as its clients reach it.

use crate::world::{Outputs, World};
use stack_builder_tests::Response;

/// An API, and the key it wants of every client when it is not open to all.
pub(crate) struct Api<'a> {
    pub(crate) world: &'a World,
    pub(crate) outputs: &'a Outputs,
    /// Where it is, without a final slash.
    pub(crate) url: String,
    pub(crate) key: Option<String>,
}

impl<'a> Api<'a> {
    /// The API that the outputs name, open to all.
    pub(crate) fn of(world: &'a World, outputs: &'a Outputs) -> Self {
        Self { world, outputs, url: outputs.api(""), key: None }
    }

    /// Sends a request, with the key and no more than that.
    #[track_caller]
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
        let mut headers = headers.to_vec();
        headers.extend(self.key.as_deref().map(|key| ("x-api-key", key)));
        self.world.http.send(method, &format!("{}{path}", self.url), &headers, body)
    }

    /// Sends a request as whoever the token names.
    #[track_caller]
    pub(crate) fn send_as(&self, token: &str, method: &str, path: &str, body: &str) -> Response {
        let token = format!("Bearer {token}");
        let headers = [("authorization", token.as_str()), ("content-type", "application/json")];
        self.send(method, path, &headers, body)
    }
}
