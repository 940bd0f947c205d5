//! What the tests play on: functions whose program is this test.

use bytes::Bytes;
use serde_json::{Value, json};
use stack_builder_local_core::{
    Caller, Invocation, InvokeError, Invoker, Principal, Resource, ResourceId, Resources, Trace, World,
};
use stack_builder_local_lambda::{Build, Code, Functions, Options, Program};
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;

/// Functions, and the world that they are in.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) functions: Functions,
    pub(crate) folder: TempDir,
}

impl Stage {
    pub(crate) fn new(most: usize) -> Self {
        let world = World::ephemeral();
        let options = Options {
            endpoint: "http://127.0.0.1:4000".to_owned(),
            environment: vec![("SSL_CERT_FILE".to_owned(), "/certificate".to_owned())],
            environments: most,
        };
        let functions = Functions::open(&world, None, options);
        Self { world, functions, folder: TempDir::new().unwrap() }
    }

    /// With one function `f` of these properties.
    pub(crate) fn with(properties: Value) -> Self {
        let stage = Self::new(10);
        stage.apply(&[function("f", properties)], "1");
        stage
    }

    pub(crate) fn apply(&self, resources: &[Resource], revision: &str) {
        let program = Build::Ready(self.program(revision));
        let code: Code = resources.iter().map(|resource| (resource.id.clone(), program.clone())).collect();
        self.functions.apply(&Resources::new(resources.to_vec()), &code);
    }

    /// A script that runs this test's own program as a handler.
    pub(crate) fn program(&self, revision: &str) -> Program {
        let executable = self.folder.path().join(format!("bootstrap-{revision}"));
        if !executable.exists() {
            let test = std::env::current_exe().unwrap();
            let script = format!(
                "#!/bin/sh\nexec '{}' --exact program::handler --nocapture --quiet\n",
                test.display()
            );
            stack_builder_local_core::write_atomically(&executable, script.as_bytes()).unwrap();
            std::fs::set_permissions(&executable, std::fs::Permissions::from_mode(0o700)).unwrap();
        }
        let folder: Option<PathBuf> = Some(self.folder.path().to_owned());
        Program { executable, folder, revision: revision.to_owned() }
    }

    pub(crate) async fn invoke(&self, function: &str, event: Value) -> Result<Value, InvokeError> {
        self.invoke_as(function, event, Caller::Principal(Principal::Administrator), Trace::default()).await
    }

    pub(crate) async fn invoke_as(
        &self,
        function: &str,
        event: Value,
        caller: Caller,
        trace: Trace,
    ) -> Result<Value, InvokeError> {
        let payload = Bytes::from(event.to_string());
        let invocation = Invocation { function: function.to_owned(), payload, caller, trace };
        let answer = self.functions.invoke(invocation).await?;
        Ok(serde_json::from_slice(&answer).expect("JSON"))
    }

    /// The document of the error that a call ends with.
    pub(crate) async fn failure(&self, event: Value) -> Value {
        match self.invoke("f", event).await {
            Err(InvokeError::Function(document)) => serde_json::from_slice(&document).expect("JSON"),
            other => panic!("no error of the function: {other:?}"),
        }
    }

    /// All lines of a log group, once they hold `text`.
    pub(crate) async fn log(&self, group: &str, text: &str) -> Vec<String> {
        for _ in 0..200 {
            let lines = self.world.logs.read(group, 0, usize::MAX, |_| true).unwrap_or_default();
            if lines.iter().any(|line| line.message.contains(text)) {
                return lines.into_iter().map(|line| line.message).collect();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("`{text}` is not in {:?}", self.world.logs.read(group, 0, 20, |_| true));
    }
}

/// A function; its name is also its logical id.
pub(crate) fn function(name: &str, properties: Value) -> Resource {
    let arn = format!("arn:aws:lambda:us-east-1:000000000000:function:{name}");
    let mut all = json!({
        "Role": "arn:aws:iam::000000000000:role/r", "Handler": "bootstrap", "Runtime": "provided.al2023", "Timeout": 5
    });
    all.as_object_mut().unwrap().extend(properties.as_object().cloned().unwrap_or_default());
    resource("AWS::Lambda::Function", name, name, BTreeMap::from([("Arn".to_owned(), arn)]), all)
}

/// Any resource.
pub(crate) fn resource(
    kind: &str,
    logical_id: &str,
    physical_id: &str,
    attributes: BTreeMap<String, String>,
    properties: Value,
) -> Resource {
    let id = ResourceId { stack: "s".to_owned(), logical_id: logical_id.to_owned() };
    let (kind, physical_id) = (kind.to_owned(), physical_id.to_owned());
    Resource { id, kind, physical_id, attributes, properties, metadata: Value::Null }
}

/// Whether a process lives.
pub(crate) fn lives(process: u64) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    !status.is_empty() && !status.contains("State:\tZ")
}

/// Waits until a process has ended.
pub(crate) async fn gone(process: u64) {
    for _ in 0..300 {
        if !lives(process) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{process} still lives");
}
