//! Which of the site's paths a request names.

/// A path, as far as the gate minds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `/`: the log, or the way to the login page.
    Home,
    /// `/login/`: the login page.
    Login,
    /// Anything else, which is S3's to find or not to find.
    Other,
}

impl Place {
    /// Compares letter by letter. Nothing is decoded, folded or tidied: `/%2e%2e/`, `//login/` and `/LOGIN/` name
    /// objects that do not exist, and saying so is safer than guessing what was meant.
    ///
    /// Methods other than GET and HEAD ask for no page.
    pub(crate) fn of(method: &str, uri: &str) -> Self {
        match (method, uri) {
            ("GET" | "HEAD", "/") => Self::Home,
            ("GET" | "HEAD", "/login/") => Self::Login,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_paths_are_ours() {
        assert_eq!((Place::of("GET", "/"), Place::of("HEAD", "/")), (Place::Home, Place::Home));
        assert_eq!((Place::of("GET", "/login/"), Place::of("HEAD", "/login/")), (Place::Login, Place::Login));
    }

    #[test]
    fn tricks_lead_nowhere() {
        for uri in [
            "//",
            "/.",
            "/./",
            "/..",
            "/%2e%2e/",
            "/%2F",
            "/index.html",
            "/home.html",
            "/login",
            "//login/",
            "/login//",
            "/login/.",
            "/LOGIN/",
            "/Login/",
            "/login/%00",
            "/%6cogin/",
            "/login/?",
            "/?",
            "/\\",
            "/ ",
            "/login/\u{0}",
            "/\u{ff0f}",
            "/lo\u{ff47}in/",
        ] {
            assert_eq!(Place::of("GET", uri), Place::Other, "{uri:?}");
        }
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "get", "Get", ""] {
            assert_eq!(Place::of(method, "/"), Place::Other, "{method}");
        }
    }

    proptest! {
        #[test]
        fn nothing_else_is_ours(method in "GET|HEAD|[A-Z]{3,7}", uri in "/|/login/|/(login|LOGIN|%2e|\\.|/|[a-z%0-9]){0,6}/?") {
            let ours = ["GET", "HEAD"].contains(&method.as_str()) && ["/", "/login/"].contains(&uri.as_str());
            prop_assert_eq!(Place::of(&method, &uri) != Place::Other, ours);
        }
    }
}
