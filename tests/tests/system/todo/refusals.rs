//! What is no item, no id and no route.

use super::items::{add, count, path};
use crate::user::User;
use serde_json::{Value, json};

/// Bodies that no item can be made of, neither a new one nor another.
#[track_caller]
pub(crate) fn of_bodies(user: &User<'_>) {
    let item = add(user, "Stay as it is");
    let before = count(user);
    for body in bodies() {
        for (method, path) in [("POST", "/item"), ("PUT", &*path(&item))] {
            let answer = user.api.send_as(&user.tokens.id, method, path, &body);
            assert_eq!(answer.status, 400, "{method} {body:.60}: {answer:?}");
            answer.json();
        }
    }
    for field in ["item", "completed"] {
        let mut body = json!({ "item": "Half", "completed": true });
        body.as_object_mut().expect("an object").remove(field);
        assert_eq!(user.send("PUT", &path(&item), &body).status, 400, "a PUT without `{field}`");
    }
    of_oversized_bodies(user);
    assert_eq!((count(user), user.ask("GET", &path(&item)).json()), (before, item.clone()));
    assert_eq!(user.ask("DELETE", &path(&item)).status, 204);
}

fn bodies() -> Vec<String> {
    let item = |item: Value| json!({ "item": item, "completed": false }).to_string();
    let texts = ["", " ", "a\nb", "a\0b", "\u{1b}[2J", "a\u{85}b"].map(|text| item(json!(text)));
    let values = [json!(null), json!(7), json!(true), json!(["x"]), json!({ "S": "x" })].map(item);
    let flags = [json!("true"), json!(1), json!([])];
    let flags = flags.map(|flag| json!({ "item": "x", "completed": flag }).to_string());
    let no_objects = ["", "[]", "null", "7", "\"x\"", "{", "{\"item\":", "item=x", "<item>x</item>", "{}"];
    let mut all = vec![item(json!("x".repeat(1001))), json!({ "completed": true }).to_string()];
    all.extend(texts.into_iter().chain(values).chain(flags));
    all.extend(no_objects.map(str::to_owned));
    all
}

/// The longest item is taken, whatever its characters are; a body that could hold none is not read.
#[track_caller]
fn of_oversized_bodies(user: &User<'_>) {
    let longest = add(user, &"報".repeat(1000));
    assert_eq!(user.ask("DELETE", &path(&longest)).status, 204);
    for length in [20_000, 1_000_000] {
        let body = json!({ "item": "x", "completed": false, "more": "x".repeat(length) });
        let answer = user.send("POST", "/item", &body);
        assert_eq!((answer.status, answer.json()["error"]["code"].as_str()), (413, Some("body_too_large")));
    }
    let token = format!("Bearer {}", user.tokens.id);
    let form = [("authorization", &*token), ("content-type", "application/x-www-form-urlencoded")];
    let answer = user.api.send("POST", "/item", &form, r#"{"item":"x"}"#);
    assert_eq!(answer.status, 415, "{answer:?}");
}

/// Ids that break the pattern reach no table.
#[track_caller]
pub(crate) fn of_ids(user: &User<'_>) {
    let long = "x".repeat(65);
    let body = json!({ "item": "x", "completed": false });
    for id in [
        "..%2f",
        "%2e%2e",
        "%C3%A4",
        "%00",
        "%E2%80%AE",
        "a%20b",
        "a.b",
        "a+b",
        "%25",
        "a%22",
        "~",
        "*",
        "$",
        &long,
    ] {
        for (method, path) in [("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/done")] {
            let answer = user.send(method, &format!("/item/{id}{path}"), &body);
            assert_eq!(answer.status, 400, "{method} {id}: {answer:?}");
            assert!(answer.json()["error"]["fields"]["id"].is_string(), "{method} {id}: {answer:?}");
        }
    }
    for id in ["x".repeat(64), "-".to_owned(), "_".to_owned(), "A-z_0".to_owned()] {
        assert_eq!(user.ask("GET", &format!("/item/{id}")).status, 404, "{id} might be one");
    }
}

/// Whatever is no route is a 404 in JSON, with a token or without; pages of other origins are told nothing.
#[track_caller]
pub(crate) fn of_paths_and_methods(user: &User<'_>) {
    let paths = ["", "/", "/nothing", "/ITEM", "/items", "/item/x/y", "/item/x/done/x", "/item/x/DONE"];
    let unknown = paths.map(|path| ("GET", path));
    let methods = [
        ("PATCH", "/item"),
        ("DELETE", "/item"),
        ("PUT", "/item"),
        ("POST", "/item/x"),
        ("GET", "/item/x/done"),
        ("DELETE", "/item/x/done"),
        ("OPTIONS", "/item"),
        ("OPTIONS", "/item/x"),
    ];
    for (method, path) in unknown.into_iter().chain(methods) {
        let origin = ("origin", "https://elsewhere.example");
        let token = format!("Bearer {}", user.tokens.id);
        for headers in [&[origin][..], &[origin, ("authorization", &token)]] {
            let answer = user.api.send(method, path, headers, "");
            assert_eq!(
                (answer.status, answer.json()),
                (404, json!({ "message": "Not Found" })),
                "{method} {path}"
            );
            let told = answer.headers.iter().find(|(name, _)| name.starts_with("access-control-"));
            assert_eq!(told, None, "{method} {path}");
        }
    }
}
