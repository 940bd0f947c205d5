//! AWS through boto3: a client that shares no code with the one under test.

use crate::place::{client, python_tool};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// Access key id.
    pub key: String,
    /// Secret access key.
    pub secret: String,
    /// Session token, of temporary credentials.
    pub token: Option<String>,
}

impl Credentials {
    /// Credentials that last.
    pub fn new(key: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { key: key.into(), secret: secret.into(), token: None }
    }
}

/// What AWS refused with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsError {
    /// AWS's code, such as `AccessDenied`; an HTTP status such as `403` where there is no body.
    pub code: String,
    /// AWS's message.
    pub message: String,
}

impl AwsError {
    /// Whether the caller lacks the right, rather than something else being wrong.
    pub fn is_denied(&self) -> bool {
        ["AccessDenied", "AccessDeniedException", "403"].contains(&self.code.as_str())
    }
}

/// A client of every service, speaking as one caller unless told otherwise.
#[derive(Debug)]
pub struct Aws {
    credentials: Credentials,
    process: Mutex<Process>,
}

#[derive(Debug)]
struct Process {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Aws {
    /// A client of `endpoint` that trusts the certificate in `trust` and speaks as `credentials`.
    ///
    /// # Panics
    /// When the pinned Python environment is missing.
    pub fn new(variables: &[(&str, String)], credentials: Credentials) -> Self {
        let mut command = Command::new(python_tool("python"));
        command.arg(client("aws.py")).envs(variables.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        let requests = child.stdin.take().expect("a piped stdin");
        let answers = BufReader::new(child.stdout.take().expect("a piped stdout"));
        Self { credentials, process: Mutex::new(Process { child, requests, answers }) }
    }

    /// Calls boto3's `operation` of `service` with its parameters.
    ///
    /// # Panics
    /// When AWS refuses.
    #[track_caller]
    pub fn call(&self, service: &str, operation: &str, parameters: Value) -> Value {
        let answer = self.try_call_as(&self.credentials, service, operation, parameters);
        answer.unwrap_or_else(|error| panic!("{service} {operation}: {error:?}"))
    }

    /// Calls, and returns what AWS refused with.
    ///
    /// # Errors
    /// When AWS refuses.
    pub fn try_call(&self, service: &str, operation: &str, parameters: Value) -> Result<Value, AwsError> {
        self.try_call_as(&self.credentials, service, operation, parameters)
    }

    /// Calls as somebody else.
    ///
    /// # Errors
    /// When AWS refuses.
    ///
    /// # Panics
    /// When the client's process has ended.
    pub fn try_call_as(
        &self,
        who: &Credentials,
        service: &str,
        operation: &str,
        parameters: Value,
    ) -> Result<Value, AwsError> {
        let Credentials { key, secret, token } = who;
        let request = json!({
            "service": service, "operation": operation, "parameters": parameters,
            "credentials": { "key": key, "secret": secret, "token": token },
        });
        let mut answer = self.process.lock().expect("the client's process").ask(&request);
        match answer["error"].take() {
            Value::Null => Ok(answer["ok"].take()),
            error => Err(AwsError {
                code: error["code"].as_str().unwrap_or_default().to_owned(),
                message: error["message"].as_str().unwrap_or_default().to_owned(),
            }),
        }
    }
}

impl Process {
    fn ask(&mut self, request: &Value) -> Value {
        writeln!(self.requests, "{request}").expect("the client takes a request");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the client answers");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("no answer to {request}: {error}"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Text in the bytes of an answer, such as an object's `Body` or a function's `Payload`.
///
/// # Panics
/// When the value holds no bytes.
#[track_caller]
pub fn text_of(answer: &Value) -> String {
    let encoded = answer["$base64"].as_str().unwrap_or_else(|| panic!("no bytes in {answer}"));
    let digits = encoded.bytes().filter_map(|digit| DIGITS.iter().position(|known| *known == digit));
    let mut content = Vec::new();
    for group in digits.collect::<Vec<_>>().chunks(4) {
        let bits = group.iter().fold(0, |bits, digit| bits << 6 | digit) << (6 * (4 - group.len()));
        let three = [bits >> 16, bits >> 8, bits].map(|byte| u8::try_from(byte & 255).unwrap_or_default());
        content.extend_from_slice(&three[..group.len() - 1]);
    }
    String::from_utf8_lossy(&content).into_owned()
}

/// Bytes as a parameter.
pub fn bytes(content: &[u8]) -> Value {
    let mut text = String::new();
    for chunk in content.chunks(3) {
        let group = chunk.iter().fold(0_usize, |group, byte| group << 8 | usize::from(*byte))
            << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            let digit = if digit <= chunk.len() { DIGITS[group >> (18 - 6 * digit) & 63] } else { b'=' };
            text.push(char::from(digit));
        }
    }
    json!({ "$base64": text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_travel_in_base64() {
        let cases: [(&[u8], &str); 5] =
            [(b"", ""), (b"f", "Zg=="), (b"fo", "Zm8="), (b"foo", "Zm9v"), (b"\xff\xfe\xfd\xfc", "//79/A==")];
        for (content, text) in cases {
            assert_eq!(bytes(content)["$base64"], text);
            assert_eq!(text_of(&bytes(content)), String::from_utf8_lossy(content));
        }
    }

    #[test]
    fn a_missing_right_is_told_from_other_errors() {
        let error = |code: &str| AwsError { code: code.into(), message: String::new() };
        assert!(error("AccessDenied").is_denied() && error("403").is_denied());
        assert!(!error("NoSuchKey").is_denied() && !error("404").is_denied());
    }
}
