//! The look of the sign-in pages: plain HTML that needs no script, and the headers that keep others' out.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use stack_builder_local_core::{Response, full};
use std::sync::LazyLock;

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1c2024;--soft:#5b6470;--paper:#fff;--ground:#f3f4f6;--line:#8a93a0;--accent:#1f5fbf;\
--on-accent:#fff;--bad:#b3261e;--bad-ground:#fdeceb}\
@media(prefers-color-scheme:dark){:root{--ink:#eceef1;--soft:#a9b1bc;--paper:#1d2126;--ground:#121417;--line:#77818e;\
--accent:#8ab4f8;--on-accent:#10151c;--bad:#ffb4ab;--bad-ground:#3a1d1b}}\
*{box-sizing:border-box}\
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--ground);color:var(--ink);\
font:1rem/1.5 system-ui,sans-serif}\
main{width:100%;max-width:26rem;padding:1.75rem;background:var(--paper);border-radius:.75rem}\
h1{margin:0 0 1rem;font-size:1.4rem;line-height:1.2}\
form{display:grid;gap:1rem}\
label{display:grid;gap:.25rem;font-weight:600}\
input{width:100%;padding:.6rem .7rem;font:inherit;font-weight:400;color:inherit;background:var(--paper);\
border:1px solid var(--line);border-radius:.4rem}\
button{padding:.65rem 1rem;font:inherit;font-weight:600;color:var(--on-accent);background:var(--accent);border:0;\
border-radius:.4rem;cursor:pointer}\
button.quiet{padding:0;color:var(--accent);background:none;text-decoration:underline;font-weight:400;justify-self:start}\
a{color:var(--accent)}\
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}\
.hint{margin:0;color:var(--soft);font-size:.9rem;font-weight:400}\
.problem{margin:0 0 1rem;padding:.6rem .8rem;color:var(--bad);background:var(--bad-ground);border-radius:.4rem}\
.news{margin:0 0 1rem}\
nav{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;margin-top:1.25rem}\
code{overflow-wrap:anywhere}";

static STYLE_HASH: LazyLock<String> =
    LazyLock::new(|| STANDARD.encode(crate::random::sha256(STYLE.as_bytes())));

/// Text in HTML, also within quotes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A field that is not seen.
pub(super) fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value))
}

/// A field with its label.
pub(super) struct Field<'a> {
    pub(super) label: &'a str,
    pub(super) name: &'a str,
    /// `text`, `email`, `password`.
    pub(super) kind: &'a str,
    /// What browsers may fill in.
    pub(super) autocomplete: &'a str,
    pub(super) value: &'a str,
    /// A sentence below; empty for none.
    pub(super) hint: &'a str,
}

impl Field<'_> {
    /// The first field of a form has the focus.
    pub(super) fn html(&self, is_first: bool) -> String {
        let Self { label, name, kind, autocomplete, value, hint } = self;
        let numeric = if *autocomplete == "one-time-code" { " inputmode=\"numeric\"" } else { "" };
        let focus = if is_first { " autofocus" } else { "" };
        let (described, hint) = match *hint {
            "" => (String::new(), String::new()),
            hint => (
                format!(" aria-describedby=\"{name}-hint\""),
                format!("<span class=\"hint\" id=\"{name}-hint\">{}</span>", escape(hint)),
            ),
        };
        let (name, label, value) = (escape(name), escape(label), escape(value));
        format!(
            "<label>{label}<input name=\"{name}\" type=\"{kind}\" autocomplete=\"{autocomplete}\" value=\"{value}\" \
             maxlength=\"2048\" autocapitalize=\"none\" spellcheck=\"false\" required{numeric}{focus}{described}>{hint}\
             </label>"
        )
    }
}

/// What went wrong, announced by screen readers; nothing for an empty text.
pub(super) fn problem(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("<p class=\"problem\" role=\"alert\">{}</p>", escape(text))
    }
}

/// What has happened, announced when there is time.
pub(super) fn news(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("<p class=\"news\" role=\"status\">{}</p>", escape(text))
    }
}

/// A whole page. Forms may lead to this domain and, after that, to `redirect`.
pub(super) fn page(status: u16, title: &str, content: &str, redirect: Option<&str>) -> Response {
    let title = escape(title);
    let body = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{content}\n</main>\n</body>\n</html>\n"
    );
    let mut response = full(status, "text/html; charset=utf-8", body);
    let action = redirect.and_then(origin).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; form-action 'self'{action}; base-uri 'none'; frame-ancestors 'none'",
        *STYLE_HASH
    );
    let headers = response.headers_mut();
    if let Ok(policy) = policy.parse() {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

/// The origin of an address as the policy has it, with a space before: browsers apply `form-action` to redirects too.
fn origin(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once(':')?;
    let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.:[]".contains(c));
    let host =
        rest.strip_prefix("//").and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    if !is_plain(scheme) || !is_plain(host) {
        return None;
    }
    Some(if matches!(scheme, "http" | "https") {
        format!(" {scheme}://{host}")
    } else {
        format!(" {scheme}:")
    })
}

/// A page that says one thing.
pub(super) fn message(status: u16, title: &str, text: &str) -> Response {
    page(status, title, &format!("<p>{}</p>", escape(text)), None)
}

/// The page for a request that cannot be sent back to the application.
pub(super) fn refused(error: &str, told: &str) -> Response {
    let content = format!(
        "<p role=\"alert\">{}</p>\n<p class=\"hint\"><code>{}</code></p>",
        escape(told),
        escape(error)
    );
    page(400, "The application asked for something wrong", &content, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_its_quotes() {
        let field = Field {
            label: "<b>",
            name: "a",
            kind: "text",
            autocomplete: "off",
            value: "\"><script>",
            hint: "&",
        };
        let html = field.html(true) + &hidden("\"x", "'>") + &problem("<i>") + &news("<u>");
        for bad in ["<script", "<b>", "<i>", "<u>", "'>"] {
            assert!(!html.contains(bad), "{bad} in {html}");
        }
    }

    #[test]
    fn a_policy_names_the_way_back() {
        let cases = [
            ("http://127.0.0.1:4001/a?b", Some(" http://127.0.0.1:4001")),
            ("https://[::1]:4/", Some(" https://[::1]:4")),
            ("app.example://done", Some(" app.example:")),
            ("http://a;script-src *", None),
            ("nothing", None),
        ];
        for (address, expected) in cases {
            assert_eq!(origin(address).as_deref(), expected, "{address}");
        }
        let policy =
            page(200, "T", "", Some("http://127.0.0.1:4001/")).headers()[CONTENT_SECURITY_POLICY].clone();
        assert!(policy.to_str().unwrap().contains("form-action 'self' http://127.0.0.1:4001;"));
    }
}
