//! The transformation as a whole, on small schemas, and laws that all checked-in facts obey.

use super::*;

#[track_caller]
fn check(schema: &Value, expect: &Value) {
    let mut facts = resource::facts("AWS::Test::Thing", schema);
    facts.sort_all_objects();
    let mut expect = expect.clone();
    expect.sort_all_objects();
    assert_eq!(facts, expect, "\n{facts}");
}
