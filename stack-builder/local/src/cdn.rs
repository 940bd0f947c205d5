//! The distributions as they are now, for calls of CloudFront's API.

use arc_swap::ArcSwapOption;
use stack_builder_local_cloudfront::Cdn;
use stack_builder_local_core::{Answer, Api, ApiCall, ApiError};
use std::sync::Arc;

/// CloudFront's API over distributions that change when templates do.
#[derive(Default)]
pub(crate) struct CdnApi(ArcSwapOption<Cdn>);

impl CdnApi {
    /// From now on these are the distributions.
    pub(crate) fn store(&self, cdn: Arc<Cdn>) {
        self.0.store(Some(cdn));
    }
}

impl Api for CdnApi {
    fn call(&self, call: ApiCall) -> Answer<'_> {
        let cdn = self.0.load_full();
        Box::pin(async move {
            match cdn {
                Some(cdn) => cdn.call(call).await,
                None => ApiError::new("ServiceUnavailable", "the application is starting").json(),
            }
        })
    }
}
