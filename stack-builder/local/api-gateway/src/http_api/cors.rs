//! CORS as an HTTP API does it by itself.

use crate::headers::joined;
use crate::reply::Reply;
use http::request::Parts;
use http::{HeaderMap, Method};
use serde_json::Value;

/// `CorsConfiguration` of an API.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cors {
    origins: Vec<String>,
    methods: String,
    headers: String,
    exposed: String,
    max_age: Option<String>,
    credentials: bool,
}

/// Headers that are the gateway's to set once it does CORS; a function's own are dropped.
const OWN: [&str; 6] = [
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-expose-headers",
    "access-control-max-age",
];

/// The answer to a preflight request, whose headers [`Cors::add`] adds; `None` for other requests
/// ([CORS](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html)).
pub(crate) fn preflight(parts: &Parts) -> Option<Reply> {
    is_preflight(&parts.method, &parts.headers).then(|| Reply::empty(204))
}

fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS && headers.contains_key("origin") && wanted(headers)
}

fn wanted(headers: &HeaderMap) -> bool {
    headers.contains_key("access-control-request-method")
}

impl Cors {
    /// Reads the property.
    pub(crate) fn read(property: &Value) -> Option<Self> {
        let texts = |name: &str| -> Vec<String> {
            let list = property[name].as_array().into_iter().flatten();
            list.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        property.is_object().then(|| Self {
            origins: texts("AllowOrigins"),
            methods: texts("AllowMethods").join(","),
            headers: texts("AllowHeaders").join(","),
            exposed: texts("ExposeHeaders").join(","),
            max_age: property["MaxAge"].as_u64().map(|age| age.to_string()),
            credentials: property["AllowCredentials"] == true,
        })
    }

    /// Adds what the configuration allows this origin, and nothing for others.
    pub(crate) fn add(&self, request: &HeaderMap, reply: &mut Reply) {
        for name in OWN {
            reply.headers.remove(name);
        }
        let Some(allowed) = joined(request, "origin").and_then(|origin| self.allows(&origin)) else { return };
        reply.set("access-control-allow-origin", &allowed);
        if self.credentials {
            reply.set("access-control-allow-credentials", "true");
        }
        if !wanted(request) || reply.status != 204 || !reply.body.is_empty() {
            set(reply, "access-control-expose-headers", &self.exposed);
            return;
        }
        set(reply, "access-control-allow-methods", &self.methods);
        set(reply, "access-control-allow-headers", &self.headers);
        set(reply, "access-control-max-age", self.max_age.as_deref().unwrap_or_default());
    }

    fn allows(&self, origin: &str) -> Option<String> {
        if self.origins.iter().any(|allowed| allowed == "*") {
            return Some("*".to_owned());
        }
        let scheme =
            |allowed: &String| allowed.ends_with("://*") && origin.starts_with(&allowed[..allowed.len() - 1]);
        let same = |allowed: &String| allowed.eq_ignore_ascii_case(origin) || scheme(allowed);
        self.origins.iter().any(same).then(|| origin.to_owned())
    }
}

fn set(reply: &mut Reply, name: &str, value: &str) {
    if !value.is_empty() {
        reply.set(name, value);
    }
}
