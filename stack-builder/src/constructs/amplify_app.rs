//! Amplify applications: a folder of files, served by Amplify Hosting.

use super::amplify_build::{self, BuildSpec};
use super::amplify_role;
use super::response_headers::SecurityHeaders;
use super::secret::SecretRef;
use crate::construct::Construct;
use crate::scope::Scope;
use stack_builder_assembly::{Diagnostic, SiteTarget};
use stack_builder_cfn::amplify::{self, app as nested, branch};
use stack_builder_cfn::{IntoValue, ResourceRef, Value, intrinsic, pseudo};
use std::collections::BTreeMap;
use std::panic::Location;

/// A folder of files on Amplify Hosting, in one branch, with the security headers of a
/// [`StaticSite`](crate::StaticSite).
///
/// `deploy` publishes the folder, unless the application is told of a [repository](Self::repository): then Amplify
/// publishes what is pushed there. Its role may write its own log, and nothing else.
#[must_use = "a construct does nothing until it is added"]
pub struct AmplifyApp {
    l1: amplify::App<stack_builder_cfn::Set>,
    folder: String,
    branch: String,
    headers: SecurityHeaders,
    environment: BTreeMap<String, Value<String>>,
    build: Vec<String>,
    from_repository: bool,
    faults: Vec<Diagnostic>,
}

impl AmplifyApp {
    /// The files in `folder`, relative to the root of the workspace.
    #[track_caller]
    pub fn from_dir(folder: &str) -> Self {
        Self {
            l1: amplify::App::new().name(pseudo::stack_name()).platform(nested::Platform::Web),
            folder: folder.to_owned(),
            branch: "main".to_owned(),
            headers: SecurityHeaders::default(),
            environment: BTreeMap::new(),
            build: Vec::new(),
            from_repository: false,
            faults: super::static_site::folder_fault(folder, Location::caller()).into_iter().collect(),
        }
    }

    /// Publishes what is pushed to the repository at `url`, such as `https://github.com/me/notes`, in place of what
    /// `deploy` finds in the folder. `token` is the provider's access token.
    ///
    /// Somebody has to grant Amplify access to the repository once, in its console.
    ///
    /// <https://docs.aws.amazon.com/amplify/latest/userguide/setting-up-GitHub-access.html>
    #[track_caller]
    pub fn repository(mut self, url: &str, token: &SecretRef) -> Self {
        self.l1 = self.l1.repository(url).access_token(token.value());
        self.from_repository = true;
        self
    }

    /// Serves the branch `name` instead of `main`.
    pub fn branch(mut self, name: &str) -> Self {
        name.clone_into(&mut self.branch);
        self
    }

    /// Gives a build from a repository an environment variable. Never a secret: anyone who may read the branch's
    /// settings sees it.
    pub fn env(mut self, name: &str, value: impl IntoValue<String>) -> Self {
        self.environment.insert(name.to_owned(), value.into_value());
        self
    }

    /// Runs `command` before a build from a repository is published, at the root of the workspace: to write a file of
    /// settings from the [environment](Self::env), say.
    pub fn build_command(mut self, command: &str) -> Self {
        self.build.push(command.to_owned());
        self
    }

    /// Lets scripts connect to these addresses too; see [`StaticSite::connect_to`](crate::StaticSite::connect_to).
    pub fn connect_to<I: IntoValue<String>>(mut self, addresses: impl IntoIterator<Item = I>) -> Self {
        self.headers.connect_to.extend(addresses.into_iter().map(I::into_value));
        self
    }

    /// Shows the page `path`, such as `/error.html`, with the status 404 for what is absent.
    #[track_caller]
    pub fn error_page(mut self, path: &str) -> Self {
        self.l1 = self.l1.add_custom_rules(|rule| rule.source("/<*>").target(path).status("404"));
        self
    }

    /// Changes the CloudFormation resource underneath. Headers, role and build are the construct's.
    #[track_caller]
    pub fn l1(mut self, change: impl FnOnce(amplify::App) -> amplify::App) -> Self {
        self.l1 = change(self.l1);
        self
    }

    /// A build that nobody runs would be told in vain.
    fn unused(&self) -> Option<Diagnostic> {
        let told = !self.build.is_empty() || !self.environment.is_empty();
        (told && !self.from_repository).then(|| {
            let message = "without a repository nothing is built, so commands and environment have no effect";
            Diagnostic::error("no-build", message).hint("name the `repository`, or leave them out")
        })
    }
}

impl Construct for AmplifyApp {
    type Handle = AmplifyAppRef;

    fn build(self, scope: &mut Scope) -> AmplifyAppRef {
        let unused = self.unused();
        self.faults
            .into_iter()
            .chain(unused)
            .chain(self.headers.faults())
            .for_each(|fault| scope.report(fault));
        let role = scope.add("Role", amplify_role::role());
        let mut l1 =
            self.l1.iam_service_role(role.arn()).custom_headers(amplify_build::headers(&self.headers));
        if self.from_repository {
            l1 = l1.build_spec(BuildSpec { folder: &self.folder, commands: &self.build }.to_string());
        }
        let app = scope.resource(l1);
        let logs = scope.add("Logs", amplify_role::log_group(&app));
        scope.add("Logging", amplify_role::logging(&role, &logs));
        add_branch(scope, &app, &self.branch, self.environment, self.from_repository);
        if !self.from_repository {
            let target =
                SiteTarget::Amplify { app: app.logical_id().to_string(), branch: self.branch.clone() };
            scope.publish_site(&self.folder, target);
        }
        AmplifyAppRef { id: app.app_id(), arn: app.arn(), domain: app.default_domain(), branch: self.branch }
    }
}

fn add_branch(
    scope: &mut Scope,
    app: &amplify::AppRef,
    name: &str,
    environment: BTreeMap<String, Value<String>>,
    from_repository: bool,
) {
    let stage =
        if scope.stage().is_production() { branch::Stage::Production } else { branch::Stage::Development };
    let l1 = amplify::Branch::new()
        .app_id(app.app_id())
        .branch_name(name)
        .stage(stage)
        .enable_auto_build(from_repository);
    // Of the branch and not of the application, whose address these values may be made for.
    let l1 = environment.into_iter().fold(l1, |l1, (name, value)| {
        l1.add_environment_variables(|variable| variable.name(name).value(value))
    });
    scope.add("Branch", l1);
}

/// A handle on an Amplify application.
#[derive(Clone, Debug)]
pub struct AmplifyAppRef {
    id: Value<String>,
    arn: Value<String>,
    domain: Value<String>,
    branch: String,
}

impl AmplifyAppRef {
    /// Its id, such as `d2abcdefgh1234`.
    pub fn id(&self) -> Value<String> {
        self.id.clone()
    }

    /// Its ARN.
    pub fn arn(&self) -> Value<String> {
        self.arn.clone()
    }

    /// Its host name: `<branch>.<id>.amplifyapp.com`.
    pub fn domain(&self) -> Value<String> {
        // As Amplify writes a branch in a host name.
        let branch = self.branch.replace('/', "-");
        intrinsic::sub(&format!("{branch}.${{domain}}"), [("domain", self.domain.clone())])
    }

    /// Its address, without a final slash: `https://` and its [domain](Self::domain).
    pub fn url(&self) -> Value<String> {
        intrinsic::sub("https://${domain}", [("domain", self.domain())])
    }
}
