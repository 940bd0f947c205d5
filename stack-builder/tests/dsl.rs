//! What the constructs make of a description, and where they say a mistake is.
#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use serde_json::{Value as Json, json};
use stack_builder::cfn::{Parameter, s3, sqs};
use stack_builder::{
    App, Architecture, Bucket, Construct, Cors, Function, HttpApi, LogicalId, RemovalPolicy, ResourceRef,
    Scope, SignIn, Stack, Stage, StaticSite, Table, TableRef, UserPool, get, post,
};
use stack_builder_assembly::Manifest;
use std::fs;

/// Synthesizes one stack for the stage `dev`.
fn synth(name: &str, describe: impl FnOnce(&mut Stack) + 'static) -> (Manifest, Json) {
    let folder = tempfile::tempdir().unwrap();
    let app = App::new("app").stack(name, describe);
    let manifest = app.synth_to(folder.path(), &Stage::new("dev"), &[]).unwrap();
    let template = fs::read_to_string(folder.path().join(format!("{name}.template.json")));
    let template = template.map_or(Json::Null, |text| serde_json::from_str(&text).unwrap());
    (manifest, template)
}

/// The template of a stack that has nothing wrong with it.
#[track_caller]
fn template(describe: impl FnOnce(&mut Stack) + 'static) -> Json {
    let (manifest, template) = synth("notes", describe);
    assert_eq!(manifest.diagnostics, []);
    template
}

/// Checks the findings: code and place in the template, and the line's text from the column on.
#[track_caller]
fn check_findings(describe: impl FnOnce(&mut Stack) + 'static, expect: &[(&str, &str)]) {
    let (manifest, _) = synth("notes", describe);
    let here = include_str!("dsl.rs").lines().collect::<Vec<_>>();
    let found: Vec<_> = manifest
        .diagnostics
        .iter()
        .map(|found| {
            let source = found.source.as_ref().expect("a line");
            assert!(source.file.ends_with("tests/dsl.rs"), "{source} is not the user's");
            let line = here[source.line as usize - 1];
            let text = &line[source.column as usize - 1..];
            (format!("{} {}", found.code, found.path.as_deref().unwrap_or_default()), text)
        })
        .collect();
    assert_eq!(found.len(), expect.len(), "{found:#?}");
    for ((place, text), (expected_place, begin)) in found.iter().zip(expect) {
        assert_eq!(place, expected_place);
        assert!(text.starts_with(begin), "{place} is said to stand at {text:?}");
    }
}

fn resource<'a>(template: &'a Json, id: &str) -> &'a Json {
    let resource = &template["Resources"][id];
    assert!(resource.is_object(), "there is no `{id}`");
    resource
}

/// The statements of a function's role, without the first, which lets it log.
fn granted(template: &Json, role: &str) -> Vec<Json> {
    let policies = &resource(template, role)["Properties"]["Policies"];
    policies[0]["PolicyDocument"]["Statement"].as_array().unwrap()[1..].to_vec()
}

