//! Functions of Lambda@Edge in Rust: run by CloudFront near the viewer.

use super::edge_limits::{self, EDGE_REGION, Origins};
use super::edge_role;
use super::global_name::digest;
use super::log_group;
use crate::construct::Construct;
use crate::grant::Grant;
use crate::scope::Scope;
use serde_core::Serialize;
use stack_builder_assembly::{Asset, AssetPart, Diagnostic, asset_bucket_sub};
use stack_builder_cfn::lambda::{self, function as nested};
use stack_builder_cfn::{
    Attributes, IntoValue, LogicalId, Node, Object, RemovalPolicy, ResourceRef, Statement, Value, intrinsic,
    logs,
};
use std::fmt;
use std::panic::Location;

/// A Lambda@Edge function in Rust: a program of the workspace on a managed runtime, which replaces itself by it.
///
/// It belongs to a stack that is pinned to us-east-1, and CloudFront runs copies of a numbered version of it all over
/// the world. Each change of its code, its configuration or its settings publishes a new version. Environment
/// variables do not exist there: what it must know is its [`config`](Self::config). Defaults: 128 MB, 5 s.
///
/// It logs to `/aws/lambda/us-east-1.<name>` in the region where it runs. The group of us-east-1 is the stack's, kept
/// for 30 days; those of other regions come with the first viewer there, and never expire.
///
/// It can be deleted only once CloudFront has given up its copies, hours after no distribution names it.
#[must_use = "a construct does nothing until it is added"]
pub struct EdgeFunction {
    l1: lambda::Function,
    bin: String,
    config: serde_json::Value,
    statements: Vec<Statement>,
    logs: logs::LogGroup,
    origins: Origins,
    faults: Vec<Diagnostic>,
}

impl EdgeFunction {
    /// The function whose code is the binary target `bin` of a package in the workspace.
    #[track_caller]
    pub fn rust(bin: &str) -> Self {
        let l1 = lambda::Function::new()
            .runtime(nested::Runtime::Python3_13)
            .handler("index.handler")
            .architectures([nested::Architecture::X86_64])
            .memory_size(edge_limits::VIEWER_MEMORY)
            .timeout(edge_limits::VIEWER_TIMEOUT)
            .code(nested::Code::new())
            // Taken by the function's own role once it is added.
            .role(Value::from_node(Node::Null));
        Self {
            l1,
            bin: bin.to_owned(),
            config: serde_json::Value::Object(serde_json::Map::new()),
            statements: Vec::new(),
            logs: log_group::new(),
            origins: Origins::PerhapsViewers,
            faults: Vec::new(),
        }
    }

    /// Archives `config` beside the program, as `config.json`. Never a secret: anyone who may fetch the function's
    /// code sees it.
    #[track_caller]
    pub fn config(mut self, config: &impl Serialize) -> Self {
        match serde_json::to_value(config) {
            Ok(config) => {
                if Node::is_printed_in(&config.to_string()) {
                    self.illegal_config("holds a value as `{:?}` prints it, and nothing fills it in");
                }
                self.config = config;
            }
            Err(error) => self.illegal_config(&format!("cannot be written as JSON: {error}")),
        }
        self
    }

    /// The same for a configuration that checks itself: what is wrong with it is reported.
    #[track_caller]
    pub fn checked_config<C: Serialize, E: fmt::Display>(mut self, config: Result<C, E>) -> Self {
        match config {
            Ok(config) => self.config(&config),
            Err(error) => {
                self.illegal_config(&format!("is refused: {error}"));
                self
            }
        }
    }

    #[track_caller]
    fn illegal_config(&mut self, problem: &str) {
        let message = format!("the configuration of `{}` {problem}", self.bin);
        self.faults.push(Diagnostic::error("illegal-config", message).caused_by(Location::caller()));
    }

    /// Lets the function do what `grant` permits.
    pub fn grant(mut self, grant: Grant) -> Self {
        self.statements.extend(grant.statements);
        self
    }

    /// Memory in MB, 128 unless said otherwise; older accounts give no more for viewer events.
    #[track_caller]
    pub fn memory(mut self, megabytes: u32) -> Self {
        self.l1 = self.l1.memory_size(megabytes);
        self
    }

    /// Seconds after which a call is ended, 5 unless said otherwise and 30 at most; older accounts give no more than
    /// 5 for viewer events.
    #[track_caller]
    pub fn timeout(mut self, seconds: u32) -> Self {
        self.l1 = self.l1.timeout(seconds);
        self
    }

    /// Says that it handles origin events only, for which no account has the lower limits.
    pub fn origin_events_only(mut self) -> Self {
        self.origins = Origins::Only;
        self
    }

