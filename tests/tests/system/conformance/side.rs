//! What is asked: the same stack on `stack-builder local` and on the emulator.

use crate::world::World;
use serde_json::{Value, json};
use stack_builder_tests::{Aws, Cognito, Credentials, Emulator, Http, Local, REGION};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// The package that describes the stack, and the stack.
const APP: [&str; 4] = ["--app", "conformance-stacks", "--region", REGION];
const STACK: &str = "conformance";

/// A running side.
pub(super) struct Side<'a> {
    pub(super) name: &'static str,
    /// The stack's outputs, and what else cases may name.
    pub(super) names: BTreeMap<String, String>,
    pub(super) aws: Aws,
    pub(super) http: Http,
    host: Host<'a>,
}

enum Host<'a> {
    Local(Arc<Local>),
    Emulator(&'a Emulator),
}

/// The stack on this machine, one run for all tests that are under way; the last one ends it.
pub(super) fn local() -> Arc<Local> {
    static SHARED: Mutex<Weak<Local>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    shared.upgrade().unwrap_or_else(|| {
        let fresh = Arc::new(Local::start(&APP));
        *shared = Arc::downgrade(&fresh);
        fresh
    })
}

impl Side<'static> {
    pub(super) fn local() -> Self {
        let local = local();
        let variables = [("AWS_ENDPOINT_URL", local.endpoint()), ("AWS_DEFAULT_REGION", REGION.to_owned())];
        let aws = Aws::new(&variables, Credentials::new("local", "local"));
        let mut names = outputs(&aws);
        for (name, url) in local.ready()["urls"][STACK].as_object().expect("URLs") {
            names.insert(name.clone(), text(url));
        }
        names.insert("Endpoint".to_owned(), local.endpoint());
        names.insert("Hosted".to_owned(), names["SignInUrl"].clone());
        Self { name: "local", names, aws, http: Http::plain(), host: Host::Local(local) }
    }
}

impl<'a> Side<'a> {
    pub(super) fn emulator(world: &'a World) -> Self {
        world.stack_builder(["deploy", STACK, "--yes"]).args(APP).run().success();
        let aws = world.emulator.aws(&world.deployer);
        let mut names = outputs(&aws);
        names.insert("Endpoint".to_owned(), world.emulator.endpoint());
        names.insert("Hosted".to_owned(), world.emulator.endpoint());
        Self {
            name: "emulator",
            names,
            aws,
            http: world.emulator.http(),
            host: Host::Emulator(&world.emulator),
        }
    }

    /// The code in the latest mail to an address.
    pub(super) fn code_for(&self, address: &str) -> String {
        match &self.host {
            Host::Local(local) => local.code_for(address),
            Host::Emulator(emulator) => {
                let mail = emulator.mail(address);
                mail.split(|c: char| !c.is_ascii_digit())
                    .find(|word| word.len() == 6)
                    .unwrap_or_default()
                    .to_owned()
            }
        }
    }

    /// A browser on the hosted pages.
    pub(super) fn hosted(&self) -> Cognito {
        let (pool, client) = (&self.names["Pool"], &self.names["Client"]);
        match &self.host {
            Host::Local(_) => Cognito::at(&self.names["SignInUrl"], pool, client),
            Host::Emulator(emulator) => Cognito::new(emulator, pool, client),
        }
    }

    /// Amazon's client for browsers.
    pub(super) fn cognito(&self) -> Cognito {
        let (pool, client) = (&self.names["Pool"], &self.names["Client"]);
        match &self.host {
            Host::Local(local) => Cognito::at(local.endpoint(), pool, client),
            Host::Emulator(emulator) => Cognito::new(emulator, pool, client),
        }
    }
}

fn outputs(aws: &Aws) -> BTreeMap<String, String> {
    let asked = json!({ "StackName": format!("{STACK}-dev") });
    let stack = aws.call("cloudformation", "describe_stacks", asked);
    let outputs = stack["Stacks"][0]["Outputs"].as_array().expect("outputs");
    let mut names: BTreeMap<_, _> =
        outputs.iter().map(|output| (text(&output["OutputKey"]), text(&output["OutputValue"]))).collect();
    names.insert("Region".to_owned(), REGION.to_owned());
    names
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
