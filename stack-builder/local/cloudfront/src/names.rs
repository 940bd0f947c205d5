//! Which headers, cookies or parameters of a query string a policy means.

use crate::pattern;
use serde_json::Value;

/// A choice among names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Names {
    /// None of them.
    #[default]
    None,
    /// All.
    All,
    /// These.
    Only(Vec<String>),
    /// All but these.
    Except(Vec<String>),
}

impl Names {
    /// Reads a policy's `…Behavior` with its list.
    pub(crate) fn read(behavior: Option<&str>, items: &Value) -> Self {
        match behavior {
            Some("all" | "allViewer" | "allViewerAndWhitelistCloudFront") => Self::All,
            Some("whitelist") => Self::Only(texts(items)),
            Some("allExcept") => Self::Except(texts(items)),
            _ => Self::None,
        }
    }

    /// The same for headers, whose names are compared in lower case.
    pub(crate) fn lower(self) -> Self {
        let lower = |names: Vec<String>| names.into_iter().map(|name| name.to_ascii_lowercase()).collect();
        match self {
            Self::Only(names) => Self::Only(lower(names)),
            Self::Except(names) => Self::Except(lower(names)),
            other => other,
        }
    }

    /// Whether `name` is among them; `*` and `?` in a list stand for other characters, as in names of cookies.
    pub(crate) fn takes(&self, name: &str) -> bool {
        let listed = |names: &[String]| names.iter().any(|known| pattern::matches(known, name));
        match self {
            Self::None => false,
            Self::All => true,
            Self::Only(names) => listed(names),
            Self::Except(names) => !listed(names),
        }
    }
}

/// The texts of a list; what is no text is passed over.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A number, also one written as text.
pub(crate) fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// True or false, also written as text.
pub(crate) fn flag(value: &Value) -> bool {
    value.as_bool().or_else(|| value.as_str()?.parse().ok()).unwrap_or_default()
}

/// The pairs of a query string that `takes` wants, in the viewer's order and spelling.
pub(crate) fn query_pairs(query: &str, takes: impl Fn(&str) -> bool) -> String {
    let name = |pair: &&str| takes(pair.split('=').next().unwrap_or_default());
    let kept: Vec<_> = query.split('&').filter(|pair| !pair.is_empty()).filter(name).collect();
    kept.join("&")
}

/// The cookies that `takes` wants, as one header.
pub(crate) fn cookie_pairs<'h>(
    headers: impl Iterator<Item = &'h str>,
    takes: impl Fn(&str) -> bool,
) -> String {
    let pairs = headers.flat_map(|header| header.split(';')).map(str::trim).filter(|pair| !pair.is_empty());
    let kept: Vec<_> = pairs.filter(|pair| takes(pair.split('=').next().unwrap_or_default())).collect();
    kept.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pairs_keep_order_and_spelling() {
        let only = Names::read(Some("whitelist"), &json!(["b", "a"]));
        assert_eq!(query_pairs("a=1&c=2&b=%20&a", |name| only.takes(name)), "a=1&b=%20&a");
        assert_eq!(cookie_pairs(["x=1; a=2", "b=3"].into_iter(), |name| only.takes(name)), "a=2; b=3");
        let wild = Names::Only(vec!["s_*".to_owned()]);
        assert_eq!(cookie_pairs(["s_1=a; t=b"].into_iter(), |name| wild.takes(name)), "s_1=a");
        let except = Names::read(Some("allExcept"), &json!(["a"]));
        assert_eq!(query_pairs("a=1&c=2", |name| except.takes(name)), "c=2");
        assert_eq!(Names::read(Some("nonsense"), &json!(3)), Names::None);
    }
}
