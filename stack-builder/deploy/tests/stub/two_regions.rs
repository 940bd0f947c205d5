//! Stacks in two regions that take inputs from one another.

use crate::answer::{self, STACK};
use crate::server::Server;
use crate::{environment, regions};
use stack_builder_assembly::{
    AssetManifest, AssetPart, AssetSlot, CloudAssembly, Manifest, PackagedAsset, StackArtifact, StackInput,
    write_json,
};
use stack_builder_deploy::{
    DestroyEvent, Error, Prepared, PublishStep, Regions, deployment_order, inputs, plan_destroy, prepare,
    publish, require_home, require_unused,
};
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;

const EDGE: &str = "us-east-1";
const HOME: &str = "eu-west-1";

fn stack(name: &str, region: Option<&str>) -> StackArtifact {
    StackArtifact {
        name: name.to_owned(),
        stack_name: format!("{name}-dev"),
        template: format!("{name}.template.json"),
        region: region.map(str::to_owned),
        ..StackArtifact::default()
    }
}

/// A stack at the edge, and before it in the manifest the one that takes its output `Version` as `EdgeVersion`.
fn app(folder: &Path) -> CloudAssembly {
    let (edge, mut main) = (stack("edge", Some(EDGE)), stack("main", None));
    let input = StackInput { stack: "edge".to_owned(), output: "Version".to_owned() };
    main.inputs.insert("EdgeVersion".to_owned(), input);
    let template = |name: &str, content: &str| {
        let content: serde_json::Value = serde_json::from_str(content).expect("JSON");
        write_json(&folder.join(format!("{name}.template.json")), &content).expect("a template");
    };
    template("edge", r#"{"Outputs": {"Version": {"Value": "v"}}}"#);
    template("main", r#"{"Parameters": {"EdgeVersion": {"Type": "String"}}}"#);
    written(folder, vec![main, edge])
}

fn written(folder: &Path, stacks: Vec<StackArtifact>) -> CloudAssembly {
    let mut manifest = Manifest::new("app", "dev");
    manifest.stacks = stacks;
    manifest.write(folder).expect("a manifest");
    CloudAssembly::open(folder).expect("an assembly")
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Deploys as the command does, up to the change set of the last stack.
async fn deployed(regions: &Regions, assembly: &CloudAssembly) -> Result<(), Error> {
    let mut outputs = BTreeMap::new();
    for stack in deployment_order(assembly, &[assembly.manifest.stack("main").expect("a stack")])? {
        let parameters = inputs(stack, &outputs)?;
        let Prepared::NoChange { outputs: own } = prepare(regions, assembly, stack, &parameters).await?
        else {
            continue;
        };
        outputs.insert(stack.name.clone(), own);
    }
    Ok(())
}

/// The edge stack is as described and has these outputs.
fn unchanged_edge(server: &Server, outputs: &str) {
    server.answer("DescribeStacks", answer::stack_with("CREATE_COMPLETE", outputs));
    server.answer("DescribeStacks", answer::absent());
    server.answer("CreateChangeSet", answer::created());
    let reason = "<StatusReason>The submitted information didn't contain changes.</StatusReason>";
    server.answer("DescribeChangeSet", answer::change_set("FAILED", reason));
    server.answer("DescribeChangeSet", answer::change_set("CREATE_COMPLETE", ""));
    server.answer("DeleteChangeSet", answer::result("DeleteChangeSet", ""));
}

#[tokio::test]
async fn a_stack_receives_what_an_unchanged_one_in_another_region_has_to_give() {
    let (server, folder) = (Server::start().await, folder());
    let assembly = app(folder.path());
    let regions = regions(&server, &assembly.manifest.stacks).await;
    unchanged_edge(&server, &answer::output("Version", "v7"));
    deployed(&regions, &assembly).await.expect("deployed");
    assert_eq!(server.regions("CreateChangeSet"), [EDGE, HOME]);
    assert_eq!(server.regions("DescribeStacks"), [EDGE, HOME]);
    let body = server.body("CreateChangeSet", 1);
    let parameter = "Parameters.member.1.ParameterKey=EdgeVersion&Parameters.member.1.ParameterValue=v7";
    assert!(body.contains(parameter), "{body}");
    assert!(!server.asked().contains(&"GetCallerIdentity".to_owned()), "the account is known");
}

#[tokio::test]
async fn an_output_that_is_not_there_stops_before_the_stack_that_needs_it() {
    let (server, folder) = (Server::start().await, folder());
    let assembly = app(folder.path());
    let regions = regions(&server, &assembly.manifest.stacks).await;
    unchanged_edge(&server, &answer::output("Other", "o"));
    let error = deployed(&regions, &assembly).await.expect_err("an output is missing");
    assert_eq!(
        error.to_string(),
        "stack `edge` has no output `Version` to fill parameter `EdgeVersion` of stack `main` from"
    );
    assert!(error.hint().expect("a hint").contains("stack-builder outputs edge"));
    assert_eq!(server.regions("CreateChangeSet"), [EDGE], "the stack that needs it is not touched");
}

#[test]
fn an_output_that_no_template_declares_is_found_before_anything_is_done() {
    let folder = folder();
    let assembly = app(folder.path());
    write_json(&folder.path().join("edge.template.json"), &serde_json::json!({})).expect("a template");
    let all: Vec<_> = assembly.manifest.stacks.iter().collect();
    let error = deployment_order(&assembly, &all).expect_err("no such output");
    assert_eq!(
        error.to_string(),
        "stack `main` fills its parameter `EdgeVersion` from output `Version`, which stack `edge` does not have"
    );
}

#[tokio::test]
async fn what_was_made_for_one_region_does_not_go_to_another() {
    let server = Server::start().await;
    let mut manifest = Manifest::new("app", "dev");
    manifest.region = Some("eu-central-1".to_owned());
    let error = Regions::new(environment(&server).await, &manifest).expect_err("another region");
    let message =
        "the stacks were made for eu-central-1, which their archives name, and cannot go to eu-west-1";
    assert_eq!(error.to_string(), message);
    assert!(error.hint().expect("a hint").contains("`--region eu-central-1`"));
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn a_pinned_stack_serves_the_application_in_one_region() {
    let (server, folder) = (Server::start().await, folder());
    let assembly = app(folder.path());
    let regions = regions(&server, &assembly.manifest.stacks).await;
    unchanged_edge(&server, &answer::output("Version", "v7"));
    deployed(&regions, &assembly).await.expect("deployed");
    let body = |n| server.body("CreateChangeSet", n);
    assert!(
        body(0).contains("Tags.member.1.Key=stack-builder%3Ahome&Tags.member.1.Value=eu-west-1"),
        "{}",
        body(0)
    );
    assert!(!body(1).contains("home"), "{}", body(1));

    let other = "<Tags><member><Key>stack-builder:home</Key><Value>eu-central-1</Value></member></Tags>";
    server.answer("DescribeStacks", answer::stack_with("CREATE_COMPLETE", other));
    // The last answer of an action is given again and again.
    let _ = stack_builder_deploy::outputs(regions.home(), "any").await;
    server.forget();
    let edge = &assembly.manifest.stacks[1];
    let all: Vec<_> = assembly.manifest.stacks.iter().collect();
    let refused = [
        require_home(&regions, &assembly.manifest, &all).await.expect_err("another's"),
        deployed(&regions, &assembly).await.expect_err("another's"),
        plan_destroy(&regions, edge).await.expect_err("another's"),
    ];
    for error in refused {
        let message = "stack `notes-dev` in us-east-1 belongs to the application in eu-central-1, not to that in eu-west-1";
        assert_eq!(error.to_string(), message);
        assert!(error.hint().expect("a hint").starts_with("pass `--region eu-central-1`"));
    }
    assert_eq!(server.asked(), ["DescribeStacks"; 3], "nothing is touched");
    assert_eq!(server.regions("DescribeStacks"), [EDGE; 3], "only the pinned stack is looked at");
}

#[tokio::test]
async fn an_application_that_is_pinned_as_a_whole_has_no_home() {
    let (server, folder) = (Server::start().await, folder());
    let mut stacks = app(folder.path()).manifest.stacks;
    stacks[0].region = Some("eu-central-1".to_owned());
    let assembly = written(folder.path(), stacks);
    let regions = regions(&server, &assembly.manifest.stacks).await;
    unchanged_edge(&server, &answer::output("Version", "v7"));
    let all: Vec<_> = assembly.manifest.stacks.iter().collect();
    require_home(&regions, &assembly.manifest, &all).await.expect("no home");
    assert!(server.asked().is_empty(), "nothing to ask for");
    deployed(&regions, &assembly).await.expect("deployed");
    assert!(!server.body("CreateChangeSet", 0).contains("home"));
}

#[tokio::test]
async fn a_stack_whose_outputs_another_one_takes_stays_as_long_as_that_one() {
    let (server, folder) = (Server::start().await, folder());
    let assembly = app(folder.path());
    let [main, edge] = assembly.manifest.stacks.as_slice() else { panic!("two stacks") };
    let regions = regions(&server, &assembly.manifest.stacks).await;
    let unused = async |named: &[&StackArtifact]| require_unused(&regions, &assembly.manifest, named).await;
    unused(&[main]).await.expect("nobody takes anything of it");
    unused(&[edge, main]).await.expect("both go");
    assert!(server.asked().is_empty(), "the description tells");
    server.answer("DescribeStacks", answer::stack("UPDATE_COMPLETE"));
    let error = unused(&[edge]).await.expect_err("used");
    assert_eq!(error.to_string(), "stack `main-dev` in eu-west-1 stands and takes outputs of `edge`");
    assert!(error.hint().expect("a hint").contains("`stack-builder destroy main edge`"));
    assert_eq!(server.regions("DescribeStacks"), [HOME, EDGE]);
    server.replace("DescribeStacks", answer::stack("REVIEW_IN_PROGRESS"));
    unused(&[edge]).await.expect("a change set alone takes nothing");
    server.replace("DescribeStacks", answer::absent());
    unused(&[edge]).await.expect("the other one is gone");
}

/// Both stacks need archives of their own, and they share one.
fn with_archives(folder: &Path) -> CloudAssembly {
    let mut assets = AssetManifest::default();
    for (name, digit) in [("shared", "1"), ("edge", "2")] {
        let hash = digit.repeat(64);
        let path = format!("assets/{hash}.zip");
        std::fs::create_dir_all(folder.join("assets")).expect("a folder");
        std::fs::write(folder.join(&path), "zip").expect("an archive");
        let asset = PackagedAsset { hash, path, size: 3, sha256: String::new() };
        assets.assets.insert(name.to_owned(), asset);
    }
    let slot = |asset: &str| AssetSlot {
        asset: asset.to_owned(),
        logical_id: "F".to_owned(),
        property: "Code".to_owned(),
        part: AssetPart::Location,
    };
    let mut stacks = app(folder).manifest.stacks;
    stacks[0].asset_slots = vec![slot("shared")];
    stacks[1].asset_slots = vec![slot("shared"), slot("edge")];
    let assembly = written(folder, stacks);
    assembly.write_assets(&assets).expect("assets");
    assembly
}

#[tokio::test]
async fn archives_go_where_a_stack_needs_them() {
    let (server, folder) = (Server::start().await, folder());
    let assembly = with_archives(folder.path());
    let regions = regions(&server, &assembly.manifest.stacks).await;
    server.answer("HEAD bucket", answer::status(200));
    server.answer("HEAD object", answer::status(404));
    server.answer("PUT object?x-id", answer::status(200));
    let all: Vec<_> = assembly.manifest.stacks.iter().collect();
    let mut uploaded = Vec::new();
    let note = |step| {
        if let PublishStep::Uploaded { asset, region } = step {
            uploaded.push(format!("{asset} to {region}"));
        }
    };
    publish(&regions, &assembly, &all, note).await.expect("published");
    uploaded.sort();
    assert_eq!(uploaded, ["edge to us-east-1", "shared to eu-west-1", "shared to us-east-1"]);
    assert_eq!(server.regions("HEAD bucket"), [HOME, EDGE], "both are there before the first upload");
    assert_eq!(server.asked()[..2], ["HEAD bucket", "HEAD bucket"]);
}

#[tokio::test]
async fn regions_that_are_not_prepared_are_all_named_with_the_command_that_prepares_them() {
    let (server, folder) = (Server::start().await, folder());
    let assembly = with_archives(folder.path());
    let regions = regions(&server, &assembly.manifest.stacks).await;
    server.answer("HEAD bucket", answer::status(404));
    server.answer("DescribeStacks", answer::absent());
    let all: Vec<_> = assembly.manifest.stacks.iter().collect();
    let error = publish(&regions, &assembly, &all, |_| {}).await.expect_err("nothing is prepared");
    assert_eq!(
        error.to_string(),
        "account 111122223333 is not bootstrapped in eu-west-1 and us-east-1: there is no bucket \
         `stack-builder-assets-111122223333-eu-west-1` and `stack-builder-assets-111122223333-us-east-1`"
    );
    assert_eq!(error.hint().as_deref(), Some("run `stack-builder bootstrap eu-west-1 us-east-1` once"));
    let main = deployment_order(&assembly, &all[..1]).expect("an order");
    assert_eq!(main.len(), 2, "what it needs comes along");
}

/// The edge stack as it stands: a function, and a version that is kept when it is replaced.
async fn edge_to_destroy(server: &Server) -> Regions {
    server.answer("DescribeStacks", answer::stack("CREATE_COMPLETE"));
    let resource = |id: &str, physical: &str, kind: &str| {
        format!(
            "<member><LogicalResourceId>{id}</LogicalResourceId><PhysicalResourceId>{physical}</PhysicalResourceId>\
             <ResourceType>{kind}</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus>\
             <LastUpdatedTimestamp>2026-11-20T10:00:00Z</LastUpdatedTimestamp></member>"
        )
    };
    let version = "arn:aws:lambda:us-east-1:111122223333:function:app-gate:1";
    let resources = format!(
        "<StackResourceSummaries>{}{}{}</StackResourceSummaries>",
        resource("Gate", "app-gate", FUNCTION),
        resource("GateVersion", version, "AWS::Lambda::Version"),
        resource("GateLogs", "/aws/lambda/us-east-1.app-gate", "AWS::Logs::LogGroup")
    );
    server.answer("ListStackResources", answer::result("ListStackResources", &resources));
    let template = r#"<TemplateBody>{"Resources": {
        "GateLogs": {"Type": "AWS::Logs::LogGroup", "DeletionPolicy": "Retain"},
        "Gate": {"Type": "AWS::Lambda::Function"},
        "GateVersion": {"Type": "AWS::Lambda::Version", "DeletionPolicy": "Retain",
                        "Properties": {"FunctionName": {"Ref": "Gate"}}}
    }}</TemplateBody>"#;
    server.answer("GetTemplate", answer::result("GetTemplate", template));
    let group = |name: &str| {
        answer::document(&format!(r#"{{"logGroups": [{{"logGroupName": "/aws/lambda/{name}"}}]}}"#))
    };
    server.answer("DescribeLogGroups", group("app-gate"));
    server.answer("DescribeLogGroups", group("us-east-1.app-gate"));
    server.answer("DeleteStack", answer::result("DeleteStack", ""));
    regions(server, &[stack("edge", Some(EDGE))]).await
}

const FUNCTION: &str = "AWS::Lambda::Function";

#[tokio::test]
async fn an_edge_function_takes_its_logs_along_from_the_regions_that_we_know() {
    let server = Server::start().await;
    let regions = edge_to_destroy(&server).await;
    server.answer("DeleteLogGroup", answer::document("{}"));
    let steps = [
        ("edge-dev", STACK, "DELETE_IN_PROGRESS", ""),
        ("GateVersion", "AWS::Lambda::Version", "DELETE_SKIPPED", ""),
        ("edge-dev", STACK, "DELETE_COMPLETE", ""),
    ];
    server.answer("DescribeStackEvents", answer::events(&steps));
    let plan = plan_destroy(&regions, &stack("edge", Some(EDGE))).await.expect("planned").expect("a stack");
    assert_eq!(server.regions("DescribeLogGroups"), [EDGE, HOME]);
    let summary = plan.execute().finish().await.expect("gone");
    let groups: Vec<_> = summary.log_groups.iter().map(|g| format!("{} {}", g.region, g.name)).collect();
    let copies = "/aws/lambda/us-east-1.app-gate";
    assert_eq!(groups, [format!("{HOME} {copies}"), format!("{EDGE} /aws/lambda/app-gate")]);
    assert_eq!(
        server.regions("DeleteLogGroup"),
        [HOME, EDGE],
        "the group that is declared stays as declared"
    );
    assert_eq!(summary.log_groups_elsewhere, [copies]);
    assert_eq!(summary.gone.len(), 2, "a version goes with its function");
    assert_eq!(summary.retained[0].resource.logical_id, "GateLogs");
}

#[tokio::test]
async fn copies_of_an_edge_function_are_a_matter_of_time() {
    let server = Server::start().await;
    let regions = edge_to_destroy(&server).await;
    let reason = "Resource handler returned message: Lambda was unable to delete \
                  arn:aws:lambda:us-east-1:111122223333:function:app-gate:1 because it is a replicated function. \
                  Please see our documentation for Deleting Lambda@Edge Functions and Replicas.";
    let steps = [
        ("edge-dev", STACK, "DELETE_IN_PROGRESS", ""),
        ("Gate", FUNCTION, "DELETE_FAILED", reason),
        ("edge-dev", STACK, "DELETE_FAILED", "The following resource(s) failed to delete: [Gate]"),
    ];
    server.answer("DescribeStackEvents", answer::events(&steps));
    let plan = plan_destroy(&regions, &stack("edge", Some(EDGE))).await.expect("planned").expect("a stack");
    let mut destruction = plan.execute();
    while let Some(event) = destruction.next().await.expect("an event") {
        assert_ne!(event, DestroyEvent::TryingAgain, "trying at once does not help");
    }
    let Err(Error::Failed(failure)) = destruction.finish().await else { panic!("a failure expected") };
    assert!(failure.awaits_replicas() && failure.region == EDGE, "{failure:?}");
    let hint = failure.hint().expect("a hint");
    assert!(hint.starts_with("run the command again in an hour"), "{hint}");
    assert!(hint.contains("CloudFront removes its copies of `Gate` by itself"), "{hint}");
}
