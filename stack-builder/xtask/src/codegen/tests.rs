//! The transformation as a whole, on small schemas.

use super::*;

#[track_caller]
fn check(schema: &Value, expect: &Value) {
    let mut facts = resource::facts("AWS::Test::Thing", schema);
    facts.sort_all_objects();
    let mut expect = expect.clone();
    expect.sort_all_objects();
    assert_eq!(facts, expect, "\n{facts}");
}

/// Checks what one property's schema becomes.
#[track_caller]
fn check_property(node: &Value, expect: &Value) {
    let facts = resource::facts("AWS::Test::Thing", &json!({ "properties": { "P": node } }));
    assert_eq!(&facts["p"]["P"], expect, "\n{facts}");
}

#[test]
fn scalars() {
    check_property(&json!({ "type": "string", "minLength": 0 }), &json!({ "t": "s" }));
    check_property(&json!({ "type": "string", "format": "date-time" }), &json!({ "t": "t" }));
    check_property(
        &json!({ "type": "integer", "format": "int64", "minimum": 0 }),
        &json!({ "t": "i", "c": { "mn": 0 } }),
    );
    check_property(&json!({ "type": ["boolean", "string"] }), &json!({ "t": "b" }));
    check_property(&json!({ "type": ["boolean", "null"] }), &json!({ "t": "b" }));
    check_property(&json!({ "type": ["object", "string"] }), &json!({ "t": "j" }));
    check_property(&json!({ "maxLength": 9 }), &json!({ "t": "s", "c": { "xl": 9 } }));
    check_property(
        &json!({ "format": "AWS::IAM::Role.Arn" }),
        &json!({ "t": "s", "c": { "f": "AWS::IAM::Role.Arn" } }),
    );
    check_property(&json!({}), &json!({ "t": "j" }));
}

#[test]
fn lists_and_maps() {
    check_property(
        &json!({ "type": "array", "maxItems": 2, "items": { "type": "string", "maxLength": 9 } }),
        &json!({ "t": ["a", "s"], "c": { "xi": 2, "el": { "xl": 9 } } }),
    );
    check_property(
        &json!({ "type": ["string", "array"], "items": { "type": "string" } }),
        &json!({ "t": ["a", "s"] }),
    );
    let tags = json!({ "type": ["object", "string"], "format": "json", "patternProperties": { "^a": { "type": "string" } } });
    check_property(&tags, &json!({ "t": ["m", "s"] }));
    let mut closed = tags;
    closed["additionalProperties"] = json!(false);
    check_property(&closed, &json!({ "t": ["m", "s"], "c": { "kp": "^a" } }));
    check_property(
        &json!({ "type": "object", "additionalProperties": { "type": "integer" } }),
        &json!({ "t": ["m", "i"] }),
    );
}

#[test]
fn unions() {
    let union = |branches: Value| json!({ "anyOf": branches });
    check_property(&union(json!([{ "type": "string" }, { "type": "integer" }])), &json!({ "t": "s" }));
    check_property(&union(json!([{ "type": "string" }, { "type": "object" }])), &json!({ "t": "j" }));
    check_property(
        &union(json!([{ "type": "string" }, { "type": "array", "items": { "type": "string" } }])),
        &json!({ "t": "j" }),
    );
    check_property(&union(json!([{ "enum": ["A"] }, { "type": "string" }])), &json!({ "t": "s" }));
    // A string with alternative formats stays a string.
    check_property(
        &json!({ "type": "string", "anyOf": [{ "format": "AWS::KMS::Key.Arn" }, {}] }),
        &json!({ "t": "s" }),
    );
}

#[test]
fn enums_are_named_after_their_property() {
    check(
        &json!({ "properties": {
            "Mode": { "type": "string", "enum": ["B", "A", "B"], "maxLength": 1 },
            "Flows": { "type": "array", "items": { "type": "string", "enum": ["X"] } },
            "Verdict": { "type": "string", "pattern": "^(yes|no)$" },
            "Choice": { "type": "string", "pattern": "^a$|^b$" },
            "Version": { "type": "string", "const": "V_1" },
            "Days": { "type": "integer", "enum": [1, 7] },
            "Word": { "type": "string", "pattern": "^(a|b)+$" },
        } }),
        &json!({
            "p": {
                "Mode": { "t": ["e", "Mode"] },
                "Flows": { "t": ["a", ["e", "Flow"]] },
                "Verdict": { "t": ["e", "Verdict"] },
                "Choice": { "t": ["e", "Choice"] },
                "Version": { "t": ["e", "Version"] },
                "Days": { "t": "i", "c": { "v": [1, 7] } },
                "Word": { "t": "s", "c": { "pat": "^(a|b)+$" } },
            },
            "e": { "Mode": ["A", "B"], "Flow": ["X"], "Verdict": ["no", "yes"], "Choice": ["a", "b"], "Version": ["V_1"] },
        }),
    );
}

