//! Calls of administrators on groups.

use super::list::page;
use super::{AdminCall, Handlers};
use crate::errors::{Result, invalid, no_group};
use crate::group::Group;
use serde_json::{Value, json};
use stack_builder_local_core::ApiError;

/// Groups of one pool.
const MOST: usize = 10_000;
/// Groups of one user.
const MOST_OF_USER: usize = 100;

pub(super) const HANDLERS: Handlers<AdminCall> = &[
    ("CreateGroup", create),
    ("GetGroup", get),
    ("UpdateGroup", update),
    ("DeleteGroup", delete),
    ("ListGroups", list),
    ("AdminAddUserToGroup", add),
    ("AdminRemoveUserFromGroup", remove),
    ("AdminListGroupsForUser", of_user),
    ("ListUsersInGroup", users),
];

impl AdminCall {
    fn group(&self) -> Result<Group> {
        self.pool.groups().remove(self.input.required("GroupName")?).ok_or_else(no_group)
    }

    fn answer(&self, group: &Group) -> Value {
        json!({ "Group": group.shape(&self.pool.definition.id) })
    }
}

fn create(call: &AdminCall) -> Result<Value> {
    let name = crate::input::bounded("groupName", call.input.required("GroupName")?, 128)?;
    let groups = call.pool.groups();
    if groups.contains_key(name) {
        return Err(ApiError::new("GroupExistsException", "A group with the name already exists."));
    }
    if groups.len() >= MOST {
        return Err(ApiError::new("LimitExceededException", "Too many groups."));
    }
    let group = Group::of(name, &call.input.0);
    call.pool.state.change_groups(|groups| groups.insert(name.to_owned(), group.clone()))?;
    Ok(call.answer(&group))
}

fn get(call: &AdminCall) -> Result<Value> {
    Ok(call.answer(&call.group()?))
}

fn check_own(call: &AdminCall, name: &str) -> Result<()> {
    if call.pool.definition.groups.contains_key(name) {
        return Err(invalid(format!("The group `{name}` is described by the stack. Change it there.")));
    }
    Ok(())
}

fn update(call: &AdminCall) -> Result<Value> {
    let old = call.group()?;
    check_own(call, &old.name)?;
    let new = Group::of(&old.name, &call.input.0);
    let description = if call.input.0["Description"].is_null() { old.description } else { new.description };
    let (role, precedence) = (new.role.or(old.role), new.precedence.or(old.precedence));
    let group = Group { name: old.name, description, role, precedence };
    call.pool.state.change_groups(|groups| groups.insert(group.name.clone(), group.clone()))?;
    Ok(call.answer(&group))
}

fn delete(call: &AdminCall) -> Result<Value> {
    let group = call.group()?;
    check_own(call, &group.name)?;
    call.pool.state.change_groups(|groups| groups.remove(&group.name))?;
    Ok(json!({}))
}

fn list(call: &AdminCall) -> Result<Value> {
    let groups = call.pool.groups();
    let all = groups.values().map(|group| group.shape(&call.pool.definition.id)).collect();
    page(&call.input, "Groups", all, ("Limit", "NextToken"))
}

fn add(call: &AdminCall) -> Result<Value> {
    let (user, group) = (call.user()?, call.group()?);
    call.pool.change(&user.username, |user| {
        if user.groups.len() >= MOST_OF_USER && !user.groups.contains(&group.name) {
            return Err(ApiError::new("LimitExceededException", "Too many groups for the user."));
        }
        user.groups.insert(group.name);
        Ok(json!({}))
    })
}

fn remove(call: &AdminCall) -> Result<Value> {
    let (user, group) = (call.user()?, call.group()?);
    call.pool.change(&user.username, |user| {
        user.groups.remove(&group.name);
        Ok(json!({}))
    })
}

fn of_user(call: &AdminCall) -> Result<Value> {
    let (user, groups) = (call.user()?, call.pool.groups());
    let of_user = user.groups.iter().filter_map(|name| groups.get(name));
    let all = of_user.map(|group| group.shape(&call.pool.definition.id)).collect();
    page(&call.input, "Groups", all, ("Limit", "NextToken"))
}

fn users(call: &AdminCall) -> Result<Value> {
    let group = call.group()?;
    let users = call.pool.users();
    let members = users.iter().filter(|user| user.groups.contains(&group.name));
    page(&call.input, "Users", members.map(|user| user.shape("Attributes")).collect(), ("Limit", "NextToken"))
}
