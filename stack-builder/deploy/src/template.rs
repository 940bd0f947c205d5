//! A template on its way to CloudFormation: inline when it is small, through the asset bucket when it is not.

use crate::asset_bucket::require_bucket;
use crate::digest::hex_sha256;
use crate::upload::Upload;
use crate::{Environment, Error};

/// The longest body that goes inline, in bytes.
/// See <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>.
const INLINE: usize = 51_200;
/// The longest body at all, in bytes; the same page.
const LONGEST: usize = 1_000_000;

/// Where CloudFormation finds the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TemplateSource {
    Body(String),
    Url(String),
}

impl TemplateSource {
    /// Uploads `body` when it is too long to go inline.
    pub(crate) async fn place(environment: &Environment, stack: &str, body: String) -> Result<Self, Error> {
        match body.len() {
            0..=INLINE => Ok(Self::Body(body)),
            size if size <= LONGEST => Self::upload(environment, stack, body).await,
            size => Err(Error::TemplateTooLarge { stack: stack.to_owned(), size, limit: LONGEST }),
        }
    }

    /// Whether `body` would be uploaded.
    pub(crate) fn is_long(body: &str) -> bool {
        body.len() > INLINE
    }

    async fn upload(environment: &Environment, stack: &str, body: String) -> Result<Self, Error> {
        require_bucket(environment).await?;
        let key = format!("templates/{stack}/{}.json", hex_sha256(body.as_bytes()));
        let bucket = environment.asset_bucket();
        let url = environment.object_url(&bucket, &key);
        Upload { key, bytes: body.into_bytes() }.once(environment).await?;
        Ok(Self::Url(url))
    }
}
