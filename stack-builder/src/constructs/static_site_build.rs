//! What a static site becomes when it is added.

use super::alias_record;
use super::behaviour::{self, EdgeEvent, Runs};
use super::bucket::Bucket;
use super::distribution;
use super::domain::Domain;
use super::global_name::global_name;
use super::origin::Origin;
use super::static_site::{StaticSite, StaticSiteRef};
use crate::construct::Construct;
use crate::scope::Scope;
use stack_builder_assembly::{Diagnostic, SiteTarget};
use stack_builder_cfn::cloudfront::{self, distribution as nested};
use stack_builder_cfn::{LogicalId, ResourceRef, Value, intrinsic, s3};

/// The files' origin.
const FILES: &str = "files";

impl Construct for StaticSite {
    type Handle = StaticSiteRef;

    fn build(mut self, scope: &mut Scope) -> StaticSiteRef {
        self.report(scope);
        let default_object = self.default_object.take().filter(|_| !self.routes_root());
        let distribution = cloudfront::DistributionRef::from_logical_id(scope.logical_id());
        let bucket = self.bucket.readable_through(distribution::arn(&distribution));
        let bucket = scope.add("Bucket", bucket);
        let l1_bucket = s3::BucketRef::from_logical_id(child(scope, "Bucket"));
        let access = scope.add("Access", Named(distribution::origin_access)).reference();
        let headers = scope.add("Headers", Named(|name| self.headers.policy(name))).reference();
        let routes = self.routes.map(|routes| scope.add("Routes", routes).function_arn());
        let runs = Runs { edges: &self.edges, routes };
        let mut config = self
            .l1
            .default_cache_behavior(behaviour::files(FILES, &headers, runs))
            .add_origins(|_| distribution::bucket_origin(FILES, &l1_bucket, &access));
        config = default_object.into_iter().fold(config, nested::DistributionConfig::default_root_object);
        if !self.forwards.is_empty() {
            config = distribution::keep_no_errors(config);
        }
        config = forward(config, self.forwards, &headers);
        if let Some(page) = &self.error_page {
            config = distribution::error_page(config, page);
        }
        if let Some(logs) = self.log_bucket {
            scope.add("Logs", self.removal.into_iter().fold(logs, Bucket::removal_policy));
            config = distribution::log_to(config, &s3::BucketRef::from_logical_id(child(scope, "Logs")));
        }
        if let Some(domain) = &self.domain {
            config = distribution::at(config, domain, self.tls_floor.unwrap_or_default());
            alias_record::add(scope, domain, &distribution.domain_name());
        }
        scope.resource(cloudfront::Distribution::new().distribution_config(config));
        publish(scope, &self.folder, &l1_bucket, &distribution);
        let (host, url) = address(self.domain.as_ref(), &distribution);
        StaticSiteRef { host, url, bucket, distribution: distribution.reference() }
    }
}

/// A resource whose name holds in all regions.
struct Named<F>(F);

impl<R: stack_builder_cfn::Resource, F: FnOnce(Value<String>) -> R> Construct for Named<F> {
    type Handle = R::Ref;

    fn build(self, scope: &mut Scope) -> R::Ref {
        let resource = (self.0)(global_name(scope));
        scope.resource(resource)
    }
}

/// The logical id of what is added to `scope` under `name`.
fn child(scope: &Scope, name: &str) -> LogicalId {
    LogicalId::new(&format!("{}{name}", scope.logical_id()))
}

fn forward(
    config: nested::DistributionConfig,
    forwards: Vec<(String, Origin)>,
    headers: &Value<String>,
) -> nested::DistributionConfig {
    forwards.into_iter().zip(1..).fold(config, |config, ((pattern, origin), number): (_, u32)| {
        // The pattern itself would read better, but nobody says that CloudFront takes its asterisk.
        let id = format!("forwarded-{number}");
        config
            .add_cache_behaviors(|_| behaviour::forwarded(&pattern, &id, headers))
            .add_origins(|_| origin.into_l1(&id))
    })
}

fn publish(
    scope: &mut Scope,
    folder: &str,
    bucket: &s3::BucketRef,
    distribution: &cloudfront::DistributionRef,
) {
    let target = SiteTarget::Bucket {
        bucket: bucket.logical_id().to_string(),
        distribution: Some(distribution.logical_id().to_string()),
    };
    scope.publish_site(folder, target);
}

/// The host name and the address.
fn address(
    domain: Option<&Domain>,
    distribution: &cloudfront::DistributionRef,
) -> (Value<String>, Value<String>) {
    let host = domain.map_or_else(|| distribution.domain_name(), |domain| domain.name.clone());
    let url = intrinsic::sub("https://${host}", [("host", host.clone())]);
    (host, url)
}

impl StaticSite {
    /// Reports what only the whole description shows, after what its methods found.
    fn report(&mut self, scope: &mut Scope) {
        let whole = [
            self.page_for_others(),
            self.two_kinds_at_once(),
            self.floor_without_name(),
            self.list_for_everyone(),
        ];
        let domain = self.domain.iter_mut().flat_map(|domain| domain.faults.drain(..));
        let headers = self.headers.faults();
        for fault in self.faults.drain(..).chain(domain).chain(whole.into_iter().flatten()).chain(headers) {
            scope.report(fault);
        }
    }

    fn page_for_others(&self) -> Option<Diagnostic> {
        let page = self.error_page.as_ref().filter(|_| !self.forwards.is_empty())?;
        let (pattern, _) = self.forwards.first()?;
        let message = format!("the error page `{page}` would stand in for the answers of `{pattern}` too");
        Some(Diagnostic::error("error-page-hides-api", message).hint(
            "answer unknown paths with `routes(RouteTable::new().not_found(…))`, or the files' 403 and 404 with an edge function for `EdgeEvent::OriginResponse`",
        ))
    }

    fn two_kinds_at_once(&self) -> Option<Diagnostic> {
        let event = self.edges.keys().find(|event| event.is_viewer()).filter(|_| self.routes.is_some())?;
        let message = format!("a route table and an edge function for {event:?} cannot stand together");
        let hint = "let the edge function route too, or run it for an origin event";
        Some(Diagnostic::error("edge-and-routes", message).hint(hint))
    }

    fn floor_without_name(&self) -> Option<Diagnostic> {
        self.tls_floor.filter(|_| self.domain.is_none())?;
        let message = "CloudFront's own certificate takes no TLS floor";
        Some(
            Diagnostic::error("tls-floor-ignored", message)
                .hint("put the site `at` a domain, or drop the floor"),
        )
    }

    fn list_for_everyone(&self) -> Option<Diagnostic> {
        let asked = [EdgeEvent::ViewerRequest, EdgeEvent::OriginRequest];
        let answered = self.routes_root() || asked.iter().any(|event| self.edges.contains_key(event));
        let message = "without a default object, CloudFront shows the list of all files at `/`";
        (self.default_object.is_none() && !answered).then(|| {
            Diagnostic::error("illegal-route", message)
                .hint("name the object to show there, or let an edge function for `EdgeEvent::ViewerRequest` answer `/`")
        })
    }

    fn routes_root(&self) -> bool {
        self.routes.as_ref().is_some_and(|routes| routes.answers("/"))
    }
}
