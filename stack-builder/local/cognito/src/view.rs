//! The pools as people look at them, without anything secret.

use crate::group::Group;
use crate::pool::Pool;
use crate::user::{Status, User};
use stack_builder_local_core::ResourceId;
use std::collections::BTreeMap;

/// A user pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolView {
    /// Where it stands in the application.
    pub resource: ResourceId,
    /// `us-east-1_abcdefghi`.
    pub id: String,
    /// The name it was given.
    pub name: String,
    /// The `iss` of its tokens.
    pub issuer: String,
    /// Its users, by user name.
    pub users: Vec<UserView>,
    /// Its groups, by name.
    pub groups: Vec<Group>,
    /// Its clients, by id.
    pub clients: Vec<ClientView>,
    /// Prefixes or host names of its sign-in pages.
    pub domains: Vec<String>,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserView {
    /// The user name; the `sub` where users are named by an attribute.
    pub username: String,
    /// The id that stays.
    pub sub: String,
    /// What is known.
    pub attributes: BTreeMap<String, String>,
    /// Where the user stands.
    pub status: Status,
    /// Whether the user may sign in.
    pub is_enabled: bool,
    /// Names of the user's groups.
    pub groups: Vec<String>,
    /// When the account was made, milliseconds since 1970.
    pub created: u64,
    /// Sessions that have not ended.
    pub sessions: usize,
}

/// A client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientView {
    /// 26 characters.
    pub id: String,
    /// The name it was given.
    pub name: String,
    /// Whether it has a secret.
    pub has_secret: bool,
    /// Where the sign-in pages may send the browser back to.
    pub callbacks: Vec<String>,
    /// Flows of the sign-in pages.
    pub oauth_flows: Vec<String>,
}

impl PoolView {
    pub(crate) fn new(pool: &Pool) -> Self {
        let definition = &pool.definition;
        let client = |client: &std::sync::Arc<crate::client::Client>| ClientView {
            id: client.id.clone(),
            name: client.name.clone(),
            has_secret: client.has_secret,
            callbacks: client.callbacks.iter().cloned().collect(),
            oauth_flows: client.oauth_flows.iter().cloned().collect(),
        };
        Self {
            resource: definition.resource.clone(),
            id: definition.id.clone(),
            name: definition.name().to_owned(),
            issuer: definition.issuer.clone(),
            users: pool.users().iter().map(|user| UserView::new(user, pool.now())).collect(),
            groups: pool.groups().into_values().collect(),
            clients: definition.clients.values().map(client).collect(),
            domains: definition.domains.iter().cloned().collect(),
        }
    }
}

impl UserView {
    fn new(user: &User, now: u64) -> Self {
        Self {
            username: user.username.clone(),
            sub: user.sub.clone(),
            attributes: user.attributes.clone(),
            status: user.status,
            is_enabled: user.is_enabled,
            groups: user.groups.iter().cloned().collect(),
            created: user.created,
            sessions: user.sessions.iter().filter(|s| !s.is_revoked && now < s.until).count(),
        }
    }
}
