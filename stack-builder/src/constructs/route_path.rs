//! Paths of routes: what may stand in them, and what their resources are called.

use crate::scope::Scope;
use stack_builder_assembly::Diagnostic;
use stack_builder_cfn::Source;
use std::collections::{BTreeMap, BTreeSet};

/// `GET /files/{id}` to `GetFilesId`: a route keeps its name when others come and go.
pub(super) fn route_name(method: &str, path: &str) -> String {
    capitalized(&method.to_ascii_lowercase()) + &path_name(path)
}

/// `/files/{id}` to `FilesId`.
pub(super) fn path_name(path: &str) -> String {
    path.split(|c: char| !c.is_ascii_alphanumeric()).map(capitalized).collect()
}

fn capitalized(word: &str) -> String {
    word.split_at_checked(1).map(|(first, rest)| first.to_ascii_uppercase() + rest).unwrap_or_default()
}

/// `/files/{id}` to `/files/*`, by which a permission names the path: a variable stands for any part.
pub(super) fn pattern(path: &str) -> String {
    let parts: Vec<_> = path.split('/').map(|part| if part.starts_with('{') { "*" } else { part }).collect();
    parts.join("/")
}

/// The parts of a path: none of `/`, two of `/files/{id}`.
pub(super) fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

/// What is wrong with a path that no API takes.
pub(super) fn problem(path: &str) -> Option<Diagnostic> {
    let found = |what: &str, hint: String| {
        Some(Diagnostic::error("illegal-route", format!("the route `{path}` {what}")).hint(hint))
    };
    let Some(rest) = path.strip_prefix('/') else {
        return found("does not begin with a slash", format!("write `/{path}`"));
    };
    if rest.is_empty() {
        return None;
    }
    if rest.split('/').any(str::is_empty) {
        let parts: Vec<_> = parts(path).collect();
        return found("has an empty part", format!("write `/{}`", parts.join("/")));
    }
    let last = rest.split('/').count() - 1;
    if rest.split('/').enumerate().all(|(index, part)| is_part(part, index == last)) {
        let mut names = BTreeSet::new();
        let twice = parts(path).filter_map(variable).find(|name| !names.insert(*name))?;
        return found(
            &format!("has the variable `{twice}` twice"),
            "name each variable after what it stands for".to_owned(),
        );
    }
    found(
        "has a part that is neither a word nor a variable",
        "a variable is a whole part, `/items/{id}`, or takes the rest at the end, `/files/{path+}`; \
         a word has letters, digits and `-._:`"
            .to_owned(),
    )
}

/// `id` of `{id}`, and `path` of `{path+}`.
fn variable(part: &str) -> Option<&str> {
    let name = part.strip_prefix('{')?.strip_suffix('}')?;
    Some(name.strip_suffix('+').unwrap_or(name))
}

fn is_part(part: &str, last: bool) -> bool {
    let legal = |text: &str, marks: &[u8]| {
        !text.is_empty() && text.bytes().all(|c| c.is_ascii_alphanumeric() || marks.contains(&c))
    };
    match part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(variable) => {
            let greedy = variable.strip_suffix('+').filter(|_| last);
            legal(greedy.unwrap_or(variable), b"-._")
        }
        None => legal(part, b"-._:"),
    }
}

/// The names that the routes of an API have taken.
#[derive(Default)]
pub(super) struct RouteNames(BTreeMap<String, String>);

impl RouteNames {
    /// The name of a route, unless another one has it, which is reported.
    pub(super) fn claim(
        &mut self,
        scope: &mut Scope,
        method: &str,
        path: &str,
        source: Source,
    ) -> Option<String> {
        let key = format!("{method} {path}");
        let name = route_name(method, path);
        let Some(other) = self.0.get(&name) else {
            self.0.insert(name.clone(), key);
            return Some(name);
        };
        let diagnostic = if *other == key {
            Diagnostic::error("illegal-route", format!("the API has the route `{key}` twice"))
                .hint("remove one of the two")
        } else {
            let message = format!("the routes `{other}` and `{key}` would share the name `{name}`");
            Diagnostic::error("illegal-route", message).hint("change one of the paths")
        };
        scope.report(diagnostic.caused_by(source));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_named_after_its_method_and_path() {
        assert_eq!(route_name("GET", "/"), "Get");
        assert_eq!(route_name("POST", "/getUploadUrl"), "PostGetUploadUrl");
        assert_eq!(route_name("PUT", "/item/{id}/done"), "PutItemIdDone");
    }

    #[test]
    fn a_permission_names_any_value_of_a_variable() {
        assert_eq!(pattern("/item/{id}/done"), "/item/*/done");
        assert_eq!(pattern("/{path+}"), "/*");
    }

    #[test]
    fn paths_are_words_and_whole_variables() {
        for path in ["/", "/a", "/a-b/{id}", "/a/{id}/b", "/a.b/{rest+}", "/v1/a:b", "/{a}/b/{b}"] {
            assert_eq!(problem(path), None, "{path}");
        }
        for path in [
            "",
            "a",
            "/a/",
            "//a",
            "/a//b",
            "/{id",
            "/a{id}",
            "/{a}{b}",
            "/{a+}/b",
            "/{}",
            "/a b",
            "/a?b",
            "/*",
            "/a/{b}/{b}",
            "/{b}/c/{b+}",
        ] {
            assert!(problem(path).is_some(), "{path}");
        }
        assert_eq!(problem("//a/").unwrap().hint.as_deref(), Some("write `/a`"));
    }
}
