//! From packaged files to those that are served: templates become files that know the stack's outputs.

use super::kind::{Escape, cache_control, content_type, json_contents};
use super::{SiteError, SiteFile};
use crate::Outputs;
use handlebars::{Handlebars, RenderError, RenderErrorReason, html_escape, no_escape};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The ending of a template's name, which the rendered file does not have.
pub(super) const TEMPLATE: &str = ".hbs";

/// What a template can use.
#[derive(Clone, Debug)]
pub(crate) struct Context(Map<String, Value>);

impl Context {
    /// The stack's outputs, and `Stage` and `Region`.
    pub(crate) fn new(outputs: &Outputs, stage: &str, region: &str) -> Self {
        let mut values: Map<String, Value> =
            outputs.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
        values.insert("Stage".to_owned(), stage.into());
        values.insert("Region".to_owned(), region.into());
        Self(values)
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.0.keys().map(|name| format!("`{name}`")).collect();
        names.sort();
        names
    }
}

/// The files of `site` as they are served, sorted by path.
pub(crate) fn render(
    site: &str,
    files: Vec<(String, Vec<u8>)>,
    values: &Context,
) -> Result<Vec<SiteFile>, SiteError> {
    let mut rendered: Vec<SiteFile> = files
        .into_iter()
        .map(|(path, content)| file(site, path, content, values))
        .collect::<Result<_, _>>()?;
    rendered.sort_by(|a, b| a.path.cmp(&b.path));
    let mut seen = BTreeSet::new();
    match rendered.iter().find(|file| !seen.insert(&file.path)) {
        None => Ok(rendered),
        Some(twice) => Err(SiteError::Entry {
            site: site.to_owned(),
            entry: twice.path.clone(),
            problem: "both as it is and as a template".to_owned(),
        }),
    }
}

fn file(site: &str, path: String, content: Vec<u8>, values: &Context) -> Result<SiteFile, SiteError> {
    let Some(target) = path.strip_suffix(TEMPLATE).filter(|target| !target.is_empty()) else {
        let (content_type, cache_control) = (content_type(&path), cache_control(&path, false));
        return Ok(SiteFile { path, content, content_type, cache_control });
    };
    let content = fill(target, &content, values).map_err(|(line, problem)| SiteError::Template {
        site: site.to_owned(),
        file: path.clone(),
        line,
        problem,
        names: values.names(),
    })?;
    Ok(SiteFile {
        path: target.to_owned(),
        content: content.into_bytes(),
        content_type: content_type(target),
        cache_control: cache_control(target, true),
    })
}

/// Renders, or says on which line what is wrong.
fn fill(target: &str, template: &[u8], values: &Context) -> Result<String, (Option<usize>, String)> {
    let escape = Escape::of(target).ok_or_else(|| {
        let kinds = "only HTML, XML, SVG, JavaScript, JSON and .txt files can be templates";
        (None, format!("{kinds}, for there is no safe way to write a value into others"))
    })?;
    let template = str::from_utf8(template).map_err(|error| (None, error.to_string()))?;
    let mut engine = Handlebars::new();
    engine.set_strict_mode(true);
    match escape {
        Escape::Html => engine.register_escape_fn(html_escape),
        Escape::Json => engine.register_escape_fn(json_contents),
        Escape::Nothing => engine.register_escape_fn(no_escape),
    }
    engine.render_template(template, &values.0).map_err(|error| problem(&error))
}

fn problem(error: &RenderError) -> (Option<usize>, String) {
    match error.reason() {
        RenderErrorReason::MissingVariable(Some(name)) => {
            (error.line_no, format!("there is no value `{name}`"))
        }
        RenderErrorReason::TemplateError(inner) => {
            (inner.pos().map(|(line, _column)| line), inner.reason().to_string())
        }
        reason => (error.line_no, reason.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> Context {
        let outputs = [("ApiUrl", "https://a.example/x"), ("Odd", "<b>\"&'")];
        let outputs = outputs.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Context::new(&outputs, "dev", "eu-west-1")
    }

    fn one(path: &str, content: &str) -> Result<SiteFile, SiteError> {
        let files = vec![(path.to_owned(), content.as_bytes().to_vec())];
        render("notes", files, &context()).map(|mut files| files.remove(0))
    }

    #[track_caller]
    fn check(path: &str, content: &str, expect: Result<(&str, &str), &str>) {
        let found = one(path, content).map_err(|error| error.to_string());
        let found = found.map(|file| (file.path, String::from_utf8(file.content).unwrap()));
        let expect = expect.map(|(path, text)| (path.to_owned(), text.to_owned()));
        assert_eq!(found, expect.map_err(str::to_owned));
    }

    #[test]
    fn values_are_written_as_the_file_needs_them() {
        let script = "export const api = \"{{ApiUrl}}\", stage = '{{Stage}}', region = `{{Region}}`;";
        let expect = "export const api = \"https://a.example/x\", stage = 'dev', region = `eu-west-1`;";
        check("config.js.hbs", script, Ok(("config.js", expect)));
        check(
            "a/b.json.hbs",
            "{\"odd\": \"{{Odd}}\"}",
            Ok(("a/b.json", r#"{"odd": "\u003cb\u003e\u0022\u0026\u0027"}"#)),
        );
        check("x.html.hbs", "<p title='{{Odd}}'>", Ok(("x.html", "<p title='&lt;b&gt;&quot;&amp;&#x27;'>")));
        check("x.txt.hbs", "{{Odd}}", Ok(("x.txt", "<b>\"&'")));
    }

    #[test]
    fn other_files_stay_as_they_are() {
        check("index.html", "{{ApiUrl}}", Ok(("index.html", "{{ApiUrl}}")));
        check(".hbs", "{{ApiUrl}}", Ok((".hbs", "{{ApiUrl}}")));
        assert_eq!(one("config.js.hbs", "").unwrap().cache_control, "no-cache");
    }

    #[test]
    fn a_missing_value_is_named_with_its_line() {
        check(
            "config.js.hbs",
            "\nx = \"{{ApiURL}}\";",
            Err("cannot render `config.js.hbs` of site `notes`, line 2: there is no value `ApiURL`"),
        );
        let hint = one("config.js.hbs", "{{ApiURL}}").unwrap_err().hint();
        assert_eq!(
            hint,
            "a template can use `ApiUrl`, `Odd`, `Region`, `Stage`; others come with `stack.output(..)`"
        );
    }

    #[test]
    fn what_cannot_be_rendered_is_refused() {
        let refused = |path: &str, content: &str| one(path, content).unwrap_err().to_string();
        assert!(
            refused("config.js.hbs", "{{#if ApiUrl}}").contains("line 1"),
            "{}",
            refused("config.js.hbs", "{{#if ApiUrl}}")
        );
        assert!(refused("x.css.hbs", "a { color: {{Odd}} }").contains("only HTML"));
        assert!(refused("x.js.hbs", "{{> other}}").contains("Partial not found"));
    }

    #[test]
    fn a_file_and_a_template_of_the_same_name_are_refused() {
        let files = ["config.js", "config.js.hbs"].map(|path| (path.to_owned(), Vec::new())).into();
        let error = render("notes", files, &context()).unwrap_err().to_string();
        assert_eq!(error, "the archive of site `notes` holds \"config.js\", both as it is and as a template");
    }
}
