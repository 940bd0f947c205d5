//! A morning's edits: what is saved is served, and a mistake is told while what ran before goes on.

use super::super::person::{Person, deployed_as, physical_id};
use super::super::shared::aws;
use serde_json::{Value, json};
use stack_builder_tests::{Aws, Http, Local, Workspace};

const STACK: &str = "stacks/src/uploads.rs";
const HANDLER: &str = "handlers/src/bin/uploads-list-files.rs";
const PAGE: &str = "site/uploads/format.js";

/// What is edited, what runs, and who uses it meanwhile.
struct Morning {
    workspace: Workspace,
    local: Local,
    aws: Aws,
    ada: Person,
}

#[test]
fn what_is_saved_is_served() {
    let workspace = Workspace::open();
    let args = ["local", "uploads", "--json", "--port", "0", "--ephemeral"];
    let local = Local::command(workspace.stack_builder(args));
    let aws = aws(&local);
    let ada = Person::signed_up(&local, &aws, "uploads", "ada@example.org");
    let morning = Morning { workspace, local, aws, ada };
    morning.a_site_is_edited();
    morning.a_stack_is_edited();
    morning.a_stack_has_a_mistake();
    morning.a_handler_is_edited();
    morning.a_handler_has_a_mistake();
    morning.workspace.restore();
    morning.local.stop();
}

impl Morning {
    /// Edits a file, and waits until that is served or refused.
    #[track_caller]
    fn save(&self, file: &str, old: &str, new: &str) -> Value {
        let seen = self.local.events().len();
        self.workspace.edit(file, old, new);
        self.local.event_after(seen, "the save to be noticed", |event| {
            event["event"] == "reloaded" || event["event"] == "failed"
        })
    }

    /// The same, and expects that it is served.
    #[track_caller]
    fn reloads(&self, file: &str, old: &str, new: &str) -> String {
        let event = self.save(file, old, new);
        assert_eq!(event["event"], "reloaded", "{event}\n{}", self.local.errors());
        assert!(event["ms"].as_u64().is_some_and(|ms| ms > 0 && ms < 120_000), "{event}");
        let what = event["what"].as_array().into_iter().flatten().filter_map(Value::as_str);
        what.collect::<Vec<_>>().join("; ")
    }

    /// The same, and expects that it is refused, with words of the compiler's; the part that could not be made.
    #[track_caller]
    fn is_refused(&self, file: &str, old: &str, new: &str) -> Value {
        let event = self.save(file, old, new);
        assert_eq!(event["event"], "failed", "{event}");
        assert!(self.local.complains(new), "the compiler's words are lost:\n{}", self.local.errors());
        assert!(event["message"].as_str().is_some_and(|message| !message.is_empty()), "{event}");
        event["what"].clone()
    }

    fn a_site_is_edited(&self) {
        let url = format!("{}/format.js", self.local.url("uploads", "SiteUrl"));
        let get = || Http::plain().send("GET", &url, &[], "");
        let cache = |answer: &stack_builder_tests::Response| answer.header("x-cache").map(str::to_owned);
        get();
        assert_eq!(cache(&get()).as_deref(), Some("Hit from cloudfront"));
        let text = std::fs::read_to_string(self.workspace.root().join(PAGE)).expect("the script");
        let first = text.lines().next().expect("a line").to_owned();
        assert_eq!(self.reloads(PAGE, &first, &format!("{first} // edited")), "sites (1 file)");
        let edited = get();
        assert_eq!(cache(&edited).as_deref(), Some("Miss from cloudfront"), "{edited:?}");
        assert!(edited.body.lines().next().is_some_and(|line| line.ends_with("// edited")), "{edited:?}");
    }

