//! All user pools of the application.

use crate::client::Client;
use crate::definition::{Definition, MEMBER, POOL, USER};
use crate::errors::{Result, no_client, no_pool};
use crate::hosted::{Hosted, HostedOptions};
use crate::issuer::IssuerPages;
use crate::notes;
use crate::pool::{Pool, PoolState};
use crate::{api, view};
use stack_builder_local_core::{
    Authorizer, Note, PublicKey, Resource, Resources, Service, Severity, TokenKeys, World,
};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

pub(crate) struct Inner {
    pub(crate) world: World,
    pub(crate) authorizer: Arc<dyn Authorizer>,
    folder: Option<PathBuf>,
    pools: RwLock<BTreeMap<String, Arc<Pool>>>,
    options: RwLock<Arc<HostedOptions>>,
}

/// The user pools of an application. Cheap to clone.
///
/// It is the API of Cognito user pools ([`Api`](stack_builder_local_core::Api)), and it knows the keys of the tokens
/// ([`TokenKeys`]).
#[derive(Clone)]
pub struct Pools(pub(crate) Arc<Inner>);

impl Pools {
    /// Opens the state of all pools; [`Pools::apply`] says which there are.
    ///
    /// # Errors
    /// When the folder of the state cannot be made.
    pub fn open(world: &World, authorizer: Arc<dyn Authorizer>) -> std::io::Result<Self> {
        Ok(Self(Arc::new(Inner {
            world: world.clone(),
            authorizer,
            folder: world.state.folder("cognito")?,
            pools: RwLock::default(),
            options: RwLock::default(),
        })))
    }

    /// Takes over what the templates say. Users, groups made by calls, keys and secrets stay.
    pub fn apply(&self, resources: &Resources) -> Vec<Note> {
        let old = self.0.pools.read().unwrap_or_else(PoisonError::into_inner).clone();
        let new: BTreeMap<_, _> = resources
            .of_type(POOL)
            .map(|resource| {
                let definition = Definition::new(resource, resources, &self.0.world);
                let kept = old.get(&definition.id).map(|pool| pool.state.clone());
                let state = kept.unwrap_or_else(|| self.open_state(&definition));
                let pool = Pool { definition, state, world: self.0.world.clone() };
                (pool.definition.id.clone(), Arc::new(pool))
            })
            .collect();
        *self.0.pools.write().unwrap_or_else(PoisonError::into_inner) = new;
        self.seed(resources);
        notes::all(resources)
    }

    /// Opens a pool's state; its key is made, or read, while the others start.
    fn open_state(&self, definition: &Definition) -> Arc<PoolState> {
        let state = Arc::new(PoolState::open(self.0.folder.as_deref(), definition, &self.0.world));
        let early = state.clone();
        let thread = std::thread::Builder::new().name("user pool key".to_owned());
        // Without a thread the key is made when it is needed.
        drop(thread.spawn(move || drop(early.key().map(|_| ()))));
        state
    }

    /// Makes the users of the templates, and puts them into their groups.
    fn seed(&self, resources: &Resources) {
        for resource in resources.of_type(USER).chain(resources.of_type(MEMBER)) {
            let id = resource.text("UserPoolId").unwrap_or_default();
            let done = self.pool(id).and_then(|pool| seed(&pool, resource));
            if let Err(error) = done {
                let told = format!("the user could not be made: {}", error.message);
                self.0.world.journal.notice(Severity::Warning, Some(&resource.id), &told, "");
            }
        }
    }

    /// Tells the sign-in pages what is known only after the ports are: addresses, and whether TLS is used.
    pub fn configure(&self, options: HostedOptions) {
        *self.0.options.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(options);
    }

    pub(crate) fn options(&self) -> Arc<HostedOptions> {
        self.0.options.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The sign-in pages of a domain: its prefix, its own name, or `<prefix>.auth.<region>.amazoncognito.com`.
    ///
    /// The service follows later changes of the template.
    pub fn domain_service(&self, domain: &str) -> Option<Arc<dyn Service>> {
        let name = domain.split_once(".auth.").map_or(domain, |(prefix, _)| prefix);
        self.of_domain(name)?;
        Some(Arc::new(Hosted::new(self.clone(), name)))
    }

    /// What the issuer of the tokens answers: `/<pool id>/.well-known/jwks.json` and `…/openid-configuration`.
    pub fn issuer_service(&self) -> Arc<dyn Service> {
        Arc::new(IssuerPages(self.clone()))
    }

    /// The secret of a client with `GenerateSecret`, made at the first call and kept.
    pub fn client_secret(&self, client_id: &str) -> Option<String> {
        let (pool, client) = self.client(client_id).ok()?;
        pool.secret(&client).ok()?
    }

    /// The pools with their clients, groups and users, for people to look at; nothing secret.
    pub fn pools(&self) -> Vec<view::PoolView> {
        self.all().iter().map(|pool| view::PoolView::new(pool)).collect()
    }

    pub(crate) fn all(&self) -> Vec<Arc<Pool>> {
        self.0.pools.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    pub(crate) fn pool(&self, id: &str) -> Result<Arc<Pool>> {
        let pools = self.0.pools.read().unwrap_or_else(PoisonError::into_inner);
        pools.get(id).cloned().ok_or_else(|| no_pool(id))
    }

    pub(crate) fn client(&self, id: &str) -> Result<(Arc<Pool>, Arc<Client>)> {
        let pools = self.0.pools.read().unwrap_or_else(PoisonError::into_inner);
        let found = pools.values().find_map(|pool| Some((pool.clone(), pool.client(id)?.clone())));
        found.ok_or_else(|| no_client(id))
    }

    pub(crate) fn of_domain(&self, name: &str) -> Option<Arc<Pool>> {
        let pools = self.0.pools.read().unwrap_or_else(PoisonError::into_inner);
        pools.values().find(|pool| pool.definition.domains.contains(name)).cloned()
    }

    pub(crate) fn of_issuer(&self, issuer: &str) -> Option<Arc<Pool>> {
        let id = issuer.rsplit('/').next()?;
        self.pool(id).ok().filter(|pool| pool.definition.issuer == issuer)
    }
}

impl TokenKeys for Pools {
    fn keys(&self, issuer: &str) -> Option<Vec<PublicKey>> {
        let pool = self.of_issuer(issuer)?;
        Some(pool.state.key().ok().map(|key| key.public().clone()).into_iter().collect())
    }
}

fn seed(pool: &Pool, resource: &Resource) -> Result<()> {
    let name = resource.text("Username").unwrap_or(&resource.physical_id);
    if resource.kind == MEMBER {
        let group = resource.text("GroupName").unwrap_or_default().to_owned();
        return pool.change(name, |user| {
            user.groups.insert(group);
            Ok(())
        });
    }
    if pool.user(name).is_some() {
        return Ok(());
    }
    api::create_described_user(pool, name, &resource.properties)
}