#[test]
fn a_mistake_is_shown_at_the_users_line_even_below_a_construct() {
    check_findings(
        |stack| {
            stack.add("Data", Bucket::new().l1(|bucket| bucket.bucket_name("Not_A_Name")));
            stack.add("Work", Function::rust("work").memory(20_000_000).log_retention(31));
        },
        &[
            ("pattern Data.BucketName", r#"bucket_name("Not_A_Name")"#),
            ("not-allowed WorkLogs.RetentionInDays", "log_retention(31)"),
            ("out-of-range Work.MemorySize", "memory(20_000_000)"),
        ],
    );
}

#[test]
fn what_only_the_construct_knows_is_shown_where_the_route_is() {
    check_findings(
        |stack| {
            let list = stack.add("List", Function::rust("list"));
            stack.add("Api", HttpApi::new().route("files", get(&list)).route("/files", get(&list)));
        },
        &[("illegal-route Api", "get(&list)).route("), ("illegal-route Api", "get(&list)));")],
    );
}

#[test]
fn a_variable_of_lambdas_own_is_shown_where_it_was_set() {
    check_findings(
        |stack| {
            let work = Function::rust("work").env("AWS_REGION", "eu-west-1").env("AWS_REGIONS", "eu-west-1");
            let work = work.env("_HANDLER", "x").env("TABLE", "b");
            stack.add("Work", work);
        },
        &[
            ("reserved-variable Work.Environment.Variables.AWS_REGION", r#"env("AWS_REGION","#),
            ("reserved-variable Work.Environment.Variables._HANDLER", r#"env("_HANDLER""#),
        ],
    );
}

#[test]
fn a_wrong_variable_is_shown_where_it_was_set() {
    check_findings(
        |stack| {
            let gone = s3::BucketRef::from_logical_id(LogicalId::new("Gone"));
            stack.add("Work", Function::rust("work").env("A", "a").env("QUEUE", gone.arn()));
        },
        &[
            ("dangling-reference Work.Environment.Variables.QUEUE", r#"env("QUEUE""#),
            ("pattern Work.Environment.Variables.A", r#"env("A""#),
        ],
    );
}

#[test]
fn a_name_that_stands_twice_is_one_mistake() {
    check_findings(
        |stack| {
            stack.add("Site", StaticSite::from_dir("site"));
            stack.add("Site", StaticSite::from_dir("other"));
            stack.add("Queue", sqs::Queue::new());
            stack.add("Queue", sqs::Queue::new());
        },
        &[
            ("repeated-name Site", r#"add("Site", StaticSite::from_dir("other"))"#),
            ("repeated-name Queue", r#"add("Queue""#),
        ],
    );
    check_findings(
        |stack| {
            stack.add("Work", Function::rust("work"));
            stack.add("WorkRole", sqs::Queue::new());
        },
        &[("repeated-name WorkRole", "sqs::Queue::new())")],
    );
}

#[test]
fn two_binaries_cannot_share_an_archive() {
    check_findings(
        |stack| {
            stack.add("A", Function::rust("x").architecture(Architecture::Arm64));
            stack.add("B", Function::rust("x-arm64"));
        },
        &[("repeated-name B", r#"add("B""#)],
    );
}

#[test]
fn a_stack_name_that_leads_out_of_the_folder_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    let describe = |stack: &mut Stack| {
        stack.add("Q", sqs::Queue::new());
    };
    for name in ["../evil", "a/b", "", &"n".repeat(300)] {
        let app = App::new("app").stack(name, describe);
        let manifest = app.synth_to(&inner, &Stage::new("dev"), &[]).unwrap();
        assert_eq!(manifest.diagnostics[0].code, "illegal-name", "{name:?}");
        assert!(manifest.stacks.is_empty());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{name:?}");
        assert_eq!(fs::read_dir(&inner).unwrap().count(), 1, "{name:?}");
    }
}

#[test]
fn only_the_chosen_stacks_are_described_and_an_unknown_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::new("app").stack("one", |_| panic!("not chosen")).stack("two", |stack| {
        stack.add("Q", sqs::Queue::new());
    });
    let manifest = app.synth_to(folder.path(), &Stage::new("dev"), &["two", "three"]).unwrap();
    assert_eq!(manifest.stacks.len(), 1);
    assert_eq!(
        (manifest.stacks[0].name.as_str(), manifest.stacks[0].stack_name.as_str()),
        ("two", "two-dev")
    );
    assert_eq!(manifest.diagnostics[0].code, "unknown-stack");
    assert_eq!(manifest.diagnostics[0].hint.as_deref(), Some("it has one, two"));
}

#[test]
fn a_function_may_do_what_it_was_granted_and_no_more() {
    let template = template(|stack| {
        let table = stack.add("Table", Table::keyed_by("id"));
        let elsewhere = TableRef::from_name("old");
        let work = Function::rust("work").grant(table.allow(["dynamodb:PutItem"])).grant(elsewhere.read());
        stack.add("Work", work);
        stack.add("Idle", Function::rust("idle"));
    });
    assert!(granted(&template, "IdleRole").is_empty());
    let [write, read] = &granted(&template, "WorkRole")[..] else { panic!("two statements") };
    let table = json!({"Fn::GetAtt": ["Table", "Arn"]});
    assert_eq!(*write, json!({"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": table}));
    assert_eq!(
        read["Resource"],
        json!({"Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/old"})
    );
    let log = &resource(&template, "IdleRole")["Properties"]["Policies"][0]["PolicyDocument"]["Statement"][0];
    assert_eq!(log["Resource"], json!({"Fn::GetAtt": ["IdleLogs", "Arn"]}));
}

#[test]
fn data_stays_unless_said_otherwise() {
    let template = template(|stack| {
        stack.add("Kept", Table::keyed_by("id"));
        stack.add("Files", Bucket::new());
        stack.add("Users", UserPool::sign_in_with(SignIn::Email));
        stack.add("Gone", Table::keyed_by("id").removal_policy(RemovalPolicy::Delete));
    });
    for id in ["Kept", "Files", "Users"] {
        assert_eq!(resource(&template, id)["DeletionPolicy"], "RetainExceptOnCreate", "{id}");
        assert_eq!(resource(&template, id)["UpdateReplacePolicy"], "Retain", "{id}");
    }
    assert_eq!(resource(&template, "Gone")["DeletionPolicy"], "Delete");
}

#[test]
fn an_authorizer_guards_every_route_but_the_public_ones() {
    let template = template(|stack| {
        let users = stack.add("Users", UserPool::sign_in_with(SignIn::Email));
        let browser = stack.add("Browser", users.client());
        let work = stack.add("Work", Function::rust("work"));
        let api = HttpApi::new()
            .authorizer(users.authorizer(&browser))
            .cors(Cors::origins(["https://example.org"]))
            .route("/items", get(&work).post(&work))
            .route("/health", get(&work).public());
        stack.add("Api", api);
        stack.add("Open", HttpApi::new().route("/hook", post(&work)));
    });
    let kind = |id: &str| resource(&template, id)["Properties"]["AuthorizationType"].clone();
    assert_eq!([kind("ApiGetItems"), kind("ApiPostItems")], ["JWT", "JWT"]);
    assert_eq!([kind("ApiGetHealth"), kind("OpenPostHook")], ["NONE", "NONE"]);
    let cors = &resource(&template, "Api")["Properties"]["CorsConfiguration"];
    assert_eq!(cors["AllowMethods"], json!(["GET", "POST", "OPTIONS"]));
    let integrations = template["Resources"].as_object().unwrap().values();
    let integrations = integrations.filter(|r| r["Type"] == "AWS::ApiGatewayV2::Integration").count();
    assert_eq!(integrations, 2, "one for each function of an API");
}

#[test]
fn the_resource_under_a_construct_can_be_changed() {
    let template = template(|stack| {
        stack.add("Data", Bucket::new().l1(|bucket| bucket.object_lock_enabled(true)));
        stack.add("Api", HttpApi::new().l1(|api| api.name("mine")));
        let stage = stack.template_mut().resource_mut(&LogicalId::new("ApiStage")).unwrap();
        stage.definition.properties.set("Description", stack_builder::cfn::Node::text("reached"));
    });
    assert_eq!(resource(&template, "Data")["Properties"]["ObjectLockEnabled"], true);
    assert_eq!(resource(&template, "Api")["Properties"]["Name"], "mine");
    assert_eq!(resource(&template, "ApiStage")["Properties"]["Description"], "reached");
}

/// A construct of a user's own.
struct Pair;

impl Construct for Pair {
    type Handle = (s3::BucketRef, s3::BucketRef);

    fn build(self, scope: &mut Scope) -> Self::Handle {
        (scope.resource(s3::Bucket::new()), scope.add("Second", s3::Bucket::new()))
    }
}

#[test]
fn ids_are_paths_and_stay_when_others_come_and_go() {
    let ids = |describe: fn(&mut Stack)| {
        let template = template(describe);
        template["Resources"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    let before = ids(|stack| {
        stack.add("Two", Pair);
    });
    assert_eq!(before, ["Two", "TwoSecond"]);
    let after = ids(|stack| {
        stack.add("One", Pair);
        stack.add("Two", Pair);
    });
    assert_eq!(after, ["One", "OneSecond", "Two", "TwoSecond"]);
}

#[test]
fn the_default_sign_in_domain_needs_a_name_that_cognito_takes() {
    let describe = |stack: &mut Stack| {
        let users = stack.add("Users", UserPool::sign_in_with(SignIn::Email));
        stack.add("Login", users.domain());
    };
    for (name, legal) in [("notes", true), ("claws", false), ("Notes", false), (&*"n".repeat(60), false)] {
        let (manifest, _) = synth(name, describe);
        assert_eq!(manifest.diagnostics.is_empty(), legal, "{name}: {:?}", manifest.diagnostics);
    }
}

#[test]
fn parameters_are_values_of_their_type() {
    let template = template(|stack| {
        let seconds = stack.parameter("Seconds", Parameter::number().default(5).range(1, 900));
        stack.add("Work", Function::rust("work").timeout(seconds));
    });
    assert_eq!(resource(&template, "Work")["Properties"]["Timeout"], json!({"Ref": "Seconds"}));
    assert_eq!(template["Parameters"]["Seconds"]["MaxValue"], 900);
}