    /// Says what the function does, in at most 256 characters.
    #[track_caller]
    pub fn description(mut self, text: impl IntoValue<String>) -> Self {
        self.l1 = self.l1.description(text);
        self
    }

    /// Days for which its logs of us-east-1 are kept, 30 unless said otherwise; CloudWatch Logs takes only some
    /// numbers.
    #[track_caller]
    pub fn log_retention(mut self, days: impl IntoValue<i64>) -> Self {
        self.logs = self.logs.retention_in_days(days);
        self
    }

    /// Changes the CloudFormation resource underneath. Code and role are the construct's; what Lambda@Edge does not
    /// know is reported.
    #[track_caller]
    pub fn l1(mut self, change: impl FnOnce(lambda::Function) -> lambda::Function) -> Self {
        self.l1 = change(self.l1);
        self
    }
}

impl Construct for EdgeFunction {
    type Handle = EdgeFunctionRef;

    fn build(self, scope: &mut Scope) -> EdgeFunctionRef {
        self.faults.into_iter().for_each(|fault| scope.report(fault));
        // One archive a function: another function of the same program has another configuration.
        let asset = format!("{}-{}", scope.stack_name(), scope.logical_id());
        let role = scope.add("Role", edge_role::role(self.statements));
        let l1 = self.l1.role(role.arn()).code_with(|code| {
            code.s3_bucket(intrinsic::sub(&asset_bucket_sub(), [])).s3_key(format!("{asset}.zip"))
        });
        let function = scope.resource(l1);
        let settings = check(scope, function.logical_id(), self.origins);
        let group = edge_role::log_group_name(&function);
        let logs = scope.add("Logs", self.logs.log_group_name(group.clone()));
        let logging = scope.add("Logging", edge_role::logging(&role, &group));
        let version = lambda::Version::new()
            .function_name(function.reference())
            .description(format!("settings {settings:016x}"))
            // What a distribution still names cannot be deleted, and it names the old version until it has followed.
            // A new one goes when its creation is rolled back: Lambda makes no second version of the same code, so
            // the next attempt would fail for the one that stayed.
            .removal_policy(RemovalPolicy::RetainExceptOnCreate)
            .depends_on(&logs)
            .depends_on(&logging);
        let version = scope.add("Version", version);
        let built = Asset::EdgeFunction { bin: self.bin, config: self.config };
        scope.use_asset(&asset, built.clone(), function.logical_id(), "Code", AssetPart::Location);
        scope.use_asset(&asset, built, version.logical_id(), "CodeSha256", AssetPart::Sha256);
        EdgeFunctionRef { name: function.reference(), version: version.reference(), role: role.arn() }
    }
}

/// Reports what Lambda@Edge does not take, and returns a digest of the settings.
///
/// A version is a copy of code and settings: without the digest in its description, a change of a setting alone
/// would never reach the edge.
fn check(scope: &mut Scope, function: &LogicalId, origins: Origins) -> u64 {
    if let Some(fault) = region_fault(scope.region()) {
        scope.report(fault);
    }
    let Some(entry) = scope.template_mut().resource(function) else { return 0 };
    let found = edge_limits::check(&entry.definition.properties, origins);
    let settings = settings(&entry.definition.properties);
    for fault in found {
        scope.report(fault.at(function.as_str()));
    }
    settings
}

fn region_fault(region: Option<&str>) -> Option<Diagnostic> {
    let goes = match region {
        Some(EDGE_REGION) => return None,
        Some(region) => format!("is pinned to `{region}`"),
        None => "goes to whatever region is chosen".to_owned(),
    };
    let message = format!("an edge function must be in {EDGE_REGION}, and its stack {goes}");
    let hint = "call `stack.pin_to_region(\"us-east-1\")` before, in a stack of its own if need be, and hand the \
                version's ARN over as an output";
    Some(Diagnostic::error("edge-region", message).hint(hint))
}

fn settings(properties: &Object) -> u64 {
    let settings = properties.entries().iter().filter(|entry| entry.key != "Code");
    let settings: Vec<_> = settings.map(|entry| (&entry.key, &entry.node)).collect();
    digest(&serde_json::to_vec(&settings).unwrap_or_default())
}

/// A handle on an edge function.
#[derive(Clone, Debug)]
pub struct EdgeFunctionRef {
    name: Value<String>,
    version: Value<String>,
    role: Value<String>,
}

impl EdgeFunctionRef {
    /// The ARN of its newest numbered version, for [`StaticSite::edge`](crate::StaticSite::edge).
    pub fn version_arn(&self) -> Value<String> {
        self.version.clone()
    }

    /// Its name.
    pub fn name(&self) -> Value<String> {
        self.name.clone()
    }

    /// The ARN of its role.
    pub fn role_arn(&self) -> Value<String> {
        self.role.clone()
    }
}
