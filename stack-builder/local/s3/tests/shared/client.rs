//! A client that signs, over a plain socket.

#![allow(dead_code, reason = "each file of tests uses a part of it")]

use aws_lc_rs::{digest, hmac};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The code of an error.
    pub(crate) fn code(&self) -> String {
        let text = self.text();
        let code = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
        code.map(|(code, _)| code.to_owned()).unwrap_or_default()
    }
}

/// Sends a request as it is.
pub(crate) async fn send(
    to: SocketAddr,
    method: &str,
    target: &str,
    headers: &[(&str, String)],
    body: &[u8],
) -> Answer {
    let mut stream = TcpStream::connect(to).await.expect("a server");
    let mut head = format!("{method} {target} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n");
    for (name, value) in headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    let _ = write!(head, "content-length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await.expect("a connection");
    // Who refuses the head may not read the body.
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    parse(&answer)
}

fn parse(answer: &[u8]) -> Answer {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let headers = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    let headers: BTreeMap<_, _> =
        headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    Answer { status, headers, body: answer[end + 4..].to_vec() }
}

/// Who signs.
#[derive(Clone, Copy)]
pub(crate) struct Signer {
    pub(crate) key: &'static str,
    pub(crate) secret: &'static str,
    pub(crate) token: Option<&'static str>,
}

pub(crate) const ADMINISTRATOR: Signer = Signer { key: "local", secret: "local", token: None };
pub(crate) const ROLE: Signer = Signer { key: "ASIAROLE", secret: "secret", token: Some("token") };

impl Signer {
    /// Sends a signed request.
    pub(crate) async fn send(self, to: SocketAddr, method: &str, target: &str, body: &[u8]) -> Answer {
        let headers = self.headers(to, method, target, &now());
        send(to, method, target, &headers, body).await
    }

    /// The headers that sign a request of this date (`20261120T161056Z`).
    pub(crate) fn headers(
        self,
        to: SocketAddr,
        method: &str,
        target: &str,
        date: &str,
    ) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("host", to.to_string()),
            ("x-amz-content-sha256", "UNSIGNED-PAYLOAD".to_owned()),
            ("x-amz-date", date.to_owned()),
        ];
        headers.extend(self.token.map(|token| ("x-amz-security-token", token.to_owned())));
        let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
        let lines =
            headers.iter().fold(String::new(), |lines, (name, value)| format!("{lines}{name}:{value}\n"));
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let request = format!("{method}\n{path}\n{}\n{lines}\n{names}\nUNSIGNED-PAYLOAD", sorted(query));
        let signature = self.sign(date, &request);
        let credential = format!("{}/{}/us-east-1/s3/aws4_request", self.key, &date[..8]);
        let authorization =
            format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}");
        headers.remove(0);
        headers.push(("authorization", authorization));
        headers
    }

    /// A URL that is valid for some seconds from a date on.
    pub(crate) fn presign(
        self,
        to: SocketAddr,
        method: &str,
        path: &str,
        date: &str,
        seconds: &str,
    ) -> String {
        let credential = format!("{}%2F{}%2Fus-east-1%2Fs3%2Faws4_request", self.key, &date[..8]);
        let token = self.token.map(|token| format!("&X-Amz-Security-Token={token}")).unwrap_or_default();
        let query = format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={date}\
             &X-Amz-Expires={seconds}{token}&X-Amz-SignedHeaders=host"
        );
        let request = format!("{method}\n{path}\n{query}\nhost:{to}\n\nhost\nUNSIGNED-PAYLOAD");
        format!("{path}?{query}&X-Amz-Signature={}", self.sign(date, &request))
    }

    fn sign(self, date: &str, request: &str) -> String {
        let digest = hex(digest::digest(&digest::SHA256, request.as_bytes()).as_ref());
        let day = &date[..8];
        let text = format!("AWS4-HMAC-SHA256\n{date}\n{day}/us-east-1/s3/aws4_request\n{digest}");
        let key = [day, "us-east-1", "s3", "aws4_request"]
            .iter()
            .fold(format!("AWS4{}", self.secret).into_bytes(), |key, part| tag(&key, part));
        hex(&tag(&key, &text))
    }
}

fn sorted(query: &str) -> String {
    let mut pairs: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| if pair.contains('=') { pair.to_owned() } else { format!("{pair}=") })
        .collect();
    pairs.sort();
    pairs.join("&")
}

fn tag(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// This moment as signatures write it.
pub(crate) fn now() -> String {
    ago(0)
}

/// Some seconds before this moment.
pub(crate) fn ago(seconds: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs() - seconds;
    let mut text = Vec::new();
    let time = UNIX_EPOCH + std::time::Duration::from_secs(now);
    let time = s3s::dto::Timestamp::from(time);
    time.format(s3s::dto::TimestampFormat::DateTime, &mut text).expect("a date");
    let text = String::from_utf8(text).expect("text");
    let (second, _) = text.split_once('.').unwrap_or((text.trim_end_matches('Z'), ""));
    format!("{}Z", second.replace(['-', ':'], ""))
}
