//! What outlives a change of the templates: tables, objects, secrets, users, functions.

use crate::Error;
use crate::cdn::CdnApi;
use crate::tls::Secured;
use stack_builder_local_api_gateway::Counters;
use stack_builder_local_cognito::Pools;
use stack_builder_local_core::{Authorizer, Credentials, Note, Principal, Resources, Service, World};
use stack_builder_local_dynamodb::Tables;
use stack_builder_local_iam::{Policies, Sts};
use stack_builder_local_lambda::{Code, Functions, Options as FunctionOptions};
use stack_builder_local_logs::LogsApi;
use stack_builder_local_s3::Buckets;
use stack_builder_local_secretsmanager::{Secrets, SecretsManager};
use std::fmt::Display;
use std::sync::Arc;

/// The keys that the developer's own tools use; no secret, since nobody but this machine is answered.
pub(crate) const KEY: &str = "local";
/// Execution environments at once, of all functions together.
const ENVIRONMENTS: usize = 100;

/// The services with a memory.
pub(crate) struct Stores {
    pub(crate) world: World,
    pub(crate) policies: Policies,
    pub(crate) tables: Tables,
    pub(crate) buckets: Buckets,
    pub(crate) bucket_endpoint: Arc<dyn Service>,
    pub(crate) secrets: Secrets,
    pub(crate) secrets_manager: SecretsManager,
    pub(crate) pools: Pools,
    pub(crate) issuers: Arc<dyn Service>,
    pub(crate) functions: Functions,
    pub(crate) logs: LogsApi,
    pub(crate) sts: Sts,
    pub(crate) cdn: CdnApi,
    pub(crate) counters: Counters,
}

impl Stores {
    /// Opens what an earlier run kept. `endpoint` is the URL of AWS's API.
    pub(crate) fn open(world: World, endpoint: &str, secured: Option<&Secured>) -> Result<Self, Error> {
        let administrator = Credentials::new(KEY.to_owned(), KEY.to_owned(), None, Principal::Administrator);
        world.identities.add(administrator);
        let policies = Policies::new(&Resources::default(), &world);
        let authorizer: Arc<dyn Authorizer> = Arc::new(policies.clone());
        let secrets = Secrets::open(&world).map_err(failed("Secrets Manager"))?;
        let buckets = Buckets::open(&world, authorizer.clone()).map_err(failed("S3"))?;
        let pools = Pools::open(&world, authorizer.clone()).map_err(failed("Cognito"))?;
        let options = FunctionOptions {
            endpoint: endpoint.to_owned(),
            environment: trust(secured),
            environments: ENVIRONMENTS,
        };
        Ok(Self {
            tables: Tables::open(&world, authorizer.clone()).map_err(failed("DynamoDB"))?,
            bucket_endpoint: buckets.endpoint(),
            buckets,
            secrets_manager: SecretsManager::new(secrets.clone(), authorizer.clone()),
            secrets,
            issuers: pools.issuer_service(),
            pools,
            functions: Functions::open(&world, Some(authorizer.clone()), options),
            logs: LogsApi::new(&world, authorizer),
            sts: Sts::new(&world, policies.clone()),
            cdn: CdnApi::default(),
            counters: Counters::default(),
            policies,
            world,
        })
    }

    /// Brings everything but secrets to what the templates say.
    pub(crate) fn apply(&self, resources: &Resources, code: &Code) -> Vec<Note> {
        let mut notes = self.policies.apply(resources);
        notes.extend(self.tables.apply(resources));
        notes.extend(self.buckets.apply(resources));
        notes.extend(self.pools.apply(resources));
        notes.extend(self.logs.apply(resources));
        notes.extend(self.functions.apply(resources, code));
        notes
    }
}

fn failed<E: Display>(service: &'static str) -> impl FnOnce(E) -> Error {
    move |error| Error::Store { service, message: error.to_string() }
}

/// What makes handlers trust the certificate of this machine.
fn trust(secured: Option<&Secured>) -> Vec<(String, String)> {
    let bundle = |secured: &Secured| ("SSL_CERT_FILE".to_owned(), secured.bundle.display().to_string());
    secured.map(bundle).into_iter().collect()
}
