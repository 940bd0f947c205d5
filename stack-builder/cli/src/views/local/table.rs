//! The table at the start: every URL, the way in for other tools, and what is not run.

use super::{Loaded, Phases, Ready};
use crate::views::style::{FAINT, HEADING};
use crate::views::text::{count, seconds, shown};
use stack_builder_deploy::SeedStep;
use stack_builder_local::{AppOverview, ResourceOverview};
use std::collections::BTreeMap;

/// Width of the first column.
const LABEL: usize = 10;

pub(super) fn render(ready: &Ready<'_>, verbose: bool) -> String {
    let overview = ready.overview;
    let mut lines = vec![String::new()];
    let with_urls = overview.apps.iter().filter(|app| !app.urls.is_empty());
    lines.extend(with_urls.flat_map(|app| application(app, ready.loaded)));
    lines.push(labelled("console", &overview.console));
    lines.push(labelled("aws cli", &format!("export AWS_ENDPOINT_URL={}", overview.endpoint)));
    // boto3 and the first AWS CLI read the second one.
    lines.push(labelled("", &format!("export AWS_REGION={0} AWS_DEFAULT_REGION={0}", ready.region)));
    lines.push(labelled("", "export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local"));
    lines.push(labelled("state", ready.state.unwrap_or("kept in memory, forgotten at the end")));
    if ready.has_data && ready.loaded.is_empty() {
        lines.push(labelled("data", "none loaded by this run; `--seed` loads the demonstration data"));
    }
    lines.extend(absent(&overview.resources));
    lines.extend(notes(&overview.resources, verbose));
    lines.extend(verbose.then(|| labelled("times", &times(ready.phases))));
    lines.push(format!("\n{HEADING}ready{HEADING:#} in {}; Ctrl-C ends it\n", seconds(ready.took)));
    lines.join("\n")
}

fn labelled(label: &str, text: &str) -> String {
    format!("{FAINT}{label:LABEL$}{FAINT:#}  {}", shown(text))
}

fn application(app: &AppOverview, loaded: &[Loaded]) -> Vec<String> {
    let mut lines = vec![format!("{HEADING}{}{HEADING:#}", shown(&app.name))];
    let width = app.urls.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(LABEL - 2);
    let url = |(name, url): &(String, String)| format!("  {:width$}  {}", shown(name), shown(url));
    lines.extend(app.urls.iter().map(url));
    let data = loaded.iter().filter(|loaded| loaded.stack == app.name);
    lines.extend(data.map(|loaded| format!("  {:width$}  {}", "data", shown(&contents(loaded)))));
    lines.push(String::new());
    lines
}

/// What was loaded, whom one can be, and where the password stands.
fn contents(loaded: &Loaded) -> String {
    let (mut items, mut secrets, mut users) = (0, 0, Vec::new());
    for step in &loaded.steps {
        match step {
            SeedStep::Table { items: more, .. } => items += more,
            SeedStep::Secret { .. } => secrets += 1,
            SeedStep::User { name, .. } => users.push(name.as_str()),
            _ => {}
        }
    }
    let numbers = [(items, "item"), (secrets, "secret")];
    let mut parts: Vec<_> = numbers
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| count(number, what))
        .collect();
    if !users.is_empty() {
        parts.push(format!("sign in as {}", users.join(" or ")));
    }
    let secret = if secrets > 0 || !users.is_empty() { "; passwords stand in the file" } else { "" };
    format!("{}: {}{secret}", loaded.file, parts.join(", "))
}

/// A line for each resource that is left out.
fn absent(resources: &[ResourceOverview]) -> Vec<String> {
    let absent = resources.iter().filter(|resource| !resource.runs);
    let line = |(index, resource): (usize, &ResourceOverview)| {
        let why = match resource.notes.as_slice() {
            [] => String::new(),
            notes => format!(": {}", notes.join("; ")),
        };
        labelled(if index == 0 { "not run" } else { "" }, &format!("{} {}{why}", resource.kind, resource.id))
    };
    absent.enumerate().map(line).collect()
}

/// What differs from AWS in what does run: how much, or a line each, with the resources that it holds for.
fn notes(resources: &[ResourceOverview], verbose: bool) -> Vec<String> {
    let mut places: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for resource in resources.iter().filter(|resource| resource.runs) {
        for note in &resource.notes {
            places.entry(note).or_default().push(resource.id.to_string());
        }
    }
    let label = |index| if index == 0 { "notes" } else { "" };
    let line = |(index, (note, places)): (usize, (&str, Vec<String>))| {
        labelled(label(index), &format!("{note} ({})", places.join(", ")))
    };
    if verbose {
        return places.into_iter().enumerate().map(line).collect();
    }
    let told =
        format!("{} from AWS; `--verbose` and the console name them", count(places.len(), "difference"));
    (!places.is_empty()).then(|| labelled("notes", &told)).into_iter().collect()
}

fn times(phases: &Phases) -> String {
    let Phases { build, synth, start, publish, seed, handlers } = phases;
    let parts = [
        ("build", build),
        ("synth", synth),
        ("start", start),
        ("publish", publish),
        ("seed", seed),
        ("handlers", handlers),
    ];
    parts.map(|(name, time)| format!("{name} {}", seconds(*time))).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use stack_builder_local::{Overview, ResourceId};
    use std::time::Duration;

    #[test]
    fn everything_has_its_place() {
        let resource = |logical_id: &str, kind: &str, runs: bool, note: &str| ResourceOverview {
            id: ResourceId { stack: "notes-dev".to_owned(), logical_id: logical_id.to_owned() },
            kind: kind.to_owned(),
            runs,
            notes: vec![note.to_owned()],
        };
        let overview = Overview {
            endpoint: "http://127.0.0.1:4000".to_owned(),
            console: "http://127.0.0.1:4000/console".to_owned(),
            apps: vec![AppOverview {
                stack: "notes-dev".to_owned(),
                name: "notes".to_owned(),
                urls: vec![("SiteUrl".to_owned(), "http://127.0.0.1:4001".to_owned())],
            }],
            resources: vec![
                resource("Table", "AWS::DynamoDB::Table", true, "no recovery"),
                resource("Certificate", "AWS::CertificateManager::Certificate", false, "needs a domain"),
            ],
        };
        let steps = vec![
            SeedStep::Table { logical_id: "Table".to_owned(), items: 3 },
            SeedStep::User { logical_id: "Users".to_owned(), name: "kim".to_owned(), is_new: true },
        ];
        let loaded = [Loaded { stack: "notes".to_owned(), file: "seed.json".to_owned(), steps }];
        let text = render(
            &Ready {
                overview: &overview,
                region: "eu-west-1",
                state: None,
                loaded: &loaded,
                has_data: true,
                phases: &Phases::default(),
                took: Duration::from_millis(1234),
            },
            false,
        );
        assert_eq!(
            anstream::adapter::strip_str(&text).to_string(),
            "
notes
  SiteUrl   http://127.0.0.1:4001
  data      seed.json: 3 items, sign in as kim; passwords stand in the file

console     http://127.0.0.1:4000/console
aws cli     export AWS_ENDPOINT_URL=http://127.0.0.1:4000
            export AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1
            export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
state       kept in memory, forgotten at the end
not run     AWS::CertificateManager::Certificate notes-dev/Certificate: needs a domain
notes       1 difference from AWS; `--verbose` and the console name them

ready in 1.23 s; Ctrl-C ends it
"
        );
    }
}
