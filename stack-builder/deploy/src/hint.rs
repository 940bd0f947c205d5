//! What to do about an error.

use crate::{BOOTSTRAP_STACK, Error};
use stack_builder_assembly::AssemblyError;

impl Error {
    /// What to do next, in one sentence, where something can be said.
    pub fn hint(&self) -> Option<String> {
        match self {
            // What this call would tell can be said on the command line.
            Error::AccessDenied { action: action @ "apigateway:GET", .. } => {
                Some(format!("allow `{action}` to this identity, or pass `--api-gateway-logs keep` or `set`"))
            }
            Error::AccessDenied { action, .. } => {
                Some(format!("allow `{action}` to this identity, or use another profile"))
            }
            Error::AssetBucketGone { stack, region, .. } => Some(format!(
                "run `aws cloudformation delete-stack --stack-name {stack} --region {region}`, \
                 which keeps everything else, and then `stack-builder bootstrap {region}`"
            )),
            Error::MustBeDestroyed { stack, region, .. } => Some(destroy_first(stack, region)),
            Error::Busy { stack, region, .. } => Some(format!(
                "repeat the command when it is done; \
                 `aws cloudformation describe-stack-events --stack-name {stack} --region {region}` shows how far it is"
            )),
            Error::Stuck { stack, region, status, .. } => Some(unstick(stack, region, status)),
            Error::OtherHome { made_for, .. } => Some(format!(
                "pass `--region {made_for}`; or leave the region out of the stacks program, which then receives the \
                 chosen one"
            )),
            Error::OtherHomeStands { home, .. } => Some(format!(
                "pass `--region {home}`; a second one of the application takes another `--stage`"
            )),
            Error::ForeignStack { stack, region, app, .. } => Some(format!(
                "name the stack otherwise or pass another `--stage`; if it is yours all the same, tag it: `aws \
                 cloudformation update-stack --stack-name {stack} --region {region} --use-previous-template \
                 --capabilities CAPABILITY_NAMED_IAM --tags Key=stack-builder:app,Value={app}`"
            )),
            Error::UnknownSource { from, .. } => {
                Some(format!("add `{from}` to the application, or mend the name in the stack"))
            }
            Error::UnknownOutput { from, output, .. } => {
                Some(format!("add the output `{output}` to `{from}`, or mend the name in the stack"))
            }
            Error::MissingOutput { from, output, .. } => Some(format!(
                "see `stack-builder outputs {from}`; an output under a condition is there only while the condition \
                 of `{output}` holds"
            )),
            Error::StillUsed { stack, user, .. } => Some(format!(
                "nothing was destroyed; destroy both with `stack-builder destroy {user} {stack}`, or deploy `{user}` \
                 without that input first"
            )),
            Error::NotBootstrapped { regions, .. } => {
                Some(format!("run `stack-builder bootstrap {}` once", regions.join(" ")))
            }
            Error::TerminationProtected { stack, region } => Some(format!(
                "lift it with `aws cloudformation update-termination-protection --no-enable-termination-protection \
                 --stack-name {stack} --region {region}`"
            )),
            Error::Failed(failure) => failure.hint(),
            Error::Site(error) => Some(error.hint()),
            Error::Seed(error) => Some(error.hint()),
            other => fixed(other).map(str::to_owned),
        }
    }
}

fn fixed(error: &Error) -> Option<&'static str> {
    Some(match error {
        Error::NoRegion => "pass `--region`, or set `AWS_REGION` or `region` in the AWS profile",
        Error::NoCredentials { .. } => {
            "set `AWS_PROFILE`, or `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; with single sign-on run \
             `aws sso login` first"
        }
        Error::RejectedCredentials { .. } => {
            "check the access key and the secret key, that they belong together, and this machine's clock"
        }
        Error::ExpiredCredentials { .. } => {
            "sign in again, for example with `aws sso login`, and repeat the command; it continues where it stopped"
        }
        Error::Unreachable { .. } => {
            "check the network, the region and `AWS_ENDPOINT_URL`, and repeat the command"
        }
        Error::Refused { reason, .. } if reason.contains("Unrecognized resource types") => {
            "this region does not offer them; pass another `--region`, or describe the stack without them"
        }
        Error::Refused { .. } => {
            "nothing was changed; mend in the stack what is named here, and deploy again"
        }
        Error::NeverBegan { .. } => "nothing was changed; run the command again",
        Error::NotAws { .. } => "check `AWS_ENDPOINT_URL`, the proxy and the network",
        Error::EmptyEndpoint { .. } => "unset it, or give it the URL of an endpoint",
        Error::Throttled { .. } => "wait a minute and repeat the command",
        Error::InputCycle { .. } => "move what they need of one another into a stack of its own",
        Error::ForeignBucket { .. } => {
            "check that the credentials belong to this account; a bucket of another one is never used"
        }
        Error::Assembly(AssemblyError::Absent(_)) => "run `stack-builder synth` first",
        Error::Assembly(_) | Error::Archive { .. } | Error::NotPackaged { .. } => {
            "run `stack-builder package`"
        }
        Error::TemplateTooLarge { .. } => "split the stack",
        Error::MissingParameters { .. } => "pass `--parameter NAME=VALUE` for each, or give them a default",
        Error::StackAbsent { .. } => "run `stack-builder deploy`, or check the region and the stage",
        Error::ForeignTemplate { .. } => "delete it with the tool that made it",
        Error::NotEmptied { .. } => "delete the object or lift its lock, and repeat the command",
        _ => return None,
    })
}

pub(crate) fn destroy_first(stack: &str, region: &str) -> String {
    if stack == BOOTSTRAP_STACK {
        format!(
            "run `aws cloudformation delete-stack --stack-name {stack} --region {region}`, then \
             `stack-builder bootstrap {region}` again"
        )
    } else {
        "run `stack-builder destroy` for it, then deploy again".to_owned()
    }
}

fn unstick(stack: &str, region: &str, status: &str) -> String {
    let named = format!("--stack-name {stack} --region {region}");
    match status {
        "DELETE_FAILED" => {
            "run `stack-builder destroy` for it again; its events say what is in the way".to_owned()
        }
        "UPDATE_ROLLBACK_FAILED" => format!(
            "mend what the events name, then run `aws cloudformation continue-update-rollback {named}`"
        ),
        _ => format!("look at `aws cloudformation describe-stack-events {named}`"),
    }
}
