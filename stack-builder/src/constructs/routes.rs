//! Routes of an API: which function answers which method of a path.

use super::function::FunctionRef;
use stack_builder_cfn::{IntoValue, Json, Source, Value};
use std::panic::Location;

/// What answers the methods of one path: `get(&list).post(&add)`.
///
/// What is said of a method, such as [`body`](Self::body), is said of the one named last.
#[derive(Clone, Debug)]
pub struct Route {
    pub(super) methods: Vec<Method>,
    pub(super) public: bool,
    pub(super) source: Source,
}

/// What answers one method of a path.
#[derive(Clone, Debug)]
pub(super) struct Method {
    pub(super) verb: &'static str,
    pub(super) function: FunctionRef,
    pub(super) body: Option<(Value<Json>, Source)>,
    pub(super) queries: Vec<(String, Source)>,
    pub(super) throttle: Option<Throttle>,
    pub(super) source: Source,
}

/// How many requests are taken; more are refused with status 429.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Throttle {
    /// A second.
    pub(super) rate: u32,
    /// At once.
    pub(super) burst: u32,
}

impl Default for Throttle {
    /// What an API takes unless it is told otherwise; the account's default is 10,000 a second.
    fn default() -> Self {
        Self { rate: 50, burst: 100 }
    }
}

impl Method {
    #[track_caller]
    fn new(verb: &'static str, function: &FunctionRef) -> Self {
        let function = function.clone();
        Self { verb, function, body: None, queries: Vec::new(), throttle: None, source: Location::caller() }
    }
}

macro_rules! methods {
    ($($function:ident $method:literal)*) => {
        $(
            #[doc = concat!("`function` answers `", $method, "`.")]
            #[track_caller]
            pub fn $function(function: &FunctionRef) -> Route {
                let methods = vec![Method::new($method, function)];
                Route { methods, public: false, source: Location::caller() }
            }
        )*

        impl Route {
            $(
                #[doc = concat!("`function` answers `", $method, "` too.")]
                #[track_caller]
                pub fn $function(mut self, function: &FunctionRef) -> Self {
                    self.methods.push(Method::new($method, function));
                    self
                }
            )*
        }
    };
}
methods!(get "GET" post "POST" put "PUT" patch "PATCH" delete "DELETE");

impl Route {
    /// Lets anyone call it, whatever the API's authorizer says.
    pub fn public(mut self) -> Self {
        self.public = true;
        self
    }

    /// Refuses requests of the method named last with status 400 unless their body is JSON that `schema`, a JSON schema
    /// of draft 4, accepts. Only a [`RestApi`](super::RestApi) can.
    ///
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html>
    #[track_caller]
    pub fn body(mut self, schema: impl IntoValue<Json>) -> Self {
        let body = (schema.into_value(), Location::caller());
        self.last(|method| method.body = Some(body));
        self
    }

    /// Refuses requests of the method named last with status 400 unless their query string has `name`. Only a
    /// [`RestApi`](super::RestApi) can.
    #[track_caller]
    pub fn require_query(mut self, name: &str) -> Self {
        let query = (name.to_owned(), Location::caller());
        self.last(|method| method.queries.push(query));
        self
    }

    /// Takes `rate` requests a second of the method named last, with bursts of `burst`, whatever the API takes of others.
    pub fn throttle(mut self, rate: u32, burst: u32) -> Self {
        self.last(|method| method.throttle = Some(Throttle { rate, burst }));
        self
    }

    fn last(&mut self, change: impl FnOnce(&mut Method)) {
        if let Some(method) = self.methods.last_mut() {
            change(method);
        }
    }
}
