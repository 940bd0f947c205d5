//! Route tables: paths answered at the edge by a small generated function.

use super::global_name::global_name;
use super::route_code;
use crate::construct::Construct;
use crate::scope::Scope;
use stack_builder_assembly::Diagnostic;
use stack_builder_cfn::cloudfront::{self, function as nested};
use std::collections::BTreeMap;
use std::panic::Location;

/// Bytes that the code of a CloudFront function may have.
///
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions>
const CODE: usize = 10 * 1024;

/// What each path of a site is answered with; a path that is not here goes to the files as it is.
///
/// Paths are compared as they are sent: case, a final slash and percent signs count. The table becomes a CloudFront
/// function, whose code has room for some 160 paths, or fewer beside a long page.
///
/// ```
/// use stack_builder::RouteTable;
///
/// let routes = RouteTable::new()
///     .serve("/about", "/about.html")
///     .redirect("/start", 308, "/")
///     .not_found("<!doctype html><title>Not found</title><p>There is nothing here.");
/// assert!(routes.code().contains("\"/about\":\"/about.html\""));
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "a route table does nothing until a site takes it"]
pub struct RouteTable {
    serves: BTreeMap<String, String>,
    redirects: BTreeMap<String, (u16, String)>,
    not_found: Option<String>,
    faults: Vec<Diagnostic>,
}

impl RouteTable {
    /// A table without paths.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers `path` with the file `object`, such as `/index.html`.
    #[track_caller]
    pub fn serve(mut self, path: &str, object: &str) -> Self {
        self.check_path(path);
        self.check_new(path);
        self.check_path(object);
        self.serves.insert(path.to_owned(), object.to_owned());
        self
    }

    /// Sends who asks for `path` on to `to`: a path of the site, or an address of `https:`. The query goes along.
    ///
    /// `status` is 301, 302, 303, 307 or 308.
    #[track_caller]
    pub fn redirect(mut self, path: &str, status: u16, to: &str) -> Self {
        self.check_path(path);
        self.check_new(path);
        if !matches!(status, 301 | 302 | 303 | 307 | 308) {
            let message = format!("{status} is not the status of a redirection");
            self.fault(message, "use 308 for good, or 307 for now");
        }
        // Two slashes would lead to another site.
        let inside = to.starts_with('/') && !to.starts_with("//");
        if !(inside || to.starts_with("https://")) || !to.bytes().all(|b| b.is_ascii_graphic()) {
            let message = format!("a redirection cannot lead to `{to}`");
            self.fault(message, "write a path of the site, or an address of `https:`, percent-encoded");
        }
        self.redirects.insert(path.to_owned(), (status, to.to_owned()));
        self
    }

    /// Answers every other path whose last part has no dot with this page and the status 404. `/` is left alone.
    ///
    /// The page comes with a content security policy of its own: it may hold styles, load those and the images of its
    /// site, and run nothing.
    pub fn not_found(mut self, html: impl Into<String>) -> Self {
        self.not_found = Some(html.into());
        self
    }

    /// The function's code, in the language `cloudfront-js-2.0`.
    pub fn code(&self) -> String {
        route_code::write(&self.serves, &self.redirects, self.not_found.as_deref())
    }

    #[track_caller]
    fn check_path(&mut self, path: &str) {
        let sent = path.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'?' | b'#'));
        if !path.starts_with('/') || !sent {
            let message = format!("`{path}` is not a path as a browser sends it");
            self.fault(
                message,
                "begin with a slash, leave query and fragment out, and percent-encode the rest",
            );
        }
    }

    /// Whether the table says what becomes of `path`.
    pub(super) fn answers(&self, path: &str) -> bool {
        self.serves.contains_key(path) || self.redirects.contains_key(path)
    }

    #[track_caller]
    fn check_new(&mut self, path: &str) {
        if self.answers(path) {
            self.fault(format!("the path `{path}` stands twice in the table"), "remove one of the two");
        }
    }

    #[track_caller]
    fn fault(&mut self, message: String, hint: &str) {
        self.faults
            .push(Diagnostic::error("illegal-route", message).hint(hint).caused_by(Location::caller()));
    }
}

impl Construct for RouteTable {
    type Handle = cloudfront::FunctionRef;

    fn build(self, scope: &mut Scope) -> cloudfront::FunctionRef {
        let code = self.code();
        self.faults.into_iter().for_each(|fault| scope.report(fault));
        if code.len() > CODE {
            let message =
                format!("the route table makes a function of {} bytes, and {CODE} are allowed", code.len());
            let hint = "shorten the page for what is not found, or let an edge function route";
            scope.report(Diagnostic::error("routes-too-large", message).hint(hint));
        }
        let function = cloudfront::Function::new()
            .name(global_name(scope))
            .auto_publish(true)
            .function_code(code)
            .function_config_with(|config| {
                config.comment("Generated from a route table").runtime(nested::Runtime::CloudfrontJs2_0)
            });
        scope.resource(function)
    }
}
