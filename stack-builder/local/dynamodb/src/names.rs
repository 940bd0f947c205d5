//! Names of tables and ARNs, between what clients write and what the engine knows.

use crate::touch::split_arn;
use dynoxide::streams::{LOCAL_ACCOUNT, LOCAL_REGION};
use serde_json::{Map, Value};

/// Where this application runs, as ARNs have it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) account: String,
    pub(crate) region: String,
}

impl Place {
    /// ARN of a table, or of what is below it.
    pub(crate) fn arn(&self, table: &str, below: &str) -> String {
        format!("arn:aws:dynamodb:{}:{}:table/{table}{below}", self.region, self.account)
    }

    /// The name of a table that is given by its ARN; `None` when it is no ARN of this account.
    fn short<'n>(&self, name: &'n str) -> Option<&'n str> {
        let mut parts = name.split(':');
        let account = parts.nth(4)?;
        let (table, below) = split_arn(name)?;
        (account == self.account && below.is_empty()).then_some(table)
    }

    /// Puts names where a request may have ARNs of tables, as all operations on items allow.
    pub(crate) fn shorten(&self, body: &mut Value) {
        let Some(body) = body.as_object_mut() else { return };
        self.shorten_member(body);
        if let Some(Value::Object(items)) = body.get_mut("RequestItems") {
            self.shorten_keys(items);
        }
        if let Some(Value::Array(items)) = body.get_mut("TransactItems") {
            let members = items.iter_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut);
            members.filter_map(Value::as_object_mut).for_each(|member| self.shorten_member(member));
        }
    }

    fn shorten_member(&self, members: &mut Map<String, Value>) {
        if let Some(Value::String(name)) = members.get_mut("TableName")
            && let Some(short) = self.short(name)
        {
            *name = short.to_owned();
        }
    }

    fn shorten_keys(&self, items: &mut Map<String, Value>) {
        let long: Vec<String> = items.keys().filter(|name| self.short(name).is_some()).cloned().collect();
        for name in long {
            let Some(short) = self.short(&name).filter(|short| !items.contains_key(*short)) else { continue };
            if let Some(part) = items.remove(&name) {
                items.insert(short.to_owned(), part);
            }
        }
    }

    /// Puts this place's region into records of a stream, whose items are nobody's business.
    pub(crate) fn localize_records(&self, answer: &mut Value) {
        for record in answer["Records"].as_array_mut().into_iter().flatten() {
            record["awsRegion"] = self.region.clone().into();
        }
    }

    /// Puts this place's ARNs where the engine has its own.
    pub(crate) fn localize(&self, answer: &mut Value) {
        match answer {
            Value::String(text) => {
                if let Some(rest) = text.strip_prefix(&engine()) {
                    *text = format!("arn:aws:dynamodb:{}:{}:{rest}", self.region, self.account);
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.localize(value)),
            Value::Object(members) => members.values_mut().for_each(|value| self.localize(value)),
            _ => {}
        }
    }
}

fn engine() -> String {
    format!("arn:aws:dynamodb:{LOCAL_REGION}:{LOCAL_ACCOUNT}:")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn place() -> Place {
        Place { account: "000000000000".to_owned(), region: "eu-west-1".to_owned() }
    }

    #[test]
    fn an_arn_stands_for_its_table() {
        let arn = place().arn("things", "");
        let mut body = json!({
            "TableName": arn,
            "RequestItems": { arn.clone(): 1, "others": 2 },
            "TransactItems": [{ "Get": { "TableName": arn } }],
        });
        place().shorten(&mut body);
        let expected = json!({
            "TableName": "things",
            "RequestItems": { "others": 2, "things": 1 },
            "TransactItems": [{ "Get": { "TableName": "things" } }],
        });
        assert_eq!(body, expected);
        let mut foreign = json!({ "TableName": "arn:aws:dynamodb:eu-west-1:111111111111:table/things" });
        let before = foreign.clone();
        place().shorten(&mut foreign);
        assert_eq!(foreign, before);
    }

    #[test]
    fn answers_have_the_arns_of_this_place() {
        let mut answer = json!({ "Table": [{ "TableArn": dynoxide::streams::table_arn("things") }] });
        place().localize(&mut answer);
        assert_eq!(answer, json!({ "Table": [{ "TableArn": place().arn("things", "") }] }));
    }
}
