//! Static sites: a folder of files, served from the edge.

use super::behaviour::{self, EdgeEvent};
use super::bucket::{Bucket, BucketRef};
use super::distribution::{self, PriceClass, TlsFloor};
use super::domain::Domain;
use super::origin::Origin;
use super::response_headers::SecurityHeaders;
use super::route_table::RouteTable;
use stack_builder_assembly::Diagnostic;
use stack_builder_cfn::cloudfront::distribution as nested;
use stack_builder_cfn::{IntoValue, RemovalPolicy, Value};
use std::collections::BTreeMap;
use std::panic::Location;

/// A folder of files in a private bucket, behind a CloudFront distribution.
///
/// Only this distribution reads the bucket, and signs each request for it. Viewers get HTTP/2 and 3, IPv6,
/// compression, HTTPS only, and security headers: a content security policy of the site's own files, HSTS for a year,
/// no frames. What is absent is a 404. `deploy` publishes the folder.
///
/// ```
/// use stack_builder::{Origin, RouteTable, StaticSite};
///
/// let site = StaticSite::from_dir("site/notes")
///     .forward("/api/*", Origin::https("api.example.org"))
///     .routes(RouteTable::new().not_found("<!doctype html><title>Not found</title><p>There is nothing here."));
/// ```
#[must_use = "a construct does nothing until it is added"]
pub struct StaticSite {
    pub(super) l1: nested::DistributionConfig,
    pub(super) folder: String,
    pub(super) default_object: Option<String>,
    pub(super) bucket: Bucket,
    pub(super) headers: SecurityHeaders,
    pub(super) forwards: Vec<(String, Origin)>,
    pub(super) error_page: Option<String>,
    pub(super) edges: BTreeMap<EdgeEvent, Value<String>>,
    pub(super) routes: Option<RouteTable>,
    pub(super) domain: Option<Domain>,
    pub(super) tls_floor: Option<TlsFloor>,
    pub(super) log_bucket: Option<Bucket>,
    pub(super) removal: Option<RemovalPolicy>,
    pub(super) faults: Vec<Diagnostic>,
}

impl StaticSite {
    /// The files in `folder`, relative to the root of the workspace; `/` is `index.html`.
    #[track_caller]
    pub fn from_dir(folder: &str) -> Self {
        Self {
            l1: distribution::config(),
            folder: folder.to_owned(),
            default_object: Some("index.html".to_owned()),
            bucket: Bucket::new().removal_policy(RemovalPolicy::Delete),
            headers: SecurityHeaders::default(),
            forwards: Vec::new(),
            error_page: None,
            edges: BTreeMap::new(),
            routes: None,
            domain: None,
            tls_floor: None,
            log_bucket: None,
            removal: None,
            faults: folder_fault(folder, Location::caller()).into_iter().collect(),
        }
    }

    /// Shows `object`, such as `home.html`, at `/`.
    #[track_caller]
    pub fn default_object(mut self, object: &str) -> Self {
        // With an empty name, CloudFront would show the list of all files there.
        if object.is_empty() || object.starts_with('/') {
            self.fault(
                "illegal-route",
                format!("`{object}` is not the name of an object"),
                "write `index.html`, without a slash before it",
            );
        }
        self.default_object = Some(object.to_owned());
        self
    }

    /// Leaves `/` to an edge function for the request, which has to answer it or put a file's path in its place.
    ///
    /// Beside a default object such a function never sees `/`: CloudFront puts the object there first, before it
    /// looks which behaviour, and so which function, the path belongs to.
    pub fn without_default_object(mut self) -> Self {
        self.default_object = None;
        self
    }

    /// Asks `origin` for the paths of `pattern`, such as `/api/*`: every method, every header, nothing kept. The
    /// first of several patterns that fit counts.
    #[track_caller]
    pub fn forward(mut self, pattern: &str, origin: Origin) -> Self {
        if !pattern.starts_with('/') {
            self.fault(
                "illegal-route",
                format!("the path `{pattern}` does not begin with a slash"),
                format!("write `/{pattern}`"),
            );
        }
        if self.forwards.iter().any(|(other, _)| other == pattern) {
            self.fault(
                "illegal-route",
                format!("the path `{pattern}` is forwarded twice"),
                "remove one of the two",
            );
        }
        self.faults.extend(origin.faults(Location::caller()));
        self.forwards.push((pattern.to_owned(), origin));
        self
    }

    /// Lets scripts connect to these addresses too, such as `https://login.example.org`.
    ///
    /// A resource that is told the site's address (CORS, sign-in callbacks) cannot tell its own here, for each would
    /// wait for the other: name it by a pattern, `https://*.execute-api.${AWS::Region}.amazonaws.com`.
    pub fn connect_to<I: IntoValue<String>>(mut self, addresses: impl IntoIterator<Item = I>) -> Self {
        self.headers.connect_to.extend(addresses.into_iter().map(I::into_value));
        self
    }

