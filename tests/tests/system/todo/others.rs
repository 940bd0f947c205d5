//! What one user can do with the items of another: nothing, not even learn that there are any.

use super::items::{add, count, path};
use crate::user::User;
use serde_json::json;

/// Tries every method on another user's item, and another user's cursor.
#[track_caller]
pub(crate) fn have_lists_of_their_own(user: &User<'_>, other: &User<'_>) {
    let items = [add(user, "Write the report"), add(user, "Send the report")];
    let item = path(&items[0]);
    let body = json!({ "item": "Mine now", "completed": true, "cognito-username": user.sub });
    for (method, path) in [("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/done")] {
        let (known, unknown) = (format!("{item}{path}"), format!("/item/unknown{path}"));
        let (answer, expected) = (other.send(method, &known, &body), other.send(method, &unknown, &body));
        assert_eq!((answer.status, &answer.body), (404, &expected.body), "{method} {path}");
    }
    assert_eq!(other.ask("GET", "/item").json(), json!({ "items": [], "next": null }));
    assert_eq!(user.ask("GET", &item).json(), items[0], "nothing has become of it");
    assert_eq!(count(user), 2);
    keep_their_cursors(user, other);
    for item in items {
        assert_eq!(user.ask("DELETE", &path(&item)).status, 204);
    }
}

#[track_caller]
fn keep_their_cursors(user: &User<'_>, other: &User<'_>) {
    let page = user.ask("GET", "/item?limit=1").json();
    let cursor = page["next"].as_str().expect("a second page");
    for (user, cursor, status) in
        [(user, cursor.to_owned(), 200), (other, cursor.to_owned(), 400), (user, format!("A{cursor}"), 400)]
    {
        assert_eq!(user.ask("GET", &format!("/item?next={cursor}")).status, status, "{cursor}");
    }
}
