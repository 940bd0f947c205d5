//! The query protocol: a form goes in, XML comes out.
//!
//! Spoken by STS and by `CloudFormation`. See "Making Query Requests" in either API reference.

use crate::keys::request_id;
use http::request::Parts;
use percent_encoding::percent_decode;
use stack_builder_local_core::{Response, full};
use std::borrow::Cow;
use std::fmt::Write;

/// A longer form is refused: AWS's own limit for a query request is a megabyte.
pub const LONGEST_FORM: usize = 1 << 20;
/// More parameters are refused.
pub const MOST_PARAMETERS: usize = 10_000;

/// The parameters of a request, from its query string and its body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads query string and body.
    ///
    /// # Errors
    /// `MalformedInput` when the text is no UTF-8, too long, or has too many parameters.
    pub fn parse(parts: &Parts, body: &[u8]) -> Result<Self, QueryError> {
        let query = parts.uri.query().unwrap_or_default();
        if body.len() > LONGEST_FORM {
            return Err(QueryError::new(
                413,
                "RequestEntityTooLarge",
                "Request is larger than 1048576 bytes",
            ));
        }
        let pairs = pairs(query.as_bytes()).chain(pairs(body)).take(MOST_PARAMETERS + 1);
        let pairs = pairs.collect::<Option<Vec<_>>>();
        match pairs {
            Some(pairs) if pairs.len() <= MOST_PARAMETERS => Ok(Self(pairs)),
            Some(_) => Err(QueryError::new(400, "MalformedInput", "Too many parameters")),
            None => Err(QueryError::new(400, "MalformedInput", "Parameters are not valid UTF-8")),
        }
    }

    /// The first value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// `Action`; empty when there is none.
    pub fn action(&self) -> &str {
        self.get("Action").unwrap_or_default()
    }

    /// A list of texts: `Names.member.1`, `Names.member.2`, up to the first that is missing.
    pub fn list(&self, name: &str) -> Vec<&str> {
        (1..=MOST_PARAMETERS).map_while(|index| self.get(&format!("{name}.member.{index}"))).collect()
    }
}

fn pairs(text: &[u8]) -> impl Iterator<Item = Option<(String, String)>> {
    text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let key = decode(halves.next().unwrap_or_default())?;
        Some((key, decode(halves.next().unwrap_or_default())?))
    })
}

fn decode(text: &[u8]) -> Option<String> {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    String::from_utf8(percent_decode(&spaced).collect()).ok()
}

/// Text in which nothing is markup; characters that XML 1.0 cannot hold become U+FFFD.
pub fn escape(text: &str) -> Cow<'_, str> {
    let special = |c: char| matches!(c, '&' | '<' | '>' | '"' | '\'' | '\r') || forbidden(c);
    if !text.contains(special) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\r' => out.push_str("&#13;"),
            c if forbidden(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn forbidden(c: char) -> bool {
    (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// XML under construction. Names are the caller's and are taken as they are; text is escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Xml(String);

impl Xml {
    /// `<name>text</name>`.
    pub fn text(mut self, name: &str, text: &str) -> Self {
        let _ = write!(self.0, "<{name}>{}</{name}>", escape(text));
        self
    }

    /// `<name>…</name>` around what `inner` adds.
    pub fn nest(mut self, name: &str, inner: impl FnOnce(Self) -> Self) -> Self {
        let _ = write!(self.0, "<{name}>");
        self = inner(self);
        let _ = write!(self.0, "</{name}>");
        self
    }

    /// `<name><member>…</member>…</name>`, one for each item.
    pub fn members<T>(
        self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        each: impl Fn(Self, T) -> Self,
    ) -> Self {
        let all = |xml| items.into_iter().fold(xml, |xml: Self, item| xml.nest("member", |x| each(x, item)));
        self.nest(name, all)
    }
}

/// The answer of an action: `<ActionResponse><ActionResult>…</ActionResult><ResponseMetadata>…`.
pub fn answer(namespace: &str, action: &str, result: Xml) -> Response {
    let id = request_id();
    let root = format!("{action}Response");
    let mut xml = Xml(format!("<{root} xmlns=\"{}\">", escape(namespace)));
    let _ = write!(xml.0, "<{action}Result>{}</{action}Result>", result.0);
    let mut xml = xml.nest("ResponseMetadata", |xml| xml.text("RequestId", &id));
    let _ = write!(xml.0, "</{root}>");
    document(200, xml, &id)
}

fn document(status: u16, xml: Xml, id: &str) -> Response {
    let mut response = full(status, "text/xml", xml.0);
    if let Ok(id) = id.parse() {
        response.headers_mut().insert("x-amzn-requestid", id);
    }
    response
}

/// An error of the query protocol.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct QueryError {
    /// HTTP status.
    pub status: u16,
    /// `ValidationError`, `AccessDenied`.
    pub code: String,
    /// For people.
    pub message: String,
}

impl QueryError {
    /// An error.
    pub fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into() }
    }

    /// An action that the service does not have, or that is not here.
    pub fn unknown_action(action: &str, version: &str) -> Self {
        let message = format!("Could not find operation {action} for version {version}");
        Self::new(400, "InvalidAction", message)
    }

    /// The document `<ErrorResponse>`.
    pub fn xml(&self, namespace: &str) -> Response {
        let id = request_id();
        let fault = if self.status < 500 { "Sender" } else { "Receiver" };
        let root = Xml(format!("<ErrorResponse xmlns=\"{}\">", escape(namespace)));
        let error =
            |xml: Xml| xml.text("Type", fault).text("Code", &self.code).text("Message", &self.message);
        let mut xml = root.nest("Error", error).text("RequestId", &id);
        xml.0.push_str("</ErrorResponse>");
        document(self.status, xml, &id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(uri: &str, body: &[u8]) -> Result<Form, QueryError> {
        let (parts, ()) = http::Request::post(uri).body(()).expect("a request").into_parts();
        Form::parse(&parts, body)
    }

    #[test]
    fn forms_are_decoded() {
        let form = form("/?Version=1", b"Action=Do&A.member.1=x+y&A.member.2=%C3%A4%26&B&=&A.member.4=no");
        let form = form.expect("a form");
        assert_eq!((form.action(), form.get("Version"), form.get("B")), ("Do", Some("1"), Some("")));
        assert_eq!(form.list("A"), ["x y", "ä&"]);
    }

    #[test]
    fn hostile_forms_are_refused() {
        assert_eq!(form("/", b"a=%ff").expect_err("no UTF-8").code, "MalformedInput");
        assert_eq!(form("/", &b"a&".repeat(20_000)).expect_err("many").code, "MalformedInput");
        assert_eq!(form("/", &vec![b'a'; LONGEST_FORM + 1]).expect_err("long").status, 413);
    }

    #[test]
    fn nothing_becomes_markup() {
        assert_eq!(escape("a<b>&\"'\u{1}\r\t"), "a&lt;b&gt;&amp;&quot;&#39;\u{fffd}&#13;\t");
        assert!(matches!(escape("plain ä"), Cow::Borrowed(_)));
        let list = Xml::default().members("L", ["1", "<"], |xml, item| xml.text("V", item));
        assert_eq!(list.0, "<L><member><V>1</V></member><member><V>&lt;</V></member></L>");
    }
}