    /// Shows the page `path`, such as `/error.html`, for what is forbidden or absent, with the status 403 or 404.
    ///
    /// Not beside a forwarded path: CloudFront would put the page in place of that server's own answers too.
    #[track_caller]
    pub fn error_page(mut self, path: &str) -> Self {
        if !path.starts_with('/') {
            self.fault(
                "illegal-route",
                format!("the error page `{path}` does not begin with a slash"),
                format!("write `/{path}`"),
            );
        }
        self.error_page = Some(path.to_owned());
        self
    }

    /// Has a numbered version of an edge function, by its ARN, handle `event` for the files.
    #[track_caller]
    pub fn edge(mut self, event: EdgeEvent, version: impl IntoValue<String>) -> Self {
        let version = version.into_value();
        if self.edges.insert(event, version.clone()).is_some() {
            let message = format!("two edge functions want the event {event:?}, and each event has one");
            self.fault("repeated-edge-event", message, "let one function do both, or choose another event");
        }
        if let Some(arn) = behaviour::unusable_version(&version) {
            let message = format!("`{arn}` is not the ARN of a numbered version in us-east-1");
            self.fault("edge-version", message, "hand over the `version_arn` of an edge function");
        }
        self
    }

    /// Answers paths for the files by a table, at the edge and within a millisecond. What it says of `/` counts more
    /// than the [default object](Self::default_object).
    pub fn routes(mut self, routes: RouteTable) -> Self {
        self.routes = Some(routes);
        self
    }

    /// Puts the site at a name of one's own.
    pub fn at(mut self, domain: Domain) -> Self {
        self.domain = Some(domain);
        self
    }

    /// Refuses older TLS than this; TLS 1.2 with the ciphers of 2021 unless said otherwise. Only for a site
    /// [at](Self::at) a name of one's own.
    pub fn tls_floor(mut self, floor: TlsFloor) -> Self {
        self.tls_floor = Some(floor);
        self
    }

    /// Keeps copies in these places only; everywhere unless said otherwise.
    #[track_caller]
    pub fn price_class(mut self, class: PriceClass) -> Self {
        self.l1 = self.l1.price_class(class);
        self
    }

    /// Writes a line for each request, without cookies, into a bucket of its own, kept for 30 days.
    #[track_caller]
    pub fn access_logs(mut self) -> Self {
        self.log_bucket = Some(super::static_site_logs::bucket());
        self
    }

    /// What becomes of the files, and of the access log, when the site leaves the stack. Unless this says otherwise, the
    /// files go, because any deployment publishes them again, and the log stays.
    #[track_caller]
    pub fn removal_policy(mut self, policy: RemovalPolicy) -> Self {
        self.bucket = self.bucket.removal_policy(policy);
        self.removal = Some(policy);
        self
    }

    /// Changes the distribution underneath. Behaviours, origins, certificate and default object are the construct's.
    #[track_caller]
    pub fn l1(
        mut self,
        change: impl FnOnce(nested::DistributionConfig) -> nested::DistributionConfig,
    ) -> Self {
        self.l1 = change(self.l1);
        self
    }

    #[track_caller]
    fn fault(&mut self, code: &str, message: String, hint: impl Into<String>) {
        self.faults.push(Diagnostic::error(code, message).hint(hint).caused_by(Location::caller()));
    }
}

/// What is wrong with the name of a folder of files.
pub(super) fn folder_fault(folder: &str, here: &Location<'_>) -> Option<Diagnostic> {
    let climbs = folder.split(['/', '\\']).any(|part| part == "..");
    let wrong = folder.is_empty() || folder.starts_with(['/', '\\']) || climbs;
    wrong.then(|| {
        let message = format!("`{folder}` is not a folder of the workspace");
        Diagnostic::error("illegal-folder", message).hint("write `site/name`").caused_by(here)
    })
}

/// A handle on a static site.
#[derive(Clone, Debug)]
pub struct StaticSiteRef {
    pub(super) host: Value<String>,
    pub(super) url: Value<String>,
    pub(super) bucket: BucketRef,
    pub(super) distribution: Value<String>,
}

impl StaticSiteRef {
    /// Its address, without a final slash: `https://` and its [domain](Self::domain).
    pub fn url(&self) -> Value<String> {
        self.url.clone()
    }

    /// Its host name: the one it was put [at](StaticSite::at), or `<something>.cloudfront.net`.
    pub fn domain(&self) -> Value<String> {
        self.host.clone()
    }

    /// The bucket of its files.
    pub fn bucket(&self) -> &BucketRef {
        &self.bucket
    }

    /// The id of its distribution.
    pub fn distribution_id(&self) -> Value<String> {
        self.distribution.clone()
    }
}
