//! `stack-builder local`: the whole application on this machine.

mod bench;
mod demonstration;
mod pending;
mod place;
mod publish;
mod server;
mod sources;
mod stop;
mod watcher;

use super::parameters;
use crate::app;
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::session::Session;
use crate::views::local::View;
use anyhow::Result;
use bench::Bench;
use place::Place;
use stack_builder_assembly::CloudAssembly;
use std::collections::BTreeMap;
use std::thread;
use std::time::Instant;

/// Run the whole application on this machine, without an AWS account
///
/// Synthesizes, builds the handlers for this machine, serves every site and API on loopback, publishes the sites, and
/// shows where everything is. No container, no network beyond this machine, and the code is the code that would be
/// deployed: handlers run as in Lambda, sites and demonstration data are brought there as `deploy` and `seed` do it,
/// and the policies in the templates decide what a handler may do.
///
/// While it runs, requests, logs, mail that would have been sent and refusals are shown as they happen. Save a file,
/// and what depends on it is built again and takes the place of the old; a mistake leaves the old one running.
/// Tables, objects, users and secrets are kept from run to run in `.stack-builder/local/<stage>` below the
/// workspace's root; delete that folder to begin anew.
///
/// It runs DynamoDB tables, S3 buckets, Lambda functions, HTTP and REST APIs, Cognito user pools, CloudFront
/// distributions with their functions at the edge, Secrets Manager secrets, and IAM policies. The table at the start
/// names what your stacks have besides, such as certificates, which is left out, and why.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{EVENTS}"))]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct LocalArgs {
    /// Stacks by the names that `stack-builder list` shows, with what they take inputs from [default: all]
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,

    /// First port; sites and APIs take those after it, and 0 takes any that are free
    #[arg(long, value_name = "PORT", default_value_t = 4000)]
    port: u16,

    /// Load the stacks' demonstration data, without asking
    #[arg(long)]
    seed: bool,

    /// Keep nothing: begin empty, and forget everything at the end
    #[arg(long)]
    ephemeral: bool,

    /// Serve sites and APIs by HTTPS, with a certificate made for this machine
    #[arg(long)]
    tls: bool,

    /// Do not watch the sources
    #[arg(long)]
    no_watch: bool,

    /// Value of a template's parameter; repeat it for several
    #[arg(short, long = "parameter", value_name = "NAME=VALUE", value_parser = parameters::parse)]
    parameters: Vec<(String, String)>,

    /// Print events as JSON, one a line, and nothing else, on standard output
    #[arg(long)]
    json: bool,
}

/// Where nobody names a region.
const REGION: &str = "us-east-1";

const EXAMPLES: &str = "\
EXAMPLES:
  stack-builder local                       every stack, from http://127.0.0.1:4000
  stack-builder local captains-log --seed   one, with its demonstration data
  stack-builder local --port 0 --ephemeral  beside another run, leaving nothing
  stack-builder local --json | jq -r 'select(.event == \"ready\").urls'

  AWS_ENDPOINT_URL=http://127.0.0.1:4000 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local \\
    aws dynamodb list-tables --region us-east-1

EXIT CODES:
  0    ended by Ctrl-C or SIGTERM once it was ready
  1    it could not be started: the stacks or handlers have errors, or a port is taken
  2    usage
  130  interrupted before it was ready, or by a second Ctrl-C";

const EVENTS: &str = "\
EVENTS:
  With `--json`, standard output has one JSON object a line. `ms` are milliseconds, and `at` those since 1970.

  building  {bins}                          cargo begins on these handlers
  built     {rebuilt, ms}                   it is done; those were not up to date
  ready     {urls: {stack: {output: url}}, endpoint, console, environment, data, notRun, phases, ms}
            everything runs; again when a URL changes
  request   {number, at, app, front, method, path, status, ms, steps}
            a site or an API answered; `steps` are what happened on the way
  log       {resource, requestId, line}     a function logged
  mail      {number, at, to, subject, body, code}
            what would have been sent, with the code that it holds
  notice    {severity, resource, message, hint}
            a refusal, or something else worth a line: `info`, `warning` or `error`
  missed    {events}                        so many were too fast to be told
  reloaded  {what, ms}                      what was saved runs; `what` is empty when it changes nothing
  failed    {what, message, hint}           `start` ends the run; after others what ran before goes on
  stopped   {}                              the last line";

/// What stays the same while the application runs.
#[derive(Clone, Copy, Debug)]
struct Run<'a> {
    args: &'a LocalArgs,
    session: &'a Session,
    workspace: &'a app::Workspace,
    place: &'a Place,
    view: View<'a>,
    began: Instant,
}

/// Synthesizes, then serves until it is told to end.
pub(crate) fn run(args: &LocalArgs, session: &Session) -> Result<ExitStatus> {
    let view = View::new(&session.printer, args.json);
    let result = start(args, session, view);
    match &result {
        Ok(_) => view.stopped(),
        Err(error) => view.given_up(error),
    }
    result
}

fn start(args: &LocalArgs, session: &Session, view: View<'_>) -> Result<ExitStatus> {
    let began = Instant::now();
    let workspace = app::locate(session)?;
    let place = Place::take(&workspace.root, &session.stage, args.ephemeral)?;
    let run = Run { args, session, workspace: &workspace, place: &place, view, began };
    let first = bench::synthesize(run, None)?;
    if first.assembly.manifest.stacks.is_empty() {
        let failure = Failure::new(format!("`{}` describes no stack", workspace.package));
        return Err(failure.hint("add one with `App::new(…).stack(…)`").into());
    }
    let parameters = given(args, &first.assembly)?;
    let engine = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    thread::scope(|scope| {
        let bench = Bench::set_up(scope, run, first.clone());
        let result = engine.block_on(server::serve(run, first, parameters, bench));
        // The bench's thread ends when what it runs does.
        session.cancel.cancel();
        result
    })
}

/// The region that the application is made for: ids and ARNs hold it, so it must not depend on which stacks are run.
fn region(session: &Session) -> String {
    session.likely_region().unwrap_or_else(|| REGION.to_owned())
}

/// Values of parameters by the stacks that declare them.
fn given(args: &LocalArgs, assembly: &CloudAssembly) -> Result<BTreeMap<String, BTreeMap<String, String>>> {
    let stacks: Vec<_> = assembly.manifest.stacks.iter().collect();
    let known = parameters::known(&args.parameters, assembly, &stacks)?;
    let mut given = BTreeMap::new();
    for stack in stacks {
        let template = assembly.template(stack)?;
        let own = known.iter().filter(|(name, _)| template["Parameters"].get(name.as_str()).is_some());
        given.insert(stack.name.clone(), own.map(|(name, value)| (name.clone(), value.clone())).collect());
    }
    Ok(given)
}
