//! Which types of resources run here, and why the others do not.

use stack_builder_local_api_gateway as api_gateway;
use stack_builder_local_cloudfront as cloudfront;
use stack_builder_local_cognito as cognito;
use stack_builder_local_dynamodb as dynamodb;
use stack_builder_local_iam as iam;
use stack_builder_local_lambda as lambda;
use stack_builder_local_logs as logs;
use stack_builder_local_s3 as s3;
use stack_builder_local_secretsmanager as secretsmanager;

/// What becomes of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It works.
    Runs,
    /// It does not, for this reason.
    NotRun(&'static str),
}

/// What becomes of a type.
pub(crate) fn of(kind: &str) -> Kind {
    let crates = [
        api_gateway::RUNS,
        cloudfront::RUNS,
        cognito::RUNS,
        dynamodb::RUNS,
        iam::RUNS,
        lambda::RUNS,
        logs::RUNS,
        s3::RUNS,
        secretsmanager::RUNS,
    ];
    if crates.iter().any(|runs| runs.contains(&kind)) {
        return Kind::Runs;
    }
    Kind::NotRun(match kind.split("::").nth(1).unwrap_or_default() {
        "CertificateManager" => "a local run needs no certificate, or makes its own with `--tls`",
        "Route53" => "names are not served here; the distribution behind them has an address of its own",
        "Amplify" => "Amplify Hosting does not run here",
        "CloudWatch" => "nothing is measured here",
        "SNS" | "SQS" | "Events" | "StepFunctions" => "messages and events do not run here",
        _ => "this type does not run here",
    })
}
