//! The captain's log: deployed to two regions, filled with demonstration data, used and attacked through its API, and
//! destroyed. What its edge function does stands in `edge.rs`.

use crate::world::{Outputs, World};
use serde_json::{Value, json};
use stack_builder_tests::{Emulator, REGION, Response};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

#[test]
fn the_captains_log_lives_from_bootstrap_to_destroy() {
    let world = World::bootstrapped();
    world.deploy("captains-log").says("captains-log-edge-dev").says("captains-log-dev");
    let outputs = world.outputs("captains-log");
    let log = Log { world: &world, outputs: &outputs };

    log.mend_the_grant_of_the_secret();
    log.admits_nobody_without_passwords();
    world.stack_builder(["seed", "captains-log", "--yes"]).run().success().does_not_say("makeitso");
    log.refuses_what_is_no_login();
    let picard = log.logs_in_and_reads("picard", "makeitso", 5);
    let kirk = log.logs_in_and_reads("kirk", "KHAAAN!!!", 5);
    log.refuses_other_sessions(&picard);
    log.ends_only_the_session_it_is_given(&picard, &kirk);
    log.slows_down_a_crowd();

    world.stack_builder(["destroy", "captains-log", "captains-log-edge", "--yes"]).run().success();
}

/// The application as a page reaches it.
struct Log<'a> {
    world: &'a World,
    outputs: &'a Outputs,
}

