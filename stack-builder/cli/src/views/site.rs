//! A site that is published: what would change, and what did.

use super::Printer;
use super::style::{ERROR, FAINT, HEADING, WARNING};
use super::text::{bytes, count, seconds, shown};
use serde_json::{Value, json};
use stack_builder_deploy::{Invalidation, SitePlan, SiteStep, SiteSummary};
use std::time::Duration;

/// Names that are listed before the rest is only counted.
const LISTED: usize = 8;

/// What would happen; shown even when quiet if a question is to follow.
pub(crate) fn plan(printer: &Printer, plan: &SitePlan, question_follows: bool) {
    let uploads = format!("{} of {} to upload", plan.uploads.len(), count(plan.files, "file"));
    let heading = format!("{HEADING}{}{HEADING:#}: {uploads}", plan.site);
    let (new, changed): (Vec<_>, Vec<_>) =
        plan.uploads.iter().cloned().partition(|path| plan.additions.contains(path));
    let up = listed("+ upload", "", &new).into_iter().chain(listed("~ upload", "", &changed));
    let gone = listed(&format!("{ERROR}- remove{ERROR:#}"), "", &plan.removals);
    let stale = listed("~ forget", " in CloudFront", &plan.invalidation);
    let text: String = [heading].into_iter().chain(up).chain(gone).chain(stale).collect();
    if question_follows { printer.problem(text) } else { printer.progress(text) }
}

/// A line for each of the first, and one for how many there are besides.
fn listed(mark: &str, place: &str, paths: &[String]) -> Vec<String> {
    let more = paths.len().saturating_sub(LISTED);
    let rest = (more > 0).then(|| format!("\n  {FAINT}… and {more} more{FAINT:#}"));
    let named = paths.iter().take(LISTED).map(|path| format!("\n  {mark}  {}{place}", shown(path)));
    named.chain(rest).collect()
}

/// One step.
pub(crate) fn step(printer: &Printer, step: &SiteStep) {
    match step {
        SiteStep::Uploaded { path, size } => {
            printer.detail(format!("uploaded {} ({})", shown(path), bytes(*size)));
        }
        SiteStep::Removed { path } => printer.detail(format!("removed {}", shown(path))),
        SiteStep::Deploying { size, job } => {
            printer.progress(format!("deploying {} to Amplify, job {job}", bytes(*size)));
        }
        SiteStep::Invalidated { paths } => {
            printer.detail(format!("CloudFront was asked to forget {}", shown(&paths.join(", "))));
        }
        SiteStep::NotInvalidated { problem } => printer.problem(format!(
            "{WARNING}warning{WARNING:#}: the site is up, but CloudFront may show old files for a while: {}; \
             the next deployment asks it again",
            shown(problem)
        )),
        _ => {}
    }
}

/// Nothing was heard for some time.
pub(crate) fn waiting(printer: &Printer, site: &str, quiet: Duration) {
    printer.progress(format!("{site}: still at work, nothing heard for {}", seconds(quiet)));
}

/// What was done, in one line.
pub(crate) fn summary(printer: &Printer, summary: &SiteSummary) {
    printer.progress(format!("{HEADING}{}{HEADING:#}: {}", summary.site, told(summary)));
}

fn told(summary: &SiteSummary) -> String {
    let files = count(summary.files, "file");
    if summary.is_unchanged() {
        return format!("no changes in {files}");
    }
    let removed = match summary.removed.len() {
        0 => String::new(),
        number => format!(", removed {number}"),
    };
    let told = format!("uploaded {} of {files}{removed}", summary.uploaded.len());
    match &summary.invalidation {
        Invalidation::Unneeded => told,
        Invalidation::Requested(paths) if paths.iter().any(|path| path == "/*") => {
            told + ", CloudFront forgets all of it"
        }
        Invalidation::Requested(paths) => {
            told + &format!(", CloudFront forgets {}", count(paths.len(), "path"))
        }
        Invalidation::Refused(_) => told + ", CloudFront was not told",
    }
}

/// What was done, for programs.
pub(super) fn json(summary: &SiteSummary) -> Value {
    let (requested, refusal) = match &summary.invalidation {
        Invalidation::Unneeded => (&[][..], None),
        Invalidation::Requested(paths) => (&paths[..], None),
        Invalidation::Refused(problem) => (&[][..], Some(problem)),
    };
    json!({
        "site": summary.site,
        "files": summary.files,
        "uploaded": summary.uploaded,
        "removed": summary.removed,
        "invalidated": requested,
        "invalidationRefused": refusal,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(uploaded: &[&str], removed: &[&str], invalidation: Invalidation) -> SiteSummary {
        let owned = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect();
        SiteSummary {
            site: "notes".to_owned(),
            files: 12,
            uploaded: owned(uploaded),
            removed: owned(removed),
            invalidation,
        }
    }

    #[test]
    fn one_line_says_what_was_done() {
        let paths = |paths: &[&str]| Invalidation::Requested(paths.iter().map(|p| (*p).to_owned()).collect());
        for (summary, expect) in [
            (summary(&[], &[], Invalidation::Unneeded), "no changes in 12 files"),
            (summary(&["a"], &[], Invalidation::Unneeded), "uploaded 1 of 12 files"),
            (
                summary(&["a"], &["b", "c"], paths(&["/a"])),
                "uploaded 1 of 12 files, removed 2, CloudFront forgets 1 path",
            ),
            (summary(&["a"], &[], paths(&["/*"])), "uploaded 1 of 12 files, CloudFront forgets all of it"),
            (
                summary(&[], &[], Invalidation::Refused("no".to_owned())),
                "uploaded 0 of 12 files, CloudFront was not told",
            ),
        ] {
            assert_eq!(told(&summary), expect);
        }
    }

    #[test]
    fn long_lists_are_cut() {
        let paths: Vec<_> = (0..10).map(|n| n.to_string()).collect();
        let shown = |paths| {
            let lines: String = listed("~ forget", " in CloudFront", paths).concat();
            anstream::adapter::strip_str(&lines).to_string()
        };
        let lines = shown(&paths);
        assert_eq!(lines.lines().count(), 1 + LISTED + 1, "{lines}");
        assert!(lines.ends_with("\n  … and 2 more"), "{lines}");
        assert_eq!(shown(&paths[..2]), "\n  ~ forget  0 in CloudFront\n  ~ forget  1 in CloudFront");
    }
}
