//! HTTP as a browser speaks it, to the emulator or to this machine.

use crate::REGION;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use ureq::config::ConfigBuilder;
use ureq::http::Request;
use ureq::http::request::Builder;
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use ureq::typestate::AgentScope;

/// A client that reaches every host at the emulator's address, and trusts only its certificate; or one of this machine.
#[derive(Debug)]
pub struct Http {
    agent: ureq::Agent,
    authority: Option<String>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body, as text.
    pub body: String,
}

impl Response {
    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    }

    /// The body, read as JSON.
    ///
    /// # Panics
    /// When it is not JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }
}

impl Http {
    /// A client of the emulator at `authority` (`127.0.0.1:port`) with the certificate in the PEM file `trust`.
    pub(crate) fn new(authority: &str, trust: &Path) -> Self {
        Self { agent: trusting(trust), authority: Some(authority.to_owned()) }
    }

    /// A client of what listens on this machine by TLS, with the certificate of its authority in a PEM file.
    ///
    /// # Panics
    /// When there is no certificate.
    pub fn trusting(authority: &Path) -> Self {
        Self { agent: trusting(authority), authority: None }
    }

    /// A client of what listens on this machine without TLS.
    pub fn plain() -> Self {
        Self { agent: config().build().new_agent(), authority: None }
    }

    /// Sends a request; `url` may be of any host, and of any scheme.
    ///
    /// # Panics
    /// When there is no answer.
    #[track_caller]
    pub fn send(&self, method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Response {
        self.send_literally(method, &known_as(url), headers, body)
    }

    /// The same, for a host that the emulator knows by this very name.
    ///
    /// # Panics
    /// When there is no answer.
    #[track_caller]
    pub fn send_literally(&self, method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Response {
        self.exchange(method, url, headers, body.as_bytes())
    }

    /// Sends bytes that need not be text.
    ///
    /// # Panics
    /// When there is no answer.
    #[track_caller]
    pub fn send_bytes(&self, method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        self.exchange(method, &known_as(url), headers, body)
    }

    #[track_caller]
    fn exchange(&self, method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        let request = self.addressed(Request::builder().method(method), url);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let request = request.body(body.to_owned()).expect("a request");
        let mut answer = self.agent.run(request).unwrap_or_else(|error| panic!("{method} {url}: {error}"));
        let headers = answer.headers().iter();
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let headers = headers.map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect();
        let body = answer.body_mut().read_to_vec().unwrap_or_else(|error| panic!("{method} {url}: {error}"));
        Response { status: answer.status().as_u16(), headers, body: text(&body) }
    }

    /// To the emulator whatever the host, with the host's name.
    #[track_caller]
    fn addressed(&self, request: Builder, url: &str) -> Builder {
        let Some(authority) = &self.authority else { return request.uri(url) };
        let (_, rest) = url.split_once("://").unwrap_or_else(|| panic!("`{url}` is no URL"));
        let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        request.uri(format!("https://{authority}{path}")).header("host", host)
    }
}

fn trusting(pem: &Path) -> ureq::Agent {
    let text = fs::read(pem).unwrap_or_else(|error| panic!("no `{}`: {error}", pem.display()));
    let certificate = Certificate::from_pem(&text).expect("a certificate");
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .root_certs(RootCerts::from(vec![certificate]));
    config().tls_config(tls.build()).build().new_agent()
}

fn config() -> ConfigBuilder<AgentScope> {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        // Where it is sent to may lie outside of what is tested.
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(30)))
}

/// The URL as the emulator knows it: it serves REST APIs under a name of its own only (see `quirks`).
fn known_as(url: &str) -> String {
    url.replace(&format!(".execute-api.{REGION}.amazonaws.com"), ".execute-api.localhost")
}