impl Log<'_> {
    fn send(&self, method: &str, path: &str, cookie: Option<&str>, body: &str) -> Response {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(cookie.map(|cookie| ("cookie", cookie)));
        self.world.http.send(method, &self.url(path), &headers, body)
    }

    /// The address as AWS has it, at the only host under which the emulator knows its REST APIs.
    fn url(&self, path: &str) -> String {
        self.outputs.api(path).replace(&format!("{REGION}.amazonaws.com"), "localhost")
    }

    fn log_in(&self, user: &str, password: &str) -> Response {
        let body = json!({"userName": user, "password": password}).to_string();
        self.send("POST", "/login", None, &body)
    }

    fn home(&self, cookie: &str) -> Response {
        self.send("GET", "/home", Some(cookie), "")
    }

    /// The emulator takes the secret's name for its ARN, so that the role's grant names nothing there.
    fn mend_the_grant_of_the_secret(&self) {
        let secrets = self.world.aws.call("secretsmanager", "list_secrets", json!({}));
        let statement = json!({
            "Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": secrets["SecretList"][0]["ARN"],
        });
        let policy = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
        let role = self.physical_id("LoginRole");
        let policy = json!({"RoleName": role, "PolicyName": "mend", "PolicyDocument": policy});
        self.world.aws.call("iam", "put_role_policy", policy);
    }

    #[track_caller]
    fn admits_nobody_without_passwords(&self) {
        let answer = self.log_in("picard", "makeitso");
        // AWS has no such version (401), the emulator one without text (500).
        assert!([401, 500].contains(&answer.status), "{answer:?}");
        assert_eq!(answer.header("set-cookie"), None);
    }

    #[track_caller]
    fn refuses_what_is_no_login(&self) {
        let (wrong, unknown) = (self.log_in("picard", "engage"), self.log_in("q", "engage"));
        assert_eq!((wrong.status, wrong.header("set-cookie")), (401, None), "{wrong:?}");
        assert_eq!((wrong.status, &wrong.body), (unknown.status, &unknown.body), "who exists is told");
        let long = json!({"userName": "picard", "password": "x", "more": "x".repeat(5000)}).to_string();
        for (body, statuses) in [
            ("{}", [400, 400]),
            ("[", [400, 400]),
            ("", [400, 400]),
            (r#"{"userName": "", "password": "x"}"#, [400, 400]),
            (r#"{"userName": ["picard"], "password": {"$ne": ""}}"#, [400, 400]),
            (&long, [400, 413]),
        ] {
            let answer = self.send("POST", "/login", None, body);
            assert!(statuses.contains(&answer.status), "{body:.40}: {answer:?}");
        }
    }

    /// Gives the cookie.
    #[track_caller]
    fn logs_in_and_reads(&self, user: &str, password: &str, entries: usize) -> String {
        let answer = self.log_in(user, password);
        assert_eq!(answer.status, 200, "{answer:?}");
        let session = answer.json();
        assert_eq!(session["userName"], user);
        assert_eq!(session["ttl"].as_u64(), session["creationTime"].as_u64().map(|begun| begun + 60));
        let set = answer.header("set-cookie").expect("a cookie");
        assert!(set.ends_with("; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax"), "{set}");
        let cookie = set.split(';').next().unwrap_or_default().to_owned();
        assert!(!answer.body.contains(cookie.trim_start_matches("session-id=")), "{answer:?}");

        let home = self.home(&format!("theme=dark; {cookie}"));
        let (status, home) = (home.status, home.json());
        assert_eq!((status, &home["userName"], &home["expiresAt"]), (200, &json!(user), &session["ttl"]));
        let logs = home["logs"].as_array().expect("entries");
        assert_eq!((logs.len(), &home["next"]), (entries, &Value::Null));
        assert_eq!(self.stardates(&cookie, 2), logs.iter().map(stardate).collect::<Vec<_>>());
        cookie
    }

    /// All stardates, a few at a time.
    #[track_caller]
    fn stardates(&self, cookie: &str, limit: usize) -> Vec<String> {
        let (mut stardates, mut next) = (Vec::new(), String::new());
        loop {
            let page = self.send("GET", &format!("/home?limit={limit}{next}"), Some(cookie), "").json();
            stardates.extend(page["logs"].as_array().expect("entries").iter().map(stardate));
            let Some(cursor) = page["next"].as_str() else { return stardates };
            next = format!("&next={cursor}");
        }
    }

    #[track_caller]
    fn refuses_other_sessions(&self, cookie: &str) {
        let (begin, end) = cookie.split_at(cookie.len() - 1);
        let tampered = format!("{begin}{}", if end == "A" { "E" } else { "A" });
        let expired = self.expired_session();
        let twice = format!("{cookie}; session-id={}", "A".repeat(43));
        for other in ["", "session-id=", "session-id=x", &tampered, &expired, &twice, &cookie.to_uppercase()]
        {
            let answer = self.home(other);
            assert_eq!(
                (answer.status, answer.body.contains("stardate")),
                (401, false),
                "{other}: {answer:?}"
            );
        }
        assert_eq!(self.home(cookie).status, 200, "and the true one is not harmed");
    }

    /// A session that DynamoDB has not removed yet.
    fn expired_session(&self) -> String {
        let id = "Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGw";
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs();
        let item = json!({
            "session-id": {"S": id}, "userName": {"S": "picard"},
            "creationTime": {"N": (now - 61).to_string()}, "ttl": {"N": (now - 1).to_string()},
        });
        let table = self.outputs.get("SessionsTable");
        self.world.aws.call("dynamodb", "put_item", json!({ "TableName": table, "Item": item }));
        format!("session-id={id}")
    }

    #[track_caller]
    fn ends_only_the_session_it_is_given(&self, cookie: &str, other: &str) {
        let answer = self.send("POST", "/logout", Some(cookie), "");
        assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{answer:?}");
        assert!(answer.header("set-cookie").is_some_and(|set| set.starts_with("session-id=; Max-Age=0; ")));
        assert_eq!((self.home(cookie).status, self.home(other).status), (401, 200));
        assert_eq!(self.send("POST", "/logout", Some(cookie), "").status, 204, "again");
    }

    /// Guesses made at once: each that is looked at is counted, so no more get through than of guesses made in turn.
    #[track_caller]
    fn slows_down_a_crowd(&self) {
        let answers: Vec<Response> = thread::scope(|scope| {
            let guess = |number: usize| scope.spawn(move || self.log_in("kirk", &format!("guess-{number}")));
            let guesses: Vec<_> = (0..24).map(guess).collect();
            guesses.into_iter().map(|guess| guess.join().expect("an answer")).collect()
        });
        let refused = answers.iter().filter(|answer| answer.status == 401).count();
        let slowed: Vec<_> = answers.iter().filter(|answer| answer.status == 429).collect();
        assert_eq!(refused + slowed.len(), answers.len(), "{answers:?}");
        assert!(refused > 0 && !slowed.is_empty(), "{refused} of {} were looked at", answers.len());
        assert_eq!(self.failures("kirk"), refused, "a guess was looked at and not counted");

        while self.log_in("kirk", "guess").status == 401 {}
        let right = self.log_in("kirk", "KHAAAN!!!");
        assert_eq!(right.status, 429, "the pause holds for everybody: {right:?}");
        let seconds = right.header("retry-after").and_then(|seconds| seconds.parse::<u32>().ok());
        assert!(seconds.is_some_and(|seconds| seconds > 0), "{right:?}");
    }

    /// How many failed attempts the table has counted.
    #[track_caller]
    fn failures(&self, user: &str) -> usize {
        let table = self.physical_id("Attempts");
        let asked = json!({ "TableName": table, "Key": {"userName": {"S": user}}, "ConsistentRead": true });
        let item = self.world.aws.call("dynamodb", "get_item", asked);
        let failures = item["Item"]["failures"]["N"].as_str().and_then(|number| number.parse().ok());
        failures.unwrap_or_else(|| panic!("no count in {item}"))
    }

    /// What CloudFormation called a resource.
    fn physical_id(&self, logical_id: &str) -> Value {
        let asked = json!({ "StackName": "captains-log-dev", "LogicalResourceId": logical_id });
        let mut resource = self.world.aws.call("cloudformation", "describe_stack_resource", asked);
        resource["StackResourceDetail"]["PhysicalResourceId"].take()
    }
}

/// Worked around in [`Log::mend_the_grant_of_the_secret`].
#[test]
fn quirk_a_secret_is_referred_to_by_its_name() {
    let emulator = Emulator::start();
    let aws = emulator.aws(&emulator.administrator("administrator"));
    let template = json!({
        "Resources": {"Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "door"}}},
        "Outputs": {"Secret": {"Value": {"Ref": "Secret"}}},
    });
    let name = json!({ "StackName": "secret" });
    let mut create = name.clone();
    create["TemplateBody"] = template.to_string().into();
    aws.call("cloudformation", "create_stack", create);
    let created = || {
        let stack = aws.call("cloudformation", "describe_stacks", name.clone())["Stacks"][0].take();
        (stack["StackStatus"] == "CREATE_COMPLETE").then_some(stack)
    };
    let stack = (0..100).find_map(|_| {
        thread::sleep(Duration::from_millis(50));
        created()
    });
    assert_eq!(stack.expect("a stack")["Outputs"][0]["OutputValue"], "door", "it is the ARN now, as on AWS");
}

fn stardate(entry: &Value) -> String {
    entry["stardate"].as_str().unwrap_or_default().to_owned()
}
