//! `bootstrap`: what an account and region need once, as an ordinary stack.

use crate::asset_bucket::{bucket_exists, claims_the_bucket};
use crate::prepare::prepare_template;
use crate::stack::describe;
use crate::wanted::Wanted;
use crate::{Environment, Error, Prepared};
use serde_json::Value;
use std::collections::BTreeMap;

/// The bootstrap stack's name in CloudFormation.
pub const BOOTSTRAP_STACK: &str = "stack-builder-bootstrap";

const TEMPLATE: &str = include_str!("bootstrap.template.json");

/// The template's parameter for [`ApiGatewayLogs`].
const LOGS: &str = "ApiGatewayLogs";

/// What to do about the role with which API Gateway writes logs: an account has one for each region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiGatewayLogs {
    /// Set a role of the bootstrap stack, whichever the account has.
    Set,
    /// Leave the account's as it is.
    Keep,
}

/// Makes a change set for the bootstrap stack, as [`prepare`](crate::prepare()) does for any other.
///
/// The stack holds the asset bucket: encrypted, versioned, private, TLS only, old versions kept for 30 days. It is
/// retained when the stack is deleted, so that assets are never lost, and comes under a new stack again.
/// It also holds the role with which API Gateway writes logs, and makes it the account's for this region, unless
/// `logs` says otherwise; without `logs` a stack that stands keeps to what it does. Both are retained like the bucket.
/// Four calls, one more when there is no bucket yet.
///
/// # Errors
/// [`Error::AssetBucketGone`] when the stack stands but its bucket was deleted, [`Error::ForeignBucket`] when the
/// bucket is someone else's, and what [`prepare`](crate::prepare()) fails with.
pub async fn prepare_bootstrap(
    environment: &Environment,
    logs: Option<ApiGatewayLogs>,
) -> Result<Prepared, Error> {
    if !bucket_exists(environment).await?
        && describe(environment, BOOTSTRAP_STACK).await?.as_ref().is_some_and(claims_the_bucket)
    {
        return Err(Error::AssetBucketGone {
            stack: BOOTSTRAP_STACK.to_owned(),
            bucket: environment.asset_bucket(),
            region: environment.region.clone(),
        });
    }
    let parameters = logs.map(|logs| (LOGS.to_owned(), logs.parameter().to_owned())).into_iter().collect();
    let (tags, template) = (BTreeMap::new(), template(environment));
    let wanted = Wanted { template: &template, tags: &tags, parameters: &parameters, import_existing: true };
    prepare_template(environment, BOOTSTRAP_STACK, wanted).await
}

impl ApiGatewayLogs {
    fn parameter(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Keep => "keep",
        }
    }
}

/// CloudFormation brings an existing bucket or role under the stack only when its name is written out.
/// See <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html>.
fn template(environment: &Environment) -> Value {
    let mut template: Value = serde_json::from_str(TEMPLATE).unwrap_or_default();
    let resources = &mut template["Resources"];
    resources["AssetBucket"]["Properties"]["BucketName"] = environment.asset_bucket().into();
    resources["ApiGatewayLogRole"]["Properties"]["RoleName"] =
        format!("stack-builder-api-gateway-logs-{}", environment.region).into();
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
        let values = &template["Parameters"][LOGS]["AllowedValues"];
        assert_eq!(
            values,
            &Value::from([ApiGatewayLogs::Set, ApiGatewayLogs::Keep].map(ApiGatewayLogs::parameter).to_vec())
        );
        let name = &resources["AssetBucket"]["Properties"]["BucketName"]["Fn::Sub"];
        assert_eq!(name, &Value::from(stack_builder_assembly::asset_bucket_sub()));
    }
}
