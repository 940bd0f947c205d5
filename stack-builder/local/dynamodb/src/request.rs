//! Reading the body of a request, and saying what is wrong with it as the service does.

use dynoxide::DynoxideError;
use serde::de::DeserializeOwned;
use serde_json::Value;

type Class = fn(String) -> DynoxideError;

/// How the engine marks what its readers refuse, with the class of the refusal.
const MARKS: [(&str, Class); 5] = [
    ("VALIDATION:", DynoxideError::ValidationException),
    ("VALIDATION_AS_READ:", DynoxideError::ValidationException),
    ("VALIDATION_REQUEST:", DynoxideError::EnvelopedValidation),
    ("SERIALIZATION:", DynoxideError::SerializationException),
    ("SERIALIZATION_AS_READ:", DynoxideError::SerializationException),
];

/// Parts of messages of values that are well-formed JSON and no attribute values.
const INVALID: [&str; 5] =
    ["missing field", "unknown variant", "invalid type: null", "Supplied AttributeValue", "duplicate field"];

/// Reads a request of an operation.
pub(crate) fn read<T: DeserializeOwned>(operation: &str, body: Value) -> Result<T, DynoxideError> {
    serde_json::from_value(body).map_err(|error| settle(operation, refusal(&error.to_string())))
}

/// Turns the engine's note about a wrapped message into the message; no such note may leave.
pub(crate) fn settle(operation: &str, error: DynoxideError) -> DynoxideError {
    match (operation, error) {
        ("PutItem" | "UpdateItem" | "DeleteItem", DynoxideError::EnvelopedValidation(message)) => {
            DynoxideError::ValidationException(format!("1 validation error detected: {message}"))
        }
        (_, DynoxideError::EnvelopedValidation(message)) => DynoxideError::ValidationException(message),
        ("ExecuteStatement", DynoxideError::ConditionalCheckFailedException(message, Some(item))) => {
            DynoxideError::StatementConditionalCheckFailed(message, item)
        }
        ("Query", DynoxideError::ValidationException(message)) if of_key_condition(&message) => {
            DynoxideError::ValidationException(format!("Invalid KeyConditionExpression: {message}"))
        }
        (_, error) => error,
    }
}

/// Whether a query is refused for its key condition; the messages about its other expressions begin with their names.
fn of_key_condition(message: &str) -> bool {
    ["Attribute name is a reserved keyword", "An expression attribute "]
        .iter()
        .any(|words| message.starts_with(words))
}

fn refusal(message: &str) -> DynoxideError {
    for (mark, class) in MARKS {
        if let Some(text) = message.strip_prefix(mark) {
            return class(text.to_owned());
        }
    }
    if message.contains("empty AttributeValue") {
        let text = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
        return DynoxideError::ValidationException(text.to_owned());
    }
    if INVALID.iter().any(|part| message.contains(part)) {
        return DynoxideError::ValidationException(message.to_owned());
    }
    DynoxideError::SerializationException(mismatch(message).unwrap_or_else(|| message.to_owned()))
}

/// The service's words for a JSON value of the wrong type.
fn mismatch(message: &str) -> Option<String> {
    let (found, expected) = message.strip_prefix("invalid type: ")?.split_once(", expected ")?;
    let wanted = match expected {
        "a string" => "String",
        "a boolean" => "Boolean",
        "i64" | "u64" | "usize" | "u32" | "i32" => "Long",
        _ if found == "map" => return Some("Start of structure or map found where not expected".to_owned()),
        _ => return Some("Unexpected field type".to_owned()),
    };
    let given = match found.split(' ').next().unwrap_or_default() {
        "integer" => "NUMBER_VALUE",
        "floating" => "DECIMAL_VALUE",
        "string" => "STRING_VALUE",
        "boolean" if found.contains("true") => "TRUE_VALUE",
        "boolean" => "FALSE_VALUE",
        "map" => return Some("Start of structure or map found where not expected".to_owned()),
        _ => return Some("Unexpected field type".to_owned()),
    };
    Some(format!("{given} cannot be converted to {wanted}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use dynoxide::actions::get_item::GetItemRequest;
    use serde_json::json;

    #[test]
    fn says_what_is_wrong_in_the_words_of_the_service() {
        let refused = |body| match read::<GetItemRequest>("GetItem", body) {
            Ok(_) => panic!("not refused"),
            Err(error) => error.to_json(),
        };
        let wrong = refused(json!({ "TableName": 23, "Key": {} }));
        assert!(wrong.contains("SerializationException"), "{wrong}");
        assert!(wrong.contains("NUMBER_VALUE cannot be converted to String"), "{wrong}");
        let missing = refused(json!({ "TableName": "things" }));
        assert!(missing.contains("ValidationException"), "{missing}");
        assert!(missing.contains("Value null at 'key'"), "{missing}");
        assert!(!missing.contains("VALIDATION:"), "{missing}");
    }
}
