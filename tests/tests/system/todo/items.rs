//! A user's items, from the first to the last.

use crate::user::User;
use serde_json::{Value, json};

/// Adds an item; expects it to be as it was sent.
#[track_caller]
pub(crate) fn add(user: &User<'_>, item: &str) -> Value {
    let answer = user.send("POST", "/item", &json!({ "item": item }));
    assert_eq!((answer.status, answer.json()["item"].as_str()), (201, Some(item)), "{answer:?}");
    answer.json()
}

/// The path of an item.
pub(crate) fn path(item: &Value) -> String {
    format!("/item/{}", item["id"].as_str().expect("an id"))
}

/// How many items the table holds, of all users.
#[track_caller]
pub(crate) fn count(user: &User<'_>) -> u64 {
    let table = json!({ "TableName": user.api.outputs.table(), "ConsistentRead": true });
    user.api.world.aws.call("dynamodb", "scan", table)["Count"].as_u64().expect("a count")
}

#[track_caller]
fn expect(user: &User<'_>, method: &str, path: &str, status: u16) -> Value {
    let answer = user.ask(method, path);
    assert_eq!(answer.status, status, "{method} {path}: {answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{method} {path}: {answer:?}");
    if answer.body.is_empty() { Value::Null } else { answer.json() }
}

/// The life of one item. The list is empty before and after.
#[track_caller]
pub(crate) fn are_added_read_changed_and_deleted(user: &User<'_>) {
    let empty = json!({ "items": [], "next": null });
    assert_eq!(expect(user, "GET", "/item", 200), empty);
    let item = adds_an_item(user);
    let path = path(&item);
    assert_eq!(expect(user, "GET", &path, 200), item);
    assert_eq!(expect(user, "GET", "/item", 200), json!({ "items": [item], "next": null }));

    let changed = rewrites_it(user, &path, &item);
    marks_it_as_done(user, &path, &changed);
    makes_nothing_of_an_unknown_id(user);

    assert_eq!(expect(user, "DELETE", &path, 204), Value::Null);
    for method in ["DELETE", "GET"] {
        expect(user, method, &path, 404);
    }
    assert_eq!((expect(user, "GET", "/item", 200), count(user)), (empty, 0));
}

/// Id, dates and owner are not the caller's to choose.
#[track_caller]
fn adds_an_item(user: &User<'_>) -> Value {
    let body = json!({
        "item": "  Buy milk & <b>bread</b>, 報告書 🥛 ", "id": "mine", "creation_date": "1970-01-01T00:00:00Z",
        "cognito-username": "somebody-else", "userName": "somebody-else", "owner": "somebody-else",
    });
    let answer = user.send("POST", "/item", &body);
    assert_eq!(answer.status, 201, "{answer:?}");
    let item = answer.json();
    let mut fields: Vec<_> = item.as_object().expect("an item").keys().collect();
    fields.sort();
    assert_eq!(fields, ["completed", "creation_date", "id", "item", "lastupdate_date"]);
    assert_eq!(item["item"], "Buy milk & <b>bread</b>, 報告書 🥛");
    assert_eq!((&item["completed"], &item["lastupdate_date"]), (&json!(false), &item["creation_date"]));
    assert!(item["id"] != "mine" && item["creation_date"].as_str() > Some("2026"), "{item}");

    let key = json!({ "cognito-username": { "S": user.sub }, "id": { "S": item["id"] } });
    let asked = json!({ "TableName": user.api.outputs.table(), "Key": key });
    let stored = user.api.world.aws.call("dynamodb", "get_item", asked);
    assert_eq!(stored["Item"]["item"]["S"], item["item"], "{stored}");
    assert_eq!(count(user), 1);
    item
}

#[track_caller]
fn rewrites_it(user: &User<'_>, path: &str, item: &Value) -> Value {
    let answer = user.send("PUT", path, &json!({ "item": "Buy tea", "completed": true, "id": "another" }));
    assert_eq!(answer.status, 200, "{answer:?}");
    let changed = answer.json();
    assert_eq!((&changed["item"], &changed["completed"]), (&json!("Buy tea"), &json!(true)));
    for kept in ["id", "creation_date"] {
        assert_eq!(changed[kept], item[kept], "`{kept}` of {changed}");
    }
    assert!(changed["lastupdate_date"].as_str() >= item["lastupdate_date"].as_str(), "{changed}");
    assert_eq!(expect(user, "GET", path, 200), changed);

    let back = user.send("PUT", path, &json!({ "item": "Buy tea", "completed": false })).json();
    assert_eq!(back["completed"], false, "{back}");
    changed
}

#[track_caller]
fn marks_it_as_done(user: &User<'_>, path: &str, item: &Value) {
    for time in ["first", "second"] {
        let done = expect(user, "POST", &format!("{path}/done"), 200);
        assert_eq!((&done["item"], &done["completed"]), (&item["item"], &json!(true)), "the {time} time");
        assert_eq!(expect(user, "GET", path, 200), done);
    }
}

#[track_caller]
fn makes_nothing_of_an_unknown_id(user: &User<'_>) {
    let before = count(user);
    let body = json!({ "item": "From nowhere", "completed": false });
    for (method, path) in [("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/done")] {
        let answer = user.send(method, &format!("/item/unknown{path}"), &body);
        assert_eq!(
            (answer.status, answer.json()["error"]["code"].as_str()),
            (404, Some("not_found")),
            "{method}"
        );
    }
    assert_eq!(count(user), before);
}

/// However long a page is, all pages make up the list, in one order.
#[track_caller]
pub(crate) fn come_in_pages(user: &User<'_>) {
    let mut all: Vec<Value> = (1..=5).map(|number| add(user, &format!("Item {number}"))).collect();
    all.sort_by_key(|item| item["id"].as_str().map(str::to_owned));
    for limit in [1, 2, 3, 5, 100] {
        assert_eq!(pages(user, limit), all, "{limit} at a time");
    }
    for query in
        ["limit=0", "limit=101", "limit=-1", "limit=%2B5", "limit=x", "limit=", "next=", "next=x", "next=%00"]
    {
        expect(user, "GET", &format!("/item?{query}"), 400);
    }
    assert_eq!(expect(user, "GET", "/item?unknown=1", 200)["items"], json!(all));
    for item in all {
        expect(user, "DELETE", &path(&item), 204);
    }
}

#[track_caller]
fn pages(user: &User<'_>, limit: usize) -> Vec<Value> {
    let (mut items, mut next) = (Vec::new(), String::new());
    loop {
        let page = expect(user, "GET", &format!("/item?limit={limit}{next}"), 200);
        let found = page["items"].as_array().expect("items");
        assert!((1..=limit).contains(&found.len()), "{page}");
        items.extend(found.iter().cloned());
        let Some(cursor) = page["next"].as_str() else { return items };
        next = format!("&next={cursor}");
    }
}
