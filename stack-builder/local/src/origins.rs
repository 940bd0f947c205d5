//! What distributions fetch from: buckets and APIs of the application.

use stack_builder_local_core::{Origin, Origins, Resources, Service};
use stack_builder_local_s3::Buckets;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The origins of one state of the application, by host.
pub(crate) struct LocalOrigins(BTreeMap<String, Origin>);

impl LocalOrigins {
    pub(crate) fn new(
        resources: &Resources,
        services: &BTreeMap<String, Arc<dyn Service>>,
        buckets: &Buckets,
    ) -> Self {
        let mut origins: BTreeMap<_, _> = services
            .iter()
            .map(|(host, service)| (host.to_ascii_lowercase(), Origin::Custom(service.clone())))
            .collect();
        for bucket in resources.of_type("AWS::S3::Bucket") {
            let origin = Origin::Bucket(buckets.origin(&bucket.physical_id));
            for name in ["DomainName", "RegionalDomainName", "DualStackDomainName"] {
                origins.extend(bucket.attributes.get(name).map(|host| (host.clone(), origin.clone())));
            }
        }
        Self(origins)
    }
}

impl Origins for LocalOrigins {
    fn find(&self, host: &str) -> Option<Origin> {
        self.0.get(&host.to_ascii_lowercase()).cloned()
    }
}
