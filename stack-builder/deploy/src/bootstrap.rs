//! `bootstrap`: what an account and region need once, as an ordinary stack.

use crate::api_gateway_logs::{ApiGatewayLogs, PARAMETER, decide, role_name};
use crate::asset_bucket::{bucket_exists, claims_the_bucket};
use crate::prepare::prepare_template;
use crate::stack::{accepts, describe};
use crate::wanted::Wanted;
use crate::{Action, Change, Environment, Error, Prepared};
use serde_json::Value;
use std::collections::BTreeMap;

/// The bootstrap stack's name in CloudFormation.
pub const BOOTSTRAP_STACK: &str = "stack-builder-bootstrap";

const TEMPLATE: &str = include_str!("bootstrap.template.json");

/// What [`prepare_bootstrap`] found.
#[derive(Debug)]
pub struct PreparedBootstrap {
    /// The change set, if there is anything to do.
    pub prepared: Prepared,
    /// The ARN of the role with which API Gateway writes logs, where one is set that is not ours and so stays.
    pub kept_log_role: Option<String>,
    /// Whether that role becomes the bootstrap stack's, whichever it was: a change to the whole account and region.
    pub sets_log_role: bool,
}

/// Makes a change set for the bootstrap stack, as [`prepare`](crate::prepare()) does for any other.
///
/// The stack holds the asset bucket: encrypted, versioned, private, TLS only, old versions kept for 30 days. It is
/// retained when the stack is deleted, so that assets are never lost, and comes under a new stack again.
///
/// It can also hold the role with which API Gateway writes logs, and makes it the account's for this region; both are
/// retained like the bucket. Without `logs`, a stack that stands goes on with what it does, and a new one sets the
/// role unless the account has another.
/// Four calls, one more to look for that role.
///
/// # Errors
/// [`Error::AssetBucketGone`] when the stack stands but its bucket was deleted, [`Error::ForeignBucket`] when the
/// bucket is someone else's, and what [`prepare`](crate::prepare()) fails with.
pub async fn prepare_bootstrap(
    environment: &Environment,
    logs: Option<ApiGatewayLogs>,
) -> Result<PreparedBootstrap, Error> {
    let bucket_exists = bucket_exists(environment).await?;
    let standing = describe(environment, BOOTSTRAP_STACK).await?;
    if !bucket_exists && standing.as_ref().is_some_and(claims_the_bucket) {
        return Err(Error::AssetBucketGone {
            stack: BOOTSTRAP_STACK.to_owned(),
            bucket: environment.asset_bucket(),
            region: environment.region.clone(),
        });
    }
    accepts(&environment.region, BOOTSTRAP_STACK, standing.as_ref())?;
    let decision = decide(environment, logs, standing.as_ref()).await?;
    let choice = decision.logs.map(|logs| (PARAMETER.to_owned(), logs.parameter().to_owned()));
    let (parameters, tags) = (choice.into_iter().collect(), BTreeMap::new());
    let template = template(environment);
    let wanted = Wanted { template: &template, tags: &tags, parameters: &parameters, import_existing: true };
    let prepared = prepare_template(environment, BOOTSTRAP_STACK, standing, wanted).await?;
    let sets_log_role = decision.logs != Some(ApiGatewayLogs::Keep) && touches_the_account(&prepared);
    Ok(PreparedBootstrap { prepared, kept_log_role: decision.kept, sets_log_role })
}

fn touches_the_account(prepared: &Prepared) -> bool {
    let Prepared::ChangeSet(change_set) = prepared else { return false };
    let sets = |change: &Change| {
        change.resource_type == "AWS::ApiGateway::Account" && change.action != Action::Remove
    };
    change_set.changes.iter().any(sets)
}

/// CloudFormation brings an existing bucket or role under the stack only when its name is written out.
/// See <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html>.
fn template(environment: &Environment) -> Value {
    let mut template: Value = serde_json::from_str(TEMPLATE).unwrap_or_default();
    let resources = &mut template["Resources"];
    resources["AssetBucket"]["Properties"]["BucketName"] = environment.asset_bucket().into();
    resources["ApiGatewayLogRole"]["Properties"]["RoleName"] = role_name(&environment.region).into();
    template
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_json_and_keeps_what_others_rely_on() {
        let template: Value = serde_json::from_str(TEMPLATE).expect("JSON");
        let resources = template["Resources"].as_object().expect("resources");
        for kept in ["AssetBucket", "ApiGatewayAccount", "ApiGatewayLogRole"] {
            assert_eq!(resources[kept]["DeletionPolicy"], "Retain", "{kept}");
        }
        let values = &template["Parameters"][PARAMETER]["AllowedValues"];
        assert_eq!(
            values,
            &Value::from([ApiGatewayLogs::Set, ApiGatewayLogs::Keep].map(ApiGatewayLogs::parameter).to_vec())
        );
        let name = &resources["AssetBucket"]["Properties"]["BucketName"]["Fn::Sub"];
        assert_eq!(name, &Value::from(stack_builder_assembly::asset_bucket_sub()));
    }
}
