//! Headers: which reach a function and under what name, and which of its answer reach the client.

use http::{HeaderMap, HeaderName, HeaderValue};

/// Never passed to an integration
/// ([notes](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html)); what
/// governs the connection must not be believed behind it.
const DROPPED: [&str; 14] = [
    "connection",
    "content-md5",
    "expect",
    "keep-alive",
    "max-forwards",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "server",
    "www-authenticate",
];

/// Written with capitals in events of either kind of API.
const CAPITALS: [(&str, &str); 6] = [
    ("host", "Host"),
    ("user-agent", "User-Agent"),
    ("x-amzn-trace-id", "X-Amzn-Trace-Id"),
    ("x-forwarded-for", "X-Forwarded-For"),
    ("x-forwarded-port", "X-Forwarded-Port"),
    ("x-forwarded-proto", "X-Forwarded-Proto"),
];

/// Names and values, in order.
pub(crate) type Pairs = Vec<(String, String)>;

/// How an event writes names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// Payload format 2.0: all in lower case.
    Lower,
    /// Payload format 1.0 of an HTTP API.
    Http,
    /// A REST API.
    Rest,
}

/// The headers of a request for an event, with those that API Gateway adds.
pub(crate) fn for_event(headers: &HeaderMap, trace_id: &str, names: Names, length: usize) -> Pairs {
    let mut pairs = Pairs::with_capacity(headers.len() + 4);
    let own = |name: &str| matches!(name, "x-forwarded-for" | "x-amzn-trace-id" | "content-length");
    for (name, value) in headers {
        if !DROPPED.contains(&name.as_str()) && !own(name.as_str()) {
            pairs.push((written(name.as_str(), names), lossy(value)));
        }
    }
    let mut add = |name: &str, value: String| pairs.push((written(name, names), value));
    let before =
        headers.get_all("x-forwarded-for").iter().map(|value| lossy(value) + ", ").collect::<String>();
    add("x-forwarded-for", before + crate::exchange::SOURCE_IP);
    add("x-amzn-trace-id", trace_id.to_owned());
    if names != Names::Rest && (length > 0 || headers.contains_key("content-length")) {
        add("content-length", length.to_string());
    }
    for (name, value) in [("x-forwarded-port", "443"), ("x-forwarded-proto", "https")] {
        if !headers.contains_key(name) {
            add(name, value.to_owned());
        }
    }
    pairs
}

fn written(name: &str, names: Names) -> String {
    let known = CAPITALS.iter().find(|(lower, _)| *lower == name).map(|(_, written)| *written);
    match names {
        Names::Lower => name.to_owned(),
        Names::Http if name == "content-length" => "Content-Length".to_owned(),
        Names::Rest if name == "authorization" => "Authorization".to_owned(),
        Names::Http | Names::Rest => known.unwrap_or(name).to_owned(),
    }
}

/// A value as text, whatever its bytes.
pub(crate) fn lossy(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

/// A header's last value, which is the one that a REST API's event shows.
pub(crate) fn last(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get_all(name).iter().next_back().map(lossy)
}

/// All values of a header, joined by commas as an HTTP API does.
pub(crate) fn joined(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut values = headers.get_all(name).iter().map(lossy);
    let first = values.next()?;
    Some(values.fold(first, |all, value| all + "," + &value))
}

/// Bytes of all names and values.
pub(crate) fn size(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum()
}

/// Adds a function's header to an answer; `None` when it is no header at all. What governs the connection is not the
/// function's to say: a REST API gives it another name, an HTTP API drops it.
pub(crate) fn answer(headers: &mut HeaderMap, name: &str, value: &str, rest: bool) -> Option<()> {
    let lower: HeaderName = name.parse().ok()?;
    let value: HeaderValue = HeaderValue::from_bytes(value.as_bytes()).ok()?;
    match lower.as_str() {
        "connection" | "content-length" | "date" | "server" if rest => {
            let name = format!("x-amzn-remapped-{lower}").parse::<HeaderName>().ok()?;
            headers.append(name, value);
        }
        "connection" | "content-length" | "date" | "server" | "transfer-encoding" | "keep-alive"
        | "upgrade" | "trailer" | "te" => {}
        "content-type" => drop(headers.insert(lower, value)),
        _ => drop(headers.append(lower, value)),
    }
    Some(())
}
