//! Mock integrations: answers made from templates, such as those to preflight requests.

use super::gateway_response::{self, CONFIGURATION, MEDIA_TYPE};
use super::{Arrived, Refused};
use crate::exchange::Exchange;
use crate::headers::{self, Names};
use crate::percent;
use crate::reply::Reply;
use crate::velocity::{Inputs, Overrides, Template};
use regex_lite::Regex;
use serde_json::{Map, Value};

/// A mock integration.
pub(crate) struct Mock {
    /// By content type.
    pub(crate) requests: Vec<(String, Template)>,
    pub(crate) passthrough: Passthrough,
    pub(crate) responses: Vec<MockResponse>,
}

/// What becomes of a body that no template is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passthrough {
    WhenNoMatch,
    WhenNoTemplates,
    Never,
}

/// An integration response.
pub(crate) struct MockResponse {
    pub(crate) status: u16,
    /// Chooses by the status that the request template names; none is the default.
    pub(crate) pattern: Option<Regex>,
    /// Header names, and values as parameters are written.
    pub(crate) headers: Vec<(String, String)>,
    /// By content type.
    pub(crate) templates: Vec<(String, Template)>,
}

impl Mock {
    pub(super) fn answer(&self, on: &Exchange, arrived: &Arrived<'_>, body: &[u8]) -> Result<Reply, Refused> {
        let body = String::from_utf8_lossy(body);
        let asked = self.asked(on, arrived, &body)?;
        let status = asked.to_string();
        let fitting =
            |one: &&MockResponse| one.pattern.as_ref().is_some_and(|pattern| pattern.is_match(&status));
        let chosen = self.responses.iter().find(fitting);
        let chosen = chosen.or_else(|| self.responses.iter().find(|one| one.pattern.is_none()));
        let chosen = chosen
            .ok_or_else(|| Refused::new(CONFIGURATION, "no response of the mock is for this status"))?;
        Ok(chosen.answer(on, arrived))
    }

    /// The status that the request template names.
    fn asked(&self, on: &Exchange, arrived: &Arrived<'_>, body: &str) -> Result<u64, Refused> {
        let kind = headers::last(&arrived.parts.headers, "content-type").unwrap_or_default().to_lowercase();
        let kind = match kind.split(';').next().unwrap_or_default().trim() {
            "" => "application/json".to_owned(),
            kind => kind.to_owned(),
        };
        let template = self.requests.iter().find(|(name, _)| *name == kind).map(|(_, template)| template);
        let text = match (template, self.passthrough) {
            (Some(template), _) => render(template, on, arrived, body).0,
            (None, Passthrough::WhenNoMatch) => body.to_owned(),
            (None, Passthrough::WhenNoTemplates) if self.requests.is_empty() => body.to_owned(),
            (None, _) => return Err(Refused::new(MEDIA_TYPE, "no template of the mock is for this type")),
        };
        status(&text)
            .ok_or_else(|| Refused::new(CONFIGURATION, "the mock's request template names no `statusCode`"))
    }
}

/// `{"statusCode": 204}`, also without the quotes that JSON wants.
fn status(text: &str) -> Option<u64> {
    let (_, after) = text.split_once("statusCode")?;
    let after = after.trim_start_matches(['"', '\'']).trim_start().strip_prefix(':')?;
    let after = after.trim_start().trim_start_matches('"');
    let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    after[..end].parse().ok()
}

impl MockResponse {
    fn answer(&self, on: &Exchange, arrived: &Arrived<'_>) -> Reply {
        let json = self.templates.iter().find(|(kind, _)| kind == "application/json");
        let template = json.or_else(|| self.templates.first());
        let (body, overrides) =
            template.map(|(_, template)| render(template, on, arrived, "")).unwrap_or_default();
        let mut reply = Reply::json(overrides.status.unwrap_or(self.status), body);
        if let Some((kind, _)) = template {
            reply.set("content-type", kind);
        }
        for (name, value) in &self.headers {
            if let Some(value) = gateway_response::parameter(value, on, &arrived.parts.headers) {
                reply.set(name, &value);
            }
        }
        overrides.headers.iter().for_each(|(name, value)| reply.set(name, value));
        if reply.status == 204 || reply.status == 304 {
            reply.body = bytes::Bytes::new();
        }
        reply
    }
}

fn render(template: &Template, on: &Exchange, arrived: &Arrived<'_>, body: &str) -> (String, Overrides) {
    let pairs = headers::for_event(&arrived.parts.headers, &on.trace_id, Names::Rest, 0);
    let headers: Map<String, Value> = pairs.into_iter().map(|(name, value)| (name, value.into())).collect();
    let query = percent::last_values(&percent::query(arrived.parts.uri.query().unwrap_or_default(), true));
    let inputs = Inputs {
        headers: &headers,
        query: &query,
        path: &percent::last_values(&arrived.variables),
        body,
        stage: &arrived.stage.variables,
        variable: &|name| on.variable(name, None),
    };
    template.render(&inputs)
}
