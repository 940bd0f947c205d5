//! Findings that somebody has looked at and let stand, with a reason in writing.
//!
//! `Metadata` of a resource, or of the whole template:
//!
//! ```yaml
//! Metadata:
//!   stack-builder:
//!     suppress:
//!       - rule: log-group-without-retention
//!         reason: the auditors read it
//! ```

use crate::document::{Document, Place};
use crate::finding::Finding;
use crate::pages::{nearest_page, page};

/// A suppression that stands in a template.
struct Suppression<'a> {
    place: Place<'a>,
    rule: String,
    /// The way to the resource that it holds for; empty for the whole template.
    scope: String,
    used: bool,
}

/// Takes away what is suppressed; adds what is wrong with the suppressions themselves. Of a rule that was not
/// `judged` it is not known whether its suppression is needed.
pub(crate) fn apply(
    document: &Document,
    findings: Vec<Finding>,
    judged: impl Fn(&str) -> bool,
) -> Vec<Finding> {
    let mut problems = Vec::new();
    let mut suppressions = collect(document.root(), &mut problems);
    let mut kept: Vec<_> = findings
        .into_iter()
        .filter(|finding| {
            let mut hits = suppressions.iter_mut().filter(|suppression| covers(suppression, finding));
            hits.next().map(|suppression| suppression.used = true).is_none()
        })
        .collect();
    kept.append(&mut problems);
    let unused = suppressions.iter().filter(|suppression| !suppression.used && judged(&suppression.rule));
    kept.extend(unused.map(superfluous));
    kept
}

fn covers(suppression: &Suppression<'_>, finding: &Finding) -> bool {
    let inside = finding.path.strip_prefix(&suppression.scope);
    let within = inside
        .is_some_and(|rest| suppression.scope.is_empty() || rest.is_empty() || rest.starts_with(['.', '[']));
    finding.rule == suppression.rule && within
}

fn superfluous(suppression: &Suppression<'_>) -> Finding {
    let message = format!("nothing is found here that `{}` would suppress", suppression.rule);
    Finding::warning("suppression", message)
        .on(suppression.place)
        .hint("remove the suppression; it would hide what is not there yet")
}

fn collect<'a>(root: Place<'a>, problems: &mut Vec<Finding>) -> Vec<Suppression<'a>> {
    let mut found = Vec::new();
    let resources = root.get("Resources").map(Place::entries).into_iter().flatten();
    let scopes = std::iter::once(root).chain(resources.map(|(_, resource)| resource));
    for scope in scopes {
        let Some(own) = scope.get("Metadata").and_then(|metadata| metadata.get("stack-builder")) else {
            continue;
        };
        problems.extend(unknown_keys(own, &["suppress"]));
        let Some(list) = own.get("suppress") else { continue };
        if !list.is_list() {
            problems.push(malformed(list));
        }
        for entry in list.items() {
            problems.extend(unknown_keys(entry, &["rule", "reason"]));
            match read(entry, scope) {
                Ok(suppression) => found.push(suppression),
                Err(problem) => problems.push(problem),
            }
        }
    }
    found
}

fn read<'a>(entry: Place<'a>, scope: Place<'a>) -> Result<Suppression<'a>, Finding> {
    let rule = entry.get("rule").and_then(Place::text).ok_or_else(|| malformed(entry))?;
    if page(rule).is_none() {
        let finding = Finding::error("suppression", format!("there is no rule `{rule}`"));
        let near = nearest_page(rule);
        return Err(finding.on(entry.get("rule").unwrap_or(entry)).hint(match near {
            Some(near) => format!("did you mean `{}`?", near.id),
            None => "`stack-builder validate --rules` lists them".to_owned(),
        }));
    }
    let reason = entry.get("reason").and_then(Place::text).unwrap_or_default();
    if reason.trim().is_empty() {
        let message = format!("`{rule}` is suppressed without a reason, so it is not suppressed");
        return Err(Finding::error("suppression", message)
            .on(entry.get("rule").unwrap_or(entry))
            .hint("add `reason:` with what you know and the rule does not"));
    }
    Ok(Suppression {
        place: entry.get("rule").unwrap_or(entry),
        rule: rule.to_owned(),
        scope: scope.path(),
        used: false,
    })
}

/// Keys that mean nothing, so that what was to be suppressed is not.
fn unknown_keys<'a>(place: Place<'a>, known: &'static [&str]) -> impl Iterator<Item = Finding> + use<'a> {
    let unknown = place.entries().filter(|(key, _)| !known.contains(key));
    unknown.map(|(key, value)| {
        let hint = match stack_builder_cfn::nearest(key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("only {} can stand here", known.join(" and ")),
        };
        let message = format!("a suppression has no key `{key}`, so it has no effect");
        Finding::error("suppression", message).on_key(value).hint(hint)
    })
}

fn malformed(place: Place<'_>) -> Finding {
    Finding::error("suppression", "`suppress` is a list of `rule` and `reason`")
        .on(place)
        .hint("write `suppress: [{rule: some-rule, reason: why it does not hold here}]`")
}
