//! Whether the asset bucket is there, and whose it is.

use crate::stack::describe;
use crate::{BOOTSTRAP_STACK, Environment, Error};
use aws_sdk_cloudformation::types::Stack;

/// Makes sure that the asset bucket exists and is the account's own; one call when it is.
pub(crate) async fn require_bucket(environment: &Environment) -> Result<(), Error> {
    if bucket_exists(environment).await? {
        return Ok(());
    }
    let bucket = environment.asset_bucket();
    let region = environment.region.clone();
    Err(match describe(environment, BOOTSTRAP_STACK).await? {
        Some(stack) if claims_the_bucket(&stack) => {
            Error::AssetBucketGone { stack: BOOTSTRAP_STACK.to_owned(), bucket, region }
        }
        _ => Error::NotBootstrapped { account: environment.account.clone(), regions: vec![region] },
    })
}

/// The same for several regions of one account; all that are not prepared make one error.
pub(crate) async fn require_buckets(environments: &[&Environment]) -> Result<(), Error> {
    let (mut account, mut unprepared) = (String::new(), Vec::new());
    for environment in environments {
        match require_bucket(environment).await {
            Err(Error::NotBootstrapped { account: of, regions }) => {
                account = of;
                unprepared.extend(regions);
            }
            answer => answer?,
        }
    }
    if unprepared.is_empty() {
        return Ok(());
    }
    Err(Error::NotBootstrapped { account, regions: unprepared })
}

/// Whether the asset bucket exists; one of someone else's is an error.
pub(crate) async fn bucket_exists(environment: &Environment) -> Result<bool, Error> {
    let bucket = environment.asset_bucket();
    let request = environment.s3.head_bucket().bucket(&bucket).expected_bucket_owner(&environment.account);
    let Err(error) = request.send().await else { return Ok(true) };
    match error.raw_response().map(|response| response.status().as_u16()) {
        Some(404) => Ok(false),
        Some(403) => Err(Error::ForeignBucket { bucket, account: environment.account.clone() }),
        _ => Err(environment.failed("s3:ListBucket")(error)),
    }
}

/// Whether the stack is past its creation, so that its bucket should exist.
pub(crate) fn claims_the_bucket(stack: &Stack) -> bool {
    stack.outputs().iter().any(|output| output.output_key() == Some("AssetBucketName"))
}
