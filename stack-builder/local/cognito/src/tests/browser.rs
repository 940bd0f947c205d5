//! A browser without scripts: it follows nothing by itself, keeps cookies, and fills in forms.

use super::Bench;
use http::header::{COOKIE, LOCATION, SET_COOKIE};
use serde_json::Value;
use stack_builder_local_core::{Body, Service, collect};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) struct Browser {
    service: Arc<dyn Service>,
    pub(super) cookies: RefCell<BTreeMap<String, String>>,
}

/// What came back.
pub(super) struct Page {
    pub(super) status: u16,
    pub(super) headers: http::HeaderMap,
    pub(super) body: String,
}

impl Page {
    /// Where it sends the browser.
    pub(super) fn location(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |location| location.to_str().unwrap())
    }

    /// A parameter of the address that it sends the browser to.
    pub(super) fn parameter(&self, name: &str) -> String {
        let after = self.location().split_once(['?', '#']).map_or("", |(_, query)| query);
        crate::form::Form::parse(after).text(name).to_owned()
    }

    /// Where its first form goes, with the fields that are not seen.
    pub(super) fn form(&self) -> (String, Vec<(String, String)>) {
        let form = self.body.split("<form method=\"post\" action=\"").nth(1).expect("a form");
        let (action, rest) = form.split_once('"').unwrap();
        let fields = rest.split("</form>").next().unwrap().split("<input type=\"hidden\" name=\"").skip(1);
        let fields = fields.map(|field| {
            let (name, rest) = field.split_once("\" value=\"").unwrap();
            (name.to_owned(), rest.split_once('"').unwrap().0.replace("&amp;", "&"))
        });
        (action.to_owned(), fields.collect())
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

impl Browser {
    pub(super) fn new(bench: &Bench) -> Self {
        let service = bench.pools.domain_service("app-dev").expect("a domain");
        Self { service, cookies: RefCell::default() }
    }

    pub(super) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Page {
        let cookies =
            self.cookies.borrow().iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join("; ");
        let mut request = http::Request::builder().method(method).uri(path).header(COOKIE, cookies);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let (parts, body) = super::wait(async {
            let (parts, body) = self.service.call(request).await.into_parts();
            (parts, collect(body, 1 << 20).await.unwrap())
        });
        for cookie in parts.headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
        }
        Page {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(super) fn get(&self, path: &str) -> Page {
        self.send("GET", path, &[], "")
    }

    pub(super) fn post<'a>(&self, path: &str, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Page {
        let body = crate::form::query(fields);
        self.send("POST", path, &[("content-type", "application/x-www-form-urlencoded")], &body)
    }

    /// Fills in the first form of a page and sends it.
    pub(super) fn fill(&self, page: &Page, typed: &[(&str, &str)]) -> Page {
        let (action, hidden) = page.form();
        let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        self.post(&action, hidden.chain(typed.iter().copied()))
    }
}
