//! What the steps of a scenario share.

use serde_json::{Value, json};
use stack_builder_tests::{Aws, Cognito, Credentials, Emulator, Http, Outcome, StackBuilder, Workspace};

/// An emulator with an asset bucket, the workspace whose stacks are deployed to it, and who deploys.
pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) workspace: Workspace,
    pub(crate) deployer: Credentials,
    /// The stage of every command.
    pub(crate) stage: &'static str,
    /// A client of another maker, to look at what the command did.
    pub(crate) aws: Aws,
    pub(crate) http: Http,
}

/// The outputs of the stack.
#[derive(Debug)]
pub(crate) struct Outputs(Value);

impl World {
    /// An emulator that the command has bootstrapped, for the stage `dev`.
    pub(crate) fn bootstrapped() -> Self {
        Self::bootstrapped_for("dev")
    }

    /// The same for another stage.
    pub(crate) fn bootstrapped_for(stage: &'static str) -> Self {
        let world = Self { stage, ..Self::empty() };
        world.stack_builder(["bootstrap"]).run().success();
        world
    }

    /// An emulator with nothing in it.
    pub(crate) fn empty() -> Self {
        let workspace = Workspace::open();
        let emulator = Emulator::start();
        let deployer = emulator.administrator("deployer");
        let (aws, http) = (emulator.aws(&deployer), emulator.http());
        Self { emulator, workspace, deployer, stage: "dev", aws, http }
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
        self.workspace.stack_builder(args).args(["--stage", self.stage]).envs(self.emulator.environment(who))
    }

    /// The command, as the deployer, for another stage than this world's.
    pub(crate) fn stack_builder_at<'a>(
        &self,
        stage: &'a str,
        args: impl IntoIterator<Item = &'a str>,
    ) -> StackBuilder {
        let environment = self.emulator.environment(&self.deployer);
        self.workspace.stack_builder(args).args(["--stage", stage]).envs(environment)
    }

    /// What CloudFormation calls the stack `name`.
    pub(crate) fn stack_name(&self, name: &str) -> String {
        format!("{name}-{}", self.stage)
    }

    /// Deploys the stack `name`, and those it takes something of.
    #[track_caller]
    pub(crate) fn deploy(&self, name: &str) -> Outcome {
        self.stack_builder(["deploy", name, "--yes"]).run().success()
    }

    /// The outputs, as the command writes them to a file, which has to agree with CloudFormation.
    #[track_caller]
    pub(crate) fn outputs(&self, name: &str) -> Outputs {
        let file = self.workspace.root().join("target/outputs.json");
        let path = file.to_str().expect("a readable path");
        self.stack_builder(["deploy", name, "--yes", "--outputs-file", path]).run().success();
        let written = std::fs::read_to_string(&file).expect("an outputs file");
        let written: Value = serde_json::from_str(&written).expect("JSON");

        let asked = json!({ "StackName": self.stack_name(name) });
        let stack = self.aws.call("cloudformation", "describe_stacks", asked);
        let outputs = stack["Stacks"][0]["Outputs"].as_array().expect("outputs");
        for output in outputs {
            let key = output["OutputKey"].as_str().expect("a key");
            assert_eq!(written[name][key], output["OutputValue"], "output `{key}` in {written}");
        }
        Outputs(written[name].clone())
    }
}

impl Outputs {
    #[track_caller]
    pub(crate) fn get(&self, key: &str) -> &str {
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

    /// Where the hosted login sends its users back to: the site's own page.
    #[track_caller]
    pub(crate) fn redirect(&self, aws: &Aws) -> String {
        let asked = json!({ "UserPoolId": self.user_pool(), "ClientId": self.client() });
        let client = aws.call("cognito-idp", "describe_user_pool_client", asked);
        let callbacks = client["UserPoolClient"]["CallbackURLs"].as_array().expect("callbacks");
        let redirect = format!("{}/", self.get("SiteUrl"));
        assert!(callbacks.contains(&json!(redirect)), "{redirect} is not among {callbacks:?}");
        redirect
    }

    pub(crate) fn cognito(&self, emulator: &Emulator) -> Cognito {
        Cognito::new(emulator, self.user_pool(), self.client())
    }
}
