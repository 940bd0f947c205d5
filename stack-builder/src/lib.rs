//! Describe a serverless application on AWS in typed Rust.
//!
//! A [`Stack`] is a value: constructs are added to it, and `synth` writes the template that they make. Nothing here
//! talks to AWS, runs a handler or can fail half-way: what is wrong becomes a diagnostic that names your own line.
//!
//! ```no_run
//! use stack_builder::{App, Bucket, Function, HttpApi, Stack, Table, get};
//! use std::process::ExitCode;
//!
//! fn main() -> ExitCode {
//!     App::new("notes").stack("notes", notes).synth()
//! }
//!
//! fn notes(stack: &mut Stack) {
//!     let table = stack.add("Table", Table::keyed_by("owner").sorted_by("id"));
//!     let list = stack.add(
//!         "List",
//!         Function::rust("notes-list").env("TABLE_NAME", table.name()).grant(table.read()),
//!     );
//!     let api = stack.add("Api", HttpApi::new().route("/notes", get(&list)));
//!     stack.output("Url", api.url());
//! }
//! ```
//!
//! Every resource type of CloudFormation is a construct too: `stack.add("Queue", cfn::sqs::Queue::new())` with the
//! feature `sqs` of `stack-builder-cfn`.

mod app;
mod construct;
pub mod constructs;
mod grant;
mod inputs;
mod scope;
mod stack;
mod stage;
mod synth;

pub use app::App;
pub use construct::Construct;
pub use constructs::{
    AmplifyApp, AmplifyAppRef, Bucket, BucketRef, Certificate, CertificateRef, CognitoAuthorizer, Cors,
    Domain, EdgeEvent, EdgeFunction, EdgeFunctionRef, Function, FunctionRef, HostedZone, HttpApi, HttpApiRef,
    JwtAuthorizer, Origin, PriceClass, RestApi, RestApiRef, Route, RouteTable, Secret, SecretRef, SignIn,
    StaticSite, StaticSiteRef, Table, TableKey, TableRef, TlsFloor, UsagePlan, UserPool, UserPoolClient,
    UserPoolClientRef, UserPoolDomain, UserPoolDomainRef, UserPoolRef, delete, get, patch, post, put,
};
pub use grant::Grant;
pub use scope::Scope;
pub use stack::Stack;
pub use stack_builder_assembly::Architecture;
pub use stack_builder_cfn as cfn;
pub use stack_builder_cfn::{Attributes, IntoValue, LogicalId, RemovalPolicy, ResourceRef, Value, pseudo};
pub use stage::Stage;
