//! What can stop the engine, each with what to do next.

use crate::{DeployFailure, Finding, SeedError, SiteError};
use stack_builder_assembly::{AssemblyError, asset_bucket_name};

/// Why a step could not be done. [`Error::hint`] says what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No region is set anywhere.
    #[error("no AWS region is set")]
    NoRegion,
    /// No credentials, or a source of credentials that does not work.
    #[error("no AWS credentials: {detail}")]
    NoCredentials {
        /// What the sources said.
        detail: String,
    },
    /// Credentials that AWS does not know.
    #[error("AWS does not accept these credentials (`{action}`): {message}")]
    RejectedCredentials {
        /// The call that was refused, as an IAM action.
        action: &'static str,
        /// What the service said.
        message: String,
    },
    /// The credentials were good once.
    #[error("the AWS credentials have expired (`{action}`)")]
    ExpiredCredentials {
        /// The call that was refused, as an IAM action.
        action: &'static str,
    },
    /// The credentials are known but may not do this.
    #[error("not allowed to call `{action}`: {message}")]
    AccessDenied {
        /// The call that was refused, as an IAM action.
        action: &'static str,
        /// What the service said.
        message: String,
    },
    /// Nothing answered.
    #[error("cannot reach {endpoint} for `{action}`: {detail}")]
    Unreachable {
        /// The endpoint's URL, or the service and region when it is the ordinary one.
        endpoint: String,
        /// The call, as an IAM action.
        action: &'static str,
        /// What the connection said.
        detail: String,
    },
    /// The service asked for fewer calls, and went on asking.
    #[error("`{action}` was throttled again and again")]
    Throttled {
        /// The call, as an IAM action.
        action: &'static str,
    },
    /// Any other answer that is an error.
    #[error("`{action}` failed with {code}: {message} (request id {request_id})")]
    Service {
        /// The call, as an IAM action.
        action: &'static str,
        /// The service's error code.
        code: String,
        /// The service's message.
        message: String,
        /// The request's id, which AWS Support asks for.
        request_id: String,
    },

    /// The application was made for one region and is to go to another.
    #[error("the stacks were made for {made_for}, which their archives name, and cannot go to {chosen}")]
    OtherHome {
        /// The region that the assembly was made for.
        made_for: String,
        /// The region chosen now.
        chosen: String,
    },
    /// A stack of this name was made for the application in another region.
    #[error("stack `{stack}` in {region} belongs to the application in {home}, not to that in {chosen}")]
    OtherHomeStands {
        /// The stack's name in CloudFormation.
        stack: String,
        /// Its region.
        region: String,
        /// The region of the application's other stacks.
        home: String,
        /// The region chosen now.
        chosen: String,
    },
    /// A stack of this name stands that is not the application's.
    #[error("stack `{stack}` in {region} {}", owned_by(owner.as_deref(), app))]
    ForeignStack {
        /// The stack's name in CloudFormation.
        stack: String,
        /// Its region.
        region: String,
        /// The application that made it; `None` when none did.
        owner: Option<String>,
        /// The application that wants the name.
        app: String,
    },
    /// An input comes from a stack that the application does not have.
    #[error(
        "stack `{stack}` fills its parameter `{parameter}` from stack `{from}`, which the application does not have"
    )]
    UnknownSource {
        /// The stack's name on the command line.
        stack: String,
        /// Its parameter.
        parameter: String,
        /// The stack that is not there.
        from: String,
    },
    /// An input comes from an output that the other stack's template does not declare.
    #[error(
        "stack `{stack}` fills its parameter `{parameter}` from output `{output}`, which stack `{from}` does not have"
    )]
    UnknownOutput {
        /// The stack's name on the command line.
        stack: String,
        /// Its parameter.
        parameter: String,
        /// The other stack's name on the command line.
        from: String,
        /// The output that is not there.
        output: String,
    },
    /// No order puts every stack after those that it takes inputs from.
    #[error("stacks take inputs from one another in a circle: {}", circle(stacks))]
    InputCycle {
        /// Their names on the command line, each one's source after it; the first is the last again.
        stacks: Vec<String>,
    },
    /// A stack that stands has not the output that another one is to receive.
    #[error(
        "stack `{from}` has no output `{output}` to fill parameter `{parameter}` of stack `{stack}` from"
    )]
    MissingOutput {
        /// The stack's name on the command line.
        stack: String,
        /// Its parameter.
        parameter: String,
        /// The other stack's name on the command line.
        from: String,
        /// The output that it lacks.
        output: String,
    },

    /// The asset bucket is missing and the bootstrap stack too.
    #[error("account {account} is not bootstrapped in {}: there is no bucket {}", regions.join(" and "), buckets(account, regions))]
    NotBootstrapped {
        /// The account.
        account: String,
        /// The regions without one.
        regions: Vec<String>,
    },
    /// The asset bucket's name is taken by someone else, or closed to these credentials.
    #[error("bucket `{bucket}` is not account {account}'s own, or these credentials may not use it")]
    ForeignBucket {
        /// The bucket.
        bucket: String,
        /// The account that should own it.
        account: String,
    },
    /// The bootstrap stack stands, but its bucket was deleted behind its back.
    #[error("stack `{stack}` says that bucket `{bucket}` exists, but it was deleted")]
    AssetBucketGone {
        /// The bootstrap stack.
        stack: String,
        /// The bucket.
        bucket: String,
        /// The region.
        region: String,
    },

    /// The assembly could not be read.
    #[error(transparent)]
    Assembly(#[from] AssemblyError),
    /// A packaged archive could not be read.
    #[error("cannot read the archive `{path}`: {source}")]
    Archive {
        /// The archive.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The template names an asset that `package` has not made.
    #[error("stack `{stack}` needs the asset `{asset}`, which is not packaged")]
    NotPackaged {
        /// The stack's name on the command line.
        stack: String,
        /// The asset's logical name.
        asset: String,
    },
    /// CloudFormation takes no template of this size.
    #[error("the template of `{stack}` has {size} bytes; CloudFormation takes at most {limit}")]
    TemplateTooLarge {
        /// The stack's name in CloudFormation.
        stack: String,
        /// Its template's size in bytes.
        size: usize,
        /// The most that CloudFormation takes, in bytes.
        limit: usize,
    },
    /// The stack must be deleted before it can be created again.
    #[error("stack `{stack}` is in {status}: its creation failed and it can only be deleted")]
    MustBeDestroyed {
        /// The stack's name in CloudFormation.
        stack: String,
        /// The region.
        region: String,
        /// Its status.
        status: String,
    },
    /// Another operation is under way.
    #[error("stack `{stack}` is in {status}: another operation is under way")]
    Busy {
        /// The stack's name in CloudFormation.
        stack: String,
        /// The region.
        region: String,
        /// Its status.
        status: String,
    },
    /// The stack is stuck in a state that only a person can resolve.
    #[error("stack `{stack}` is in {status} and cannot be deployed{}", after_colon(reason.as_deref()))]
    Stuck {
        /// The stack's name in CloudFormation.
        stack: String,
        /// The region.
        region: String,
        /// Its status.
        status: String,
        /// What CloudFormation says about it.
        reason: Option<String>,
    },
    /// Parameters have neither a value nor a default.
    #[error("stack `{stack}` needs values for its parameters: {}", names.join(", "))]
    MissingParameters {
        /// The stack's name in CloudFormation.
        stack: String,
        /// The parameters' names.
        names: Vec<String>,
    },
    /// CloudFormation refused to make a change set.
    #[error("no change set for stack `{stack}`: {reason}{}", listed(findings))]
    Refused {
        /// The stack's name in CloudFormation.
        stack: String,
        /// CloudFormation's reason.
        reason: String,
        /// What its validation before deployment found.
        findings: Vec<Finding>,
    },
    /// CloudFormation took the request and did nothing.
    #[error("CloudFormation never began with stack `{stack}`, which is in {status}")]
    NeverBegan {
        /// The stack's name in CloudFormation.
        stack: String,
        /// Its status, from before the request.
        status: String,
    },
    /// Something other than AWS answered.
    #[error("{endpoint} gave an answer to `{action}` that is not AWS's: {detail}")]
    NotAws {
        /// The endpoint's URL, or the service and region when it is the ordinary one.
        endpoint: String,
        /// The call, as an IAM action.
        action: &'static str,
        /// What is wrong with the answer.
        detail: String,
    },
    /// A variable that names an endpoint is set to nothing.
    #[error("the environment variable `{variable}` is empty")]
    EmptyEndpoint {
        /// The variable.
        variable: &'static str,
    },
    /// The operation was carried out and failed.
    #[error(transparent)]
    Failed(#[from] Box<DeployFailure>),

    /// A site cannot be published.
    #[error(transparent)]
    Site(#[from] Box<SiteError>),
    /// Demonstration data cannot be loaded.
    #[error(transparent)]
    Seed(#[from] Box<SeedError>),

    /// There is no such stack.
    #[error("there is no stack `{stack}` in {region}")]
    StackAbsent {
        /// The stack's name in CloudFormation.
        stack: String,
        /// The region.
        region: String,
    },
    /// A stack that stays takes outputs of one that is to go.
    #[error("stack `{user_stack}` in {region} stands and takes outputs of `{stack}`")]
    StillUsed {
        /// The name on the command line of the stack that is to go.
        stack: String,
        /// The other one's name on the command line.
        user: String,
        /// The other one's name in CloudFormation.
        user_stack: String,
        /// The other one's region.
        region: String,
    },
    /// The stack is protected against deletion.
    #[error("stack `{stack}` is protected against deletion")]
    TerminationProtected {
        /// The stack's name in CloudFormation.
        stack: String,
        /// The region.
        region: String,
    },
    /// The stack's template is not ours to read, so what must be kept cannot be known.
    #[error("the template of stack `{stack}` is no JSON, so it was not made by `stack-builder`")]
    ForeignTemplate {
        /// The stack's name in CloudFormation.
        stack: String,
    },
    /// Objects that could not be deleted from a bucket that is to go.
    #[error("cannot empty bucket `{bucket}`: {failed} object{} refused; `{key}`: {message}", if *failed == 1 { " was" } else { "s were" })]
    NotEmptied {
        /// The bucket.
        bucket: String,
        /// How many objects were refused in one batch.
        failed: usize,
        /// The first of them.
        key: String,
        /// What S3 said about it.
        message: String,
    },
}

fn owned_by(owner: Option<&str>, app: &str) -> String {
    match owner {
        Some(owner) => format!("belongs to the application `{owner}`, and this one is `{app}`"),
        None => format!("was not made by the application `{app}`"),
    }
}

fn circle(stacks: &[String]) -> String {
    stacks.iter().map(|stack| format!("`{stack}`")).collect::<Vec<_>>().join(" -> ")
}

fn buckets(account: &str, regions: &[String]) -> String {
    let name = |region: &String| format!("`{}`", asset_bucket_name(account, region));
    regions.iter().map(name).collect::<Vec<_>>().join(" and ")
}

impl From<SiteError> for Error {
    fn from(error: SiteError) -> Self {
        Self::Site(Box::new(error))
    }
}

impl From<SeedError> for Error {
    fn from(error: SeedError) -> Self {
        Self::Seed(Box::new(error))
    }
}

fn after_colon(reason: Option<&str>) -> String {
    reason.map(|reason| format!(": {reason}")).unwrap_or_default()
}

fn listed(findings: &[Finding]) -> String {
    findings.iter().flat_map(|finding| ["\n  ".to_owned(), finding.to_string()]).collect()
}
