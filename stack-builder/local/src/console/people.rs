//! User pools with their users; nothing that signs anybody in.

use super::Console;
use super::asked::{Asked, Refused, Shown};
use serde_json::{Value, json};
use stack_builder_local_cognito::{ClientView, Group, PoolView, UserView};

impl Console {
    pub(super) fn pools(&self) -> Value {
        self.stores.pools.pools().iter().map(pool).collect()
    }

    /// The users of a pool who have `filter` in their name or an attribute, from the `start`th on.
    pub(super) fn users(&self, asked: &Asked) -> Shown {
        let (id, limit, start) = (asked.required("pool")?, asked.limit(50, 200)?, asked.number("start")?);
        let pools = self.stores.pools.pools();
        let pool = pools.iter().find(|pool| pool.id == id);
        let pool = pool.ok_or_else(|| Refused(404, "there is no such user pool".to_owned()))?;
        let filter = asked.text("filter").to_lowercase();
        let found: Vec<_> = pool.users.iter().filter(|user| has(user, &filter)).collect();
        let from = usize::try_from(start).unwrap_or(usize::MAX).min(found.len());
        let until = from.saturating_add(limit).min(found.len());
        let shown: Vec<_> = found[from..until].iter().map(|found| user(found)).collect();
        Ok(json!({ "users": shown, "total": found.len(), "next": (until < found.len()).then_some(until) }))
    }
}

fn has(user: &UserView, filter: &str) -> bool {
    let mut texts = user.attributes.values().chain([&user.username]);
    filter.is_empty() || texts.any(|text| text.to_lowercase().contains(filter))
}

fn pool(pool: &PoolView) -> Value {
    json!({
        "id": pool.id,
        "name": pool.name,
        "resource": pool.resource.to_string(),
        "issuer": pool.issuer,
        "users": pool.users.len(),
        "groups": pool.groups.iter().map(group).collect::<Vec<_>>(),
        "clients": pool.clients.iter().map(client).collect::<Vec<_>>(),
        "domains": pool.domains,
    })
}

fn user(user: &UserView) -> Value {
    json!({
        "username": user.username,
        "sub": user.sub,
        "attributes": user.attributes,
        "status": user.status.name(),
        "enabled": user.is_enabled,
        "groups": user.groups,
        "created": user.created,
        "sessions": user.sessions,
    })
}

fn group(group: &Group) -> Value {
    json!({ "name": group.name, "description": group.description, "precedence": group.precedence })
}

fn client(client: &ClientView) -> Value {
    json!({
        "id": client.id,
        "name": client.name,
        "hasSecret": client.has_secret,
        "callbacks": client.callbacks,
        "flows": client.oauth_flows,
    })
}