#[test]
fn structs_may_hold_themselves_and_equal_enums_share_a_name() {
    let status = json!({ "type": "string", "enum": ["Off", "On"] });
    check(
        &json!({
            "properties": { "Statement": { "$ref": "#/definitions/Statement" }, "Status": status },
            "definitions": { "Statement": {
                "properties": {
                    "Not": { "$ref": "#/definitions/Statement" },
                    "Status": status,
                    "Inner": { "properties": { "Status": { "type": "string", "enum": ["Else"] } } },
                },
                "required": ["Status", "Gone"],
                "additionalProperties": false,
            } },
        }),
        &json!({
            "p": { "Statement": { "t": ["r", "Statement"] }, "Status": { "t": ["e", "Status"] } },
            "s": {
                "Statement": { "p": {
                    "Not": { "t": ["r", "Statement"] },
                    "Status": { "r": 1, "t": ["e", "Status"] },
                    "Inner": { "t": ["r", "Inner"] },
                } },
                "Inner": { "p": { "Status": { "t": ["e", "InnerStatus"] } } },
            },
            "e": { "Status": ["Off", "On"], "InnerStatus": ["Else"] },
        }),
    );
}

#[test]
fn names_do_not_depend_on_the_order_of_properties() {
    let (a, b) = (
        json!({ "properties": { "Mode": { "enum": ["1"] } } }),
        json!({ "properties": { "Mode": { "enum": ["2"] } } }),
    );
    let facts = |properties: Value| {
        let mut facts = resource::facts("AWS::Test::Thing", &json!({ "properties": properties }));
        facts.sort_all_objects();
        facts
    };
    assert_eq!(facts(json!({ "A": a, "B": b })), facts(json!({ "B": b, "A": a })));
}

#[test]
fn a_union_of_objects_is_a_struct_with_a_rule() {
    let branch = |name: &str| json!({ "type": "object", "properties": { name: { "type": "string" }, "Kind": { "type": "string" } }, "required": ["Kind", name] });
    check(
        &json!({ "properties": { "Source": { "oneOf": [branch("Code"), branch("Image")] } } }),
        &json!({
            "p": { "Source": { "t": ["r", "Source"] } },
            "s": { "Source": {
                "p": { "Code": { "t": "s" }, "Image": { "t": "s" }, "Kind": { "r": 1, "t": "s" } },
                "x": { "oneOf": [{ "required": ["Kind", "Code"] }, { "required": ["Kind", "Image"] }] },
            } },
        }),
    );
}

#[test]
fn read_only_properties_are_attributes() {
    check(
        &json!({
            "properties": { "Arn": { "type": "string" }, "Id": { "type": "string" }, "Name": { "type": "string" } },
            "required": ["Id"],
            "readOnlyProperties": ["/properties/Arn", "/properties/Id"],
        }),
        &json!({ "p": { "Id": { "r": 1, "t": "s" }, "Name": { "t": "s" } }, "a": { "Arn": "s", "Id": "s" } }),
    );
}

#[test]
fn marks_and_identity() {
    check(
        &json!({
            "properties": {
                "Name": { "type": "string" }, "Size": { "type": "integer" },
                "Tags": { "type": "object", "patternProperties": { "": { "type": "string" } } },
                "Inner": { "properties": { "Key": { "type": "string" } } },
            },
            "createOnlyProperties": ["/properties/Name", "/properties/Inner/Key"],
            "conditionalCreateOnlyProperties": ["/properties/Size"],
            "deprecatedProperties": ["/properties/Size"],
            "primaryIdentifier": ["/properties/Name"],
            "tagging": { "taggable": true, "tagProperty": "/properties/Tags" },
        }),
        &json!({
            "p": {
                "Name": { "o": 1, "t": "s" }, "Size": { "o": 2, "d": 1, "t": "i" },
                "Tags": { "t": ["m", "s"] }, "Inner": { "t": ["r", "Inner"] },
            },
            "s": { "Inner": { "p": { "Key": { "t": "s" } } } },
            "nco": ["Inner/Key"], "id": ["Name"], "tag": "Tags",
        }),
    );
}

#[test]
fn what_ref_returns_is_noted_where_it_differs() {
    let mut entry = json!({ "id": ["Name"] });
    add_reference(&mut entry, &["Name".to_owned()]);
    assert_eq!(entry, json!({ "id": ["Name"] }));
    add_reference(&mut entry, &["Arn".to_owned()]);
    assert_eq!(entry, json!({ "id": ["Name"], "ref": "Arn" }));
}

#[test]
fn unknown_options_are_refused() {
    let parse = |words: &[&str]| options(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
    assert_eq!(parse(&["--check"]).unwrap().mode, Mode::Check);
    assert_eq!(parse(&["--report", "x.txt"]).unwrap().report, Some(PathBuf::from("x.txt")));
    assert!(parse(&["--report"]).is_err());
    assert!(parse(&["--chek"]).unwrap_err().to_string().contains("hint:"));
}
