//! Which pages' scripts may read an answer, where the API leaves that to the function.

use crate::{Response, StartUpError, environment};

/// The setting's name.
const VARIABLE: &str = "ALLOWED_ORIGINS";

/// The origins that an answer is opened to; none unless the stack sets them.
///
/// A REST API with a proxy integration passes the function's headers on and adds no CORS headers of its own, so the
/// stack lists the page's origins in `ALLOWED_ORIGINS`, separated by commas. An HTTP API answers CORS by itself, and
/// there the setting stays away.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedOrigins(Vec<String>);

impl AllowedOrigins {
    /// What `ALLOWED_ORIGINS` says.
    ///
    /// # Errors
    /// When an entry is not an origin as browsers write it, which would never match.
    pub fn from_environment() -> Result<Self, StartUpError> {
        Self::parse(&environment::optional(VARIABLE))
    }

    /// Origins separated by commas, such as `https://a.example,http://localhost:8080`.
    ///
    /// # Errors
    /// When an entry is not `scheme://host` or `scheme://host:port` in lower case; `*` is no origin either, because
    /// every answer is about one user.
    pub fn parse(list: &str) -> Result<Self, StartUpError> {
        let entries = list.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let checked =
            entries.map(|entry| if is_origin(entry) { Ok(entry.to_owned()) } else { Err(entry.to_owned()) });
        checked.collect::<Result<_, _>>().map(Self).map_err(StartUpError::NotAnOrigin)
    }

    /// Opens the answer to the page that asked, if it is one of ours.
    pub(crate) fn open(&self, response: Response, origin: Option<&str>) -> Response {
        match origin.filter(|origin| self.0.iter().any(|allowed| allowed == origin)) {
            Some(origin) => response.header("access-control-allow-origin", origin).header("vary", "Origin"),
            None => response,
        }
    }
}

fn is_origin(entry: &str) -> bool {
    let host = entry.strip_prefix("https://").or_else(|| entry.strip_prefix("http://")).unwrap_or_default();
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b".-:[]".contains(&c);
    !host.is_empty() && host.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(list: &str, origin: Option<&str>) -> Vec<(&'static str, String)> {
        let response = AllowedOrigins::parse(list).unwrap().open(Response::no_content(), origin);
        response.headers.into_iter().collect()
    }

    #[test]
    fn a_listed_origin_is_named_back() {
        let opened = [
            ("access-control-allow-origin", "http://localhost:8080".to_owned()),
            ("vary", "Origin".to_owned()),
        ];
        assert_eq!(
            headers("https://a.example, http://localhost:8080,", Some("http://localhost:8080")),
            opened
        );
    }

    #[test]
    fn others_get_nothing() {
        for (list, origin) in [
            ("", Some("https://a.example")),
            ("https://a.example", None),
            ("https://a.example", Some("https://b.example")),
            ("https://a.example", Some("https://a.example.evil")),
            ("https://a.example", Some("https://A.example")),
            ("https://a.example", Some("https://a.example,https://b.example")),
            ("https://a.example", Some("http://a.example")),
            ("https://a.example", Some("null")),
            ("https://a.example", Some("")),
        ] {
            assert_eq!(headers(list, origin), [], "{list} {origin:?}");
        }
    }

    #[test]
    fn what_could_never_match_is_refused() {
        for entry in
            ["*", "null", "a.example", "https://a.example/", "https://A.example", "https://", "ftp://a"]
        {
            let error = AllowedOrigins::parse(&format!("https://ok.example,{entry}")).unwrap_err();
            assert_eq!(error, StartUpError::NotAnOrigin(entry.to_owned()));
        }
        assert!(AllowedOrigins::parse("https://[::1]:8080").is_ok());
    }
}