    fn a_stack_is_edited(&self) {
        let again = || self.ada.send("GET", "/again", "");
        assert_eq!(again().status, 404);
        let metadata =
            json!({ "fileId": "00000000-0000-4000-8000-000000000001", "size": 1, "contentType": "a/b" });
        assert_eq!(
            self.ada.send("POST", "/saveMetadata", &metadata.to_string()).status,
            400,
            "it has no key"
        );
        let (route, another) = ("(\"/files\", get(&list_files)),", "(\"/again\", get(&list_files)),");
        let told = self.reloads(STACK, route, &format!("{route} {another}"));
        assert!(told.starts_with("stacks (") && told.contains("ApiGetAgain"), "{told}");
        assert_eq!(again().status, 200, "who is signed in, still is");

        let function = physical_id(&self.aws, &deployed_as(&self.aws, "uploads"), "GetUploadUrl");
        let asked = json!({ "FunctionName": function });
        let variables = || {
            let found = self.aws.call("lambda", "get_function_configuration", asked.clone());
            found["Environment"]["Variables"].clone()
        };
        let old = variables();
        let env = "function(\"uploads-get-upload-url\", \"Presigns the upload of one file\")";
        let told = self.reloads(STACK, env, &format!("{env}.env(\"COLOUR\", \"blue\")"));
        assert_eq!(told, "stacks (uploads-dev/GetUploadUrl)");
        assert_eq!((&old["COLOUR"], &variables()["COLOUR"]), (&Value::Null, &json!("blue")));

        let table = "let users = stack.add(\"Users\"";
        let notes = "stack.add(\"Notes\", Table::keyed_by(\"Note\").without_recovery());";
        self.reloads(STACK, table, &format!("{notes} {table}"));
        let notes = physical_id(&self.aws, &deployed_as(&self.aws, "uploads"), "Notes");
        let note = json!({ "TableName": notes, "Item": { "Note": { "S": "a table more" } } });
        self.aws.call("dynamodb", "put_item", note);
    }

    fn a_stack_has_a_mistake(&self) {
        let (sound, wrong) = ("Table::keyed_by(\"UserId\")", "Table::keyed_bye(\"UserId\")");
        assert_eq!(self.is_refused(STACK, sound, wrong), "stacks");
        assert_eq!(self.ada.send("GET", "/again", "").status, 200, "what ran before goes on");
        let output = "    stack.output(\"BucketName\", files.name());\n";
        let seen = self.local.events().len();
        self.workspace.edit(STACK, output, &output.repeat(2));
        self.workspace.edit(STACK, wrong, sound);
        let twice =
            self.local.event_after(seen, "a mistake of the stack", |event| event["event"] == "failed");
        assert_eq!(twice["what"], "stacks", "{twice}");
        let told = self.reloads(STACK, &output.repeat(2), output);
        assert_eq!(told, "", "the templates are what they were");
        assert_eq!(self.ada.send("GET", "/again", "").status, 200);
    }

    fn a_handler_is_edited(&self) {
        let serve = "    serve::<ListFiles>().await";
        let edited = format!("    println!(\"says the edited one\");\n{serve}");
        let seen = self.local.events().len();
        assert_eq!(self.reloads(HANDLER, serve, &edited), "handlers (uploads-list-files)");
        let built = self.local.event_after(seen, "the build", |event| event["event"] == "built");
        assert_eq!(built["rebuilt"], json!(["uploads-list-files"]));
        assert!(built["ms"].as_u64().is_some_and(|ms| ms > 0), "{built}");
        assert_eq!(self.ada.send("GET", "/files", "").status, 200);
        self.local.event_after(seen, "a line of the edited handler", |event| {
            event["event"] == "log"
                && event["line"].as_str().is_some_and(|line| line.contains("says the edited one"))
        });
    }

    fn a_handler_has_a_mistake(&self) {
        assert_eq!(self.is_refused(HANDLER, "serve::<ListFiles>()", "serves::<ListFiles>()"), "handlers");
        assert_eq!(self.ada.send("GET", "/files", "").status, 200, "what ran before goes on");
    }
}
