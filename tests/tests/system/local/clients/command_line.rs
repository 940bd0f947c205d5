//! The AWS CLI, with the variables that the table at the start tells.

use super::super::person::{deployed_as, outputs, physical_id};
use super::super::shared::{aws, local};
use serde_json::Value;
use stack_builder_tests::{Http, Local, output_of, python_tool};
use std::fs;
use std::process::Command;
use tempfile::TempDir;

/// The command line of somebody who has copied the `export`s.
struct Terminal<'a> {
    local: &'a Local,
    folder: TempDir,
}

impl<'a> Terminal<'a> {
    fn new(local: &'a Local) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // Left to itself, this one signs URLs of S3 in a way that AWS takes no more of new buckets.
        fs::write(folder.path().join("config"), "[default]\ns3 =\n  signature_version = s3v4\n")
            .expect("a file");
        Self { local, folder }
    }

    fn aws(&self, line: &str) -> Command {
        let mut command = Command::new(python_tool("aws"));
        let file = |name: &str| self.folder.path().join(name);
        command.env("AWS_CONFIG_FILE", file("config")).env("AWS_SHARED_CREDENTIALS_FILE", file("none"));
        let variables = self.local.ready()["environment"].as_object().expect("variables");
        command.envs(variables.iter().map(|(name, value)| (name, value.as_str().unwrap_or_default())));
        command.args(line.split(' '));
        command
    }

    #[track_caller]
    fn says(&self, line: &str) -> String {
        output_of(&mut self.aws(line))
    }

    #[track_caller]
    fn json(&self, line: &str) -> Value {
        let text = self.says(&format!("{line} --output json"));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{line}: {error}: {text}"))
    }
}

#[test]
fn the_aws_cli_finds_its_way() {
    let local = local();
    let client = aws(&local);
    let (terminal, stack) = (Terminal::new(&local), deployed_as(&client, "uploads"));
    assert_eq!(terminal.json("sts get-caller-identity")["Arn"], "arn:aws:iam::000000000000:user/local");
    let table = outputs(&client, &stack)["TableName"].take();
    let tables = terminal.json("dynamodb list-tables")["TableNames"].take();
    assert!(tables.as_array().is_some_and(|tables| tables.contains(&table)), "{tables}");
    let query = "Stacks[0].Outputs[?OutputKey=='SiteUrl'].OutputValue";
    let found = terminal
        .says(&format!("cloudformation describe-stacks --stack-name {stack} --output text --query {query}"));
    assert_eq!(found.trim(), local.url("uploads", "SiteUrl"));

    let group = physical_id(&client, &stack, "ListFilesLogs");
    let function = physical_id(&client, &stack, "ListFiles");
    let folder = tempfile::tempdir().expect("a folder");
    let answer = folder.path().join("answer").display().to_string();
    assert_eq!(
        terminal.json(&format!("lambda invoke --function-name {function} {answer}"))["StatusCode"],
        200
    );
    assert!(fs::read_to_string(&answer).is_ok_and(|answer| answer.contains("statusCode")));
    let lines = terminal.says(&format!("logs filter-log-events --log-group-name {group} --output text"));
    assert!(lines.contains("platform.start"), "{lines}");

    let absent =
        terminal.aws("dynamodb describe-table --table-name no-such-table").output().expect("started");
    let said = String::from_utf8_lossy(&absent.stderr).into_owned();
    assert!(!absent.status.success() && said.contains("ResourceNotFoundException"), "{said}");
}

#[test]
fn the_aws_cli_copies_files() {
    let local = local();
    let client = aws(&local);
    let bucket = outputs(&client, &deployed_as(&client, "uploads"))["BucketName"].take();
    let prefix = format!("s3://{}/cli", bucket.as_str().expect("a name"));
    let terminal = Terminal::new(&local);
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name).display().to_string();
    fs::create_dir(place("up")).expect("a folder");
    // Beyond 8 MiB, the command line sends parts at the same time.
    let large: Vec<u8> = (0..9_000_000_u32).flat_map(|number| u8::try_from(number % 251)).collect();
    fs::write(place("up/large"), &large).expect("a file");
    fs::write(place("up/small.txt"), "small").expect("a file");
    terminal.says(&format!("s3 sync --no-progress {} {prefix}", place("up")));
    let listed = terminal.says(&format!("s3 ls {prefix}/"));
    assert!(listed.contains("9000000 large") && listed.contains("5 small.txt"), "{listed}");
    terminal.says(&format!("s3 sync --no-progress {prefix} {}", place("down")));
    assert!(fs::read(place("down/large")).is_ok_and(|found| found == large));
    assert_eq!(terminal.says(&format!("s3 sync {} {prefix}", place("down"))).trim(), "", "all is the same");
    let url = terminal.says(&format!("s3 presign {prefix}/small.txt"));
    let got = Http::plain().send("GET", url.trim(), &[], "");
    assert_eq!((got.status, got.body.as_str()), (200, "small"));
    terminal.says(&format!("s3 rm --recursive {prefix}/"));
    assert!(!terminal.aws(&format!("s3 ls {prefix}/")).output().expect("started").status.success());
}
