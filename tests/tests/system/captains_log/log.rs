//! The captain's log as a page reaches it.

use crate::deployed;
use crate::world::{Outputs, World};
use serde_json::{Value, json};
use stack_builder_tests::Response;
use std::time::{SystemTime, UNIX_EPOCH};

/// The deployed application.
pub(crate) struct Log<'a> {
    pub(crate) world: &'a World,
    pub(crate) outputs: &'a Outputs,
}

impl Log<'_> {
    /// Sends JSON, or what the headers say it is, to a path of the API.
    #[track_caller]
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
        self.world.http.send(method, &self.outputs.api(path), headers, body)
    }

    /// Logs in with what a page would send.
    #[track_caller]
    pub(crate) fn log_in(&self, user: &str, password: &str) -> Response {
        let body = json!({ "userName": user, "password": password }).to_string();
        self.send("POST", "/login", &[("content-type", "application/json")], &body)
    }

    /// Logs in, and gives the cookie as a browser sends it back.
    #[track_caller]
    pub(crate) fn cookie_of(&self, user: &str, password: &str) -> String {
        let answer = self.log_in(user, password);
        assert_eq!(answer.status, 200, "{answer:?}");
        let set = answer.header("set-cookie").expect("a cookie");
        set.split(';').next().unwrap_or_default().to_owned()
    }

    /// Asks for the log with this `cookie` header.
    #[track_caller]
    pub(crate) fn home(&self, cookie: &str, query: &str) -> Response {
        self.send("GET", &format!("/home{query}"), &[("cookie", cookie)], "")
    }

    /// What CloudFormation called a resource.
    #[track_caller]
    pub(crate) fn physical_id(&self, logical: &str) -> String {
        deployed::physical_id(self.world, "captains-log", logical)
    }

    /// Writes a session as the login would.
    #[track_caller]
    pub(crate) fn put_session(&self, id: &str, user: &str, begun: u64, ttl: &Value) {
        let item = json!({
            "session-id": {"S": id}, "userName": {"S": user}, "creationTime": {"N": begun.to_string()}, "ttl": ttl,
        });
        let put = json!({ "TableName": self.outputs.get("SessionsTable"), "Item": item });
        self.world.aws.call("dynamodb", "put_item", put);
    }

    /// All items of a table.
    #[track_caller]
    pub(crate) fn items(&self, table: &str) -> Vec<Value> {
        let found = self.world.aws.call("dynamodb", "scan", json!({ "TableName": table }));
        found["Items"].as_array().expect("items").clone()
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs()
}
