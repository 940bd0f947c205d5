//! The table of sessions in DynamoDB.

use super::{
    Session, SessionId,
    clock::Seconds,
    session_table::{Found, SessionTable},
};
use crate::Failure;
use aws_sdk_dynamodb::{Client, types::AttributeValue};
use std::collections::HashMap;

type Item = HashMap<String, AttributeValue>;

/// A DynamoDB table with the partition key `session-id`, text.
///
/// Every read is consistent: a browser asks for `/` a few milliseconds after it was told that it is logged in, and a
/// copy that has not heard of the session yet would send it back to the login page.
#[derive(Clone, Debug)]
pub struct DynamoSessions {
    client: Client,
    name: String,
}

impl DynamoSessions {
    /// The table of this name.
    pub fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }

    /// `ttl` is a reserved word, so the projection must name it in a roundabout way.
    async fn get(&self, id: &SessionId, attributes: &str) -> Result<Option<Item>, Failure> {
        let request = self.client.get_item().table_name(&self.name).key(KEY, text(id.as_str()));
        let request = request.consistent_read(true).projection_expression(attributes);
        let answer = request.expression_attribute_names("#ttl", "ttl").send().await;
        Ok(answer.map_err(|error| Failure::aws("GetItem", &error))?.item)
    }
}

const KEY: &str = "session-id";

impl SessionTable for DynamoSessions {
    async fn end(&self, id: &SessionId) -> Result<Option<Seconds>, Failure> {
        Ok(self.get(id, "#ttl").await?.as_ref().and_then(end))
    }

    async fn find(&self, id: &SessionId) -> Result<Option<Found>, Failure> {
        let item = self.get(id, "#ttl, userName").await?;
        Ok(item.and_then(|item| Some(Found { ttl: end(&item)?, user_name: user_name(&item) })))
    }

    /// Two equal random ids cannot be; should they, it is a fault to report and not a session to take over.
    async fn add(&self, session: &Session) -> Result<(), Failure> {
        let request = self.client.put_item().table_name(&self.name).set_item(Some(item(session)));
        let request =
            request.condition_expression("attribute_not_exists(#id)").expression_attribute_names("#id", KEY);
        request.send().await.map(drop).map_err(|error| Failure::aws("PutItem", &error))
    }

    async fn remove(&self, id: &SessionId) -> Result<(), Failure> {
        let request = self.client.delete_item().table_name(&self.name).key(KEY, text(id.as_str()));
        request.send().await.map(drop).map_err(|error| Failure::aws("DeleteItem", &error))
    }
}

fn item(session: &Session) -> Item {
    let number = |number: Seconds| AttributeValue::N(number.to_string());
    [
        (KEY.to_owned(), text(session.id.as_str())),
        ("userName".to_owned(), text(&session.user_name)),
        ("creationTime".to_owned(), number(session.creation_time)),
        ("ttl".to_owned(), number(session.ttl)),
    ]
    .into()
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.into())
}

/// An item without a whole number of seconds is no session.
fn end(item: &Item) -> Option<Seconds> {
    item.get("ttl")?.as_n().ok()?.parse().ok()
}

fn user_name(item: &Item) -> Option<String> {
    item.get("userName")?.as_s().ok().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_seconds_are_an_end() {
        let with = |value: AttributeValue| [("ttl".to_owned(), value)].into();
        assert_eq!(end(&with(AttributeValue::N("1795176060".into()))), Some(1_795_176_060));
        for value in [
            AttributeValue::N("-1".into()),
            AttributeValue::N("1.5".into()),
            AttributeValue::N("1E40".into()),
            AttributeValue::S("1795176060".into()),
            AttributeValue::Null(true),
        ] {
            assert_eq!(end(&with(value.clone())), None, "{value:?}");
        }
        assert_eq!(end(&Item::new()), None);
    }
}
