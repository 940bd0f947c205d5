//! The error in an answer, in the JSON and XML in which the services write it.

use aws_smithy_types::error::ErrorMetadata;
use serde_json::Value;

/// Code and message of an answer's body; `kind` is the header in which REST APIs give the code.
pub(crate) fn read(kind: Option<&str>, body: &[u8]) -> ErrorMetadata {
    let text = String::from_utf8_lossy(body);
    let (code, message) = match serde_json::from_slice::<Value>(body) {
        Ok(answer) => (json(&answer, &["__type", "code"]), json(&answer, &["message", "Message"])),
        Err(_) => (element(&text, "Code"), element(&text, "Message")),
    };
    let code = kind.map(str::to_owned).or(code);
    let mut error = ErrorMetadata::builder();
    if let Some(code) = code {
        error = error.code(bare(&code));
    }
    if let Some(message) = message {
        error = error.message(message);
    }
    error.build()
}

/// `aws.service#Code:http://…` is `Code`.
fn bare(code: &str) -> &str {
    let code = code.rsplit('#').next().unwrap_or(code);
    code.split(':').next().unwrap_or(code)
}

fn json(answer: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| answer[*name].as_str()).map(str::to_owned)
}

fn element(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    let (content, _) = rest.split_once(&format!("</{name}>"))?;
    let unescaped = content.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    Some(unescaped.replace("&apos;", "'").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: Option<&str>, body: &str, expect: (Option<&str>, Option<&str>)) {
        let error = read(kind, body.as_bytes());
        assert_eq!((error.code(), error.message()), expect);
    }

    #[test]
    fn every_dialect_of_an_error_is_understood() {
        check(
            None,
            r#"{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"no"}"#,
            (Some("ResourceNotFoundException"), Some("no")),
        );
        check(
            Some("BadRequestException:http://internal.amazon.com/coral/"),
            r#"{"message":"The last job was not finished"}"#,
            (Some("BadRequestException"), Some("The last job was not finished")),
        );
        check(
            None,
            "<ErrorResponse><Error><Code>TooMany</Code><Message>a &lt; b &amp;amp; c</Message></Error></ErrorResponse>",
            (Some("TooMany"), Some("a < b &amp; c")),
        );
        check(None, "<html>Bad gateway</html>", (None, None));
    }
}
