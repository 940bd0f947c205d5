//! What the steps of a scenario share.

use serde_json::{Value, json};
use stack_builder_tests::{Aws, Cognito, Credentials, Emulator, Http, Outcome, StackBuilder, Workspace};

/// An emulator with an asset bucket, the workspace whose stacks are deployed to it, and who deploys.
pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) workspace: Workspace,
    pub(crate) deployer: Credentials,
    /// A client of another maker, to look at what the command did.
    pub(crate) aws: Aws,
    pub(crate) http: Http,
}

/// The outputs of the stack.
#[derive(Debug)]
pub(crate) struct Outputs(Value);

impl World {
    /// An emulator that the command has bootstrapped.
    pub(crate) fn bootstrapped() -> Self {
        let world = Self::empty();
        world.stack_builder(["bootstrap"]).run().success();
        world
    }

    /// An emulator with nothing in it.
    pub(crate) fn empty() -> Self {
        let workspace = Workspace::open();
        let emulator = Emulator::start();
        let deployer = emulator.administrator("deployer");
        let (aws, http) = (emulator.aws(&deployer), emulator.http());
        Self { emulator, workspace, deployer, aws, http }
    }

    /// The command, as the deployer.
    pub(crate) fn stack_builder<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> StackBuilder {
        self.stack_builder_as(&self.deployer, args)
    }

    /// The command, as somebody else.
    pub(crate) fn stack_builder_as<'a>(
        &self,
        who: &Credentials,
        args: impl IntoIterator<Item = &'a str>,
    ) -> StackBuilder {
        self.workspace.stack_builder(args).envs(self.emulator.environment(who))
    }

    /// Deploys the stack.
    #[track_caller]
    pub(crate) fn deploy(&self) -> Outcome {
        self.stack_builder(["deploy", "uploads", "--yes"]).run().success()
    }

    /// The outputs, as the command writes them to a file, which has to agree with CloudFormation.
    #[track_caller]
    pub(crate) fn outputs(&self) -> Outputs {
        let file = self.workspace.root().join("target/outputs.json");
        let path = file.to_str().expect("a readable path");
        self.stack_builder(["deploy", "uploads", "--yes", "--outputs-file", path]).run().success();
        let written = std::fs::read_to_string(&file).expect("an outputs file");
        let written: Value = serde_json::from_str(&written).expect("JSON");

        let stack = self.aws.call("cloudformation", "describe_stacks", json!({ "StackName": "uploads-dev" }));
        let outputs = stack["Stacks"][0]["Outputs"].as_array().expect("outputs");
        for output in outputs {
            let key = output["OutputKey"].as_str().expect("a key");
            assert_eq!(written["uploads"][key], output["OutputValue"], "output `{key}` in {written}");
        }
        Outputs(written["uploads"].clone())
    }
}

impl Outputs {
    #[track_caller]
    fn get(&self, key: &str) -> &str {
        self.0[key].as_str().unwrap_or_else(|| panic!("no output `{key}` in {}", self.0))
    }

    /// The address of a path of the API.
    pub(crate) fn api(&self, path: &str) -> String {
        format!("{}{path}", self.get("ApiUrl"))
    }

    pub(crate) fn bucket(&self) -> &str {
        self.get("BucketName")
    }

    pub(crate) fn table(&self) -> &str {
        self.get("TableName")
    }

    pub(crate) fn user_pool(&self) -> &str {
        self.get("UserPoolId")
    }

    pub(crate) fn client(&self) -> &str {
        self.get("ClientId")
    }

    /// Where the hosted login sends its users back to; the login's URL names it.
    #[track_caller]
    pub(crate) fn redirect(&self, aws: &Aws) -> String {
        let asked = json!({ "UserPoolId": self.user_pool(), "ClientId": self.client() });
        let client = aws.call("cognito-idp", "describe_user_pool_client", asked);
        let redirect = client["UserPoolClient"]["CallbackURLs"][0].as_str().expect("a callback");
        let login = self.get("LoginUrl").replace("%3A", ":").replace("%2F", "/");
        assert!(login.ends_with(&format!("redirect_uri={redirect}")), "{login}");
        redirect.to_owned()
    }

    pub(crate) fn cognito<'a>(&self, emulator: &'a Emulator) -> Cognito<'a> {
        Cognito::new(emulator, self.user_pool(), self.client())
    }
}
