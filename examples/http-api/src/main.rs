//! A table behind an HTTP API that asks for a token.
//!
//! `RestApi` in place of `HttpApi`, and `users.cognito_authorizer()` in place of the authorizer, is all it takes to
//! change the kind of API. To package it, write the binaries `notes-list` and `notes-add`, as in the `handlers` crate.

use stack_builder::{App, Function, HttpApi, SignIn, Stack, Table, UserPool, get};
use std::process::ExitCode;

fn main() -> ExitCode {
    App::new("notes").stack("notes", notes).synth()
}

fn notes(stack: &mut Stack) {
    stack.describe("Signed-in users keep notes");
    let table = stack.add("Table", Table::keyed_by("owner").sorted_by("id"));
    let users = stack.add("Users", UserPool::sign_in_with(SignIn::Email));
    let browser = stack.add("Browser", users.client());
    let function = |bin| Function::rust(bin).env("TABLE_NAME", table.name());
    let list = stack.add("List", function("notes-list").grant(table.read()));
    let add = stack.add("Add", function("notes-add").grant(table.allow(["dynamodb:PutItem"])));
    let api = stack.add(
        "Api",
        HttpApi::new().authorizer(users.authorizer(&browser)).route("/notes", get(&list).post(&add)),
    );
    stack.output("Url", api.url());
}
