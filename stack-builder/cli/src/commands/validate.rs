//! `stack-builder validate`: judge templates, our own or anybody's.

use crate::app::{self, Request};
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::session::Session;
use crate::views;
use crate::views::validate::Judged;
use anyhow::Result;
use stack_builder_assembly::Severity;
use stack_builder_validate::{Language, page, pages, validate};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;

/// Judge CloudFormation templates, written by anybody in JSON or YAML
///
/// Says what CloudFormation would refuse (unknown and missing properties, values of the wrong kind, references to
/// nothing, cycles, limits) and what it would accept to everybody's regret, each with its line, a reason and a mend.
/// No network and no AWS account are used. Without a template, the stacks of your program are judged.
///
/// A finding that does not hold for a resource is suppressed in its `Metadata`, with a reason:
/// `stack-builder: {suppress: [{rule: some-rule, reason: why}]}`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own on the command line")]
pub(crate) struct ValidateArgs {
    /// Files in JSON or YAML, `-` for standard input [default: the templates of your stacks]
    #[arg(value_name = "TEMPLATE")]
    templates: Vec<String>,

    /// Fail on warnings too
    #[arg(long)]
    deny_warnings: bool,

    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    json: bool,

    /// Print one SARIF 2.1.0 document, which code hosts show beside a change
    #[arg(long, conflicts_with = "json")]
    sarif: bool,

    /// List what is judged, a line a rule
    #[arg(long, conflicts_with_all = ["templates", "explain", "sarif"])]
    rules: bool,

    /// Say why a rule exists, with a bad and a good template
    #[arg(long, value_name = "RULE", conflicts_with_all = ["templates", "json", "sarif"])]
    explain: Option<String>,
}

const EXAMPLES: &str = "\
EXAMPLES:
  stack-builder validate                          the templates of your own stacks
  stack-builder validate template.yaml            somebody else's
  stack-builder validate infra/*.json --sarif     for a code host
  aws cloudformation get-template … | stack-builder validate -
  stack-builder validate --explain unused-parameter

EXIT CODES:
  0  nothing found, or warnings only
  1  errors, or warnings with --deny-warnings
  2  usage: an unknown option or rule, or a file that cannot be read";

/// Judges, shows what was found, and fails if it weighs too much.
pub(crate) fn run(args: &ValidateArgs, session: &Session) -> Result<ExitStatus> {
    if args.rules {
        views::validate::rules(&session.printer, &pages(), args.json)?;
        return Ok(ExitStatus::Done);
    }
    if let Some(rule) = &args.explain {
        let page = page(rule).ok_or_else(|| unknown_rule(rule))?;
        views::validate::explain(&session.printer, &page);
        return Ok(ExitStatus::Done);
    }
    let (judged, workspace) = judge(args, session)?;
    if args.json {
        views::validate::json(&session.printer, &judged)?;
    } else if args.sarif {
        views::validate::sarif(&session.printer, &judged)?;
    } else {
        views::validate::findings(&session.printer, &judged, &workspace);
    }
    Ok(status(&judged, args.deny_warnings))
}

fn status(judged: &[Judged], deny_warnings: bool) -> ExitStatus {
    let count = |severity| judged.iter().map(|judged| judged.report.count(severity)).sum::<usize>();
    let refused = count(Severity::Error) + if deny_warnings { count(Severity::Warning) } else { 0 };
    if refused == 0 { ExitStatus::Done } else { ExitStatus::Failed }
}

/// The templates, and the folder to which the user's sources are relative.
fn judge(args: &ValidateArgs, session: &Session) -> Result<(Vec<Judged>, std::path::PathBuf)> {
    if args.templates.is_empty() {
        return judge_app(args, session);
    }
    let judged: Result<Vec<_>> = args.templates.iter().map(|name| judge_file(name)).collect();
    Ok((judged?, std::path::PathBuf::new()))
}

fn judge_file(name: &str) -> Result<Judged> {
    let bytes = read(name).map_err(|error| {
        let hint = if Path::new(name).is_dir() {
            "name the templates themselves, such as `folder/*.yaml`"
        } else {
            "`stack-builder validate` takes files; without any it judges the stacks of your program"
        };
        Failure::new(format!("cannot read `{name}`")).because(error).hint(hint).usage()
    })?;
    let report = validate(&bytes, Language::of_file(name));
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Judged { file: name.to_owned(), text, report, sources: BTreeMap::new() })
}

fn read(name: &str) -> std::io::Result<Vec<u8>> {
    if name != "-" {
        return fs::read(name);
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The user's own stacks: built, run, and judged as anybody's.
fn judge_app(args: &ValidateArgs, session: &Session) -> Result<(Vec<Judged>, std::path::PathBuf)> {
    let region = session.likely_region();
    let quiet = args.json || args.sarif;
    let request = Request { stacks: &[], output: None, region: region.as_deref(), quiet };
    let synthesis = app::synthesize(session, &request)?;
    let assembly = &synthesis.assembly;
    if assembly.manifest.has_errors() {
        views::diagnostics::show(&session.printer, &assembly.manifest.diagnostics, &synthesis.workspace);
        let failure = Failure::new("cannot judge the stacks: they have errors of their own");
        return Err(failure.hint("mend them; `stack-builder synth` shows them as well").into());
    }
    let mut judged = Vec::new();
    for stack in &assembly.manifest.stacks {
        let file = assembly.directory().join(&stack.template);
        let judgement = judge_file(&views::text::path(&file))?;
        judged.push(Judged { sources: stack.sources.clone(), ..judgement });
    }
    Ok((judged, synthesis.workspace.clone()))
}

fn unknown_rule(rule: &str) -> Failure {
    let failure = Failure::new(format!("there is no rule `{rule}`")).usage();
    failure.hint(match stack_builder_validate::nearest_page(rule) {
        Some(near) => format!("did you mean `{}`?", near.id),
        None => "`stack-builder validate --rules` lists them".to_owned(),
    })
}
