//! Lambda functions in Rust, each with a role and a log group of its own.

use super::log_group;
use super::reserved_variables;
use crate::construct::Construct;
use crate::grant::Grant;
use crate::scope::Scope;
use stack_builder_assembly::{Architecture, Asset, AssetPart, asset_bucket_sub};
use stack_builder_cfn::lambda::{self, function as nested};
use stack_builder_cfn::{
    IntoValue, LogicalId, Map, Node, Object, PolicyDocument, Resource, ResourceRef, Statement, Value, iam,
    intrinsic, logs,
};

/// A Lambda function in Rust on `provided.al2023`.
///
/// It gets a log group of its own, kept for 30 days, and a role that may write to that group and do what
/// [`grant`](Self::grant) adds, nothing else. Defaults: x86_64, 256 MB, 10 s, logs in JSON.
#[must_use = "a construct does nothing until it is added"]
pub struct Function {
    l1: lambda::Function,
    bin: String,
    architecture: Architecture,
    /// Each variable remembers the line that set it.
    environment: Object,
    statements: Vec<Statement>,
    logs: logs::LogGroup,
}

impl Function {
    /// The function whose code is the binary target `bin` of a package in the workspace.
    #[track_caller]
    pub fn rust(bin: &str) -> Self {
        let l1 = lambda::Function::new()
            .runtime(nested::Runtime::ProvidedAl2023)
            .handler("bootstrap")
            .memory_size(256)
            .timeout(10)
            .code(nested::Code::new())
            // Taken by the function's own role once it is added.
            .role(Value::from_node(Node::Null));
        Self {
            l1,
            bin: bin.to_owned(),
            architecture: Architecture::X86_64,
            environment: Object::new(),
            statements: Vec::new(),
            logs: log_group::new(),
        }
    }

    /// Runs on another instruction set; `Arm64` is cheaper, and needs a cross compiler on an x86_64 host.
    pub fn architecture(mut self, architecture: Architecture) -> Self {
        self.architecture = architecture;
        self
    }

    /// Sets an environment variable. Never a secret: anyone who may read the function's settings sees it.
    ///
    /// Lambda sets some itself, such as `AWS_REGION`, and refuses those.
    #[track_caller]
    pub fn env(mut self, name: &str, value: impl IntoValue<String>) -> Self {
        self.environment.set(name.to_owned(), value.into_node());
        self
    }

    /// Lets the function do what `grant` permits.
    pub fn grant(mut self, grant: Grant) -> Self {
        self.statements.extend(grant.statements);
        self
    }

    /// Memory in MB, 128 to 10,240; the share of a processor grows with it.
    #[track_caller]
    pub fn memory(mut self, megabytes: impl IntoValue<i64>) -> Self {
        self.l1 = self.l1.memory_size(megabytes);
        self
    }

    /// Seconds after which a call is ended, 1 to 900; nobody waits longer than 30 behind an HTTP API, 29 behind a REST API.
    #[track_caller]
    pub fn timeout(mut self, seconds: impl IntoValue<i64>) -> Self {
        self.l1 = self.l1.timeout(seconds);
        self
    }

    /// Says what the function does, in at most 256 characters.
    #[track_caller]
    pub fn description(mut self, text: impl IntoValue<String>) -> Self {
        self.l1 = self.l1.description(text);
        self
    }

    /// Days for which its logs are kept, 30 unless said otherwise; CloudWatch Logs takes only some numbers.
    #[track_caller]
    pub fn log_retention(mut self, days: impl IntoValue<i64>) -> Self {
        self.logs = self.logs.retention_in_days(days);
        self
    }

    /// Sends traces to X-Ray, and lets the role do so.
    #[track_caller]
    pub fn trace(mut self) -> Self {
        self.l1 = self.l1.tracing_config_with(|tracing| tracing.mode(nested::Mode::Active));
        // X-Ray has no resource to name.
        self.grant(Grant::allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"))
    }

    /// Changes the CloudFormation resource underneath. Code, role, environment, architecture and logging
    /// configuration are the construct's.
    #[track_caller]
    pub fn l1(mut self, change: impl FnOnce(lambda::Function) -> lambda::Function) -> Self {
        self.l1 = change(self.l1);
        self
    }

    /// The logical name of its archive.
    fn asset_name(&self) -> String {
        match self.architecture {
            Architecture::Arm64 => format!("{}-arm64", self.bin),
            Architecture::X86_64 => self.bin.clone(),
        }
    }
}

impl Construct for Function {
    type Handle = FunctionRef;

    fn build(self, scope: &mut Scope) -> FunctionRef {
        let asset = self.asset_name();
        let logs = scope.add("Logs", self.logs);
        let role = scope.add("Role", role(self.statements, logs.arn()));
        let mut l1 = self
            .l1
            .architectures([match self.architecture {
                Architecture::Arm64 => nested::Architecture::Arm64,
                Architecture::X86_64 => nested::Architecture::X86_64,
            }])
            .role(role.arn())
            .code_with(|code| {
                code.s3_bucket(intrinsic::sub(&asset_bucket_sub(), [])).s3_key(format!("{asset}.zip"))
            })
            .logging_config_with(|logging| {
                logging.log_group(logs.reference()).log_format(nested::LogFormat::Json)
            });
        reserved_variables::report(scope, &self.environment);
        if !self.environment.entries().is_empty() {
            let variables: Value<Map<String>> = Value::from_node(Node::Object(self.environment));
            l1 = l1.environment_with(|environment| environment.variables(variables));
        }
        let l1 = scope.resource(l1);
        let built = Asset::RustFunction { bin: self.bin, architecture: self.architecture };
        scope.use_asset(&asset, built, l1.logical_id(), "Code", AssetPart::Location);
        FunctionRef { id: l1.logical_id().clone(), name: l1.reference(), arn: l1.arn() }
    }
}

/// The role of one function: its own log group, and what was granted.
fn role(granted: Vec<Statement>, log_group: Value<String>) -> iam::Role {
    let log = Statement::allow(["logs:CreateLogStream", "logs:PutLogEvents"]).on(log_group);
    let statements = PolicyDocument::new([log].into_iter().chain(granted));
    iam::Role::new()
        .assume_role_policy_document(PolicyDocument::trusting("lambda.amazonaws.com"))
        .add_policies(|policy| policy.policy_name("function").policy_document(statements))
}

/// A handle on a function.
#[derive(Clone, Debug)]
pub struct FunctionRef {
    id: LogicalId,
    name: Value<String>,
    arn: Value<String>,
}

impl FunctionRef {
    /// Its name.
    pub fn name(&self) -> Value<String> {
        self.name.clone()
    }

    /// Its ARN, without a version.
    pub fn arn(&self) -> Value<String> {
        self.arn.clone()
    }

    /// Its name in the template, unique there.
    pub(crate) fn logical_id(&self) -> &LogicalId {
        &self.id
    }

    /// Lets the part of an API that `source`, an ARN, names call it.
    pub(super) fn permit_api(&self, source: Value<String>) -> impl Resource + use<> {
        lambda::Permission::new()
            .action("lambda:InvokeFunction")
            .function_name(self.arn())
            .principal("apigateway.amazonaws.com")
            .source_arn(source)
    }

    /// Permission to call it.
    pub fn invoke(&self) -> Grant {
        Grant::allow(["lambda:InvokeFunction"], self.arn())
    }
}
