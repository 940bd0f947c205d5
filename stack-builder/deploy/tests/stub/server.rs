//! A server that answers from a script.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the stub says.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

#[derive(Debug, Default)]
struct Script {
    answers: HashMap<String, VecDeque<Answer>>,
    asked: Vec<Asked>,
}

/// One request.
#[derive(Clone, Debug)]
struct Asked {
    action: String,
    /// The region that its signature names.
    region: String,
    head: String,
    body: String,
}

/// A stub on a port of its own; it ends with the test.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    port: u16,
    script: Arc<Mutex<Script>>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = Self { port, script: Arc::default(), connections: Arc::default() };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serving.connections.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(serving.clone().serve(stream));
            }
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How many connections were made to it.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// Adds an answer for `action`; the last one of an action is given again and again.
    pub(crate) fn answer(&self, action: &str, answer: Answer) {
        let mut script = self.script.lock().expect("the script");
        script.answers.entry(action.to_owned()).or_default().push_back(answer);
    }

    /// Puts an answer in the place of all those for `action`.
    pub(crate) fn replace(&self, action: &str, answer: Answer) {
        self.script.lock().expect("the script").answers.insert(action.to_owned(), [answer].into());
    }

    /// The actions that were asked for, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.script.lock().expect("the script").asked.iter().map(|asked| asked.action.clone()).collect()
    }

    /// The regions that the calls of `action` were made in, in order.
    pub(crate) fn regions(&self, action: &str) -> Vec<String> {
        let script = self.script.lock().expect("the script");
        let asked = script.asked.iter().filter(|asked| asked.action == action);
        asked.map(|asked| asked.region.clone()).collect()
    }

    /// What the `n`th call of `action` carried.
    pub(crate) fn body(&self, action: &str, n: usize) -> String {
        let script = self.script.lock().expect("the script");
        let mut asked = script.asked.iter().filter(|asked| asked.action == action);
        asked.nth(n).map(|asked| asked.body.clone()).expect("such a call")
    }

    /// The header `name`, in lower case, of the `n`th call of `action`.
    pub(crate) fn header(&self, action: &str, n: usize, name: &str) -> Option<String> {
        let script = self.script.lock().expect("the script");
        let asked = script.asked.iter().filter(|asked| asked.action == action).nth(n).expect("such a call");
        let mut fields = asked.head.lines().filter_map(|line| line.split_once(':'));
        let field = fields.find(|(field, _)| field.eq_ignore_ascii_case(name));
        field.map(|(_, value)| value.trim().to_owned())
    }

    /// The same as bytes.
    pub(crate) fn bytes(&self, action: &str, n: usize) -> Vec<u8> {
        self.body(action, n).chars().map(|byte| u8::try_from(byte).expect("a byte")).collect()
    }

    /// Forgets what was asked so far.
    pub(crate) fn forget(&self) {
        self.script.lock().expect("the script").asked.clear();
    }

    async fn serve(self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        while let Some((head, body)) = read(&mut stream).await {
            let answer = self.reply(Asked {
                action: action(&head, &body),
                region: region(&head),
                head: head.clone(),
                body,
            });
            let Answer { status, body } = answer;
            let length = if head.starts_with("HEAD") { 0 } else { body.len() };
            let body = &body[..length];
            let text = format!(
                "HTTP/1.1 {status} Stub\r\ncontent-type: text/xml\r\ncontent-length: {length}\r\n\r\n{body}"
            );
            if stream.write_all(text.as_bytes()).await.is_err() {
                return;
            }
        }
    }

    fn reply(&self, asked: Asked) -> Answer {
        let mut script = self.script.lock().expect("the script");
        let action = asked.action.clone();
        script.asked.push(asked);
        let token = client_token(&script.asked);
        let answers = script.answers.get_mut(&action);
        let next =
            answers.and_then(
                |answers| {
                    if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() }
                },
            );
        let unscripted =
            || Answer { status: 500, body: format!("<Error><Code>Unscripted{action}</Code></Error>") };
        let answer = next.unwrap_or_else(unscripted);
        Answer { body: answer.body.replace("{token}", &token), ..answer }
    }
}

/// The token of the newest operation, which CloudFormation puts on its events.
fn client_token(asked: &[Asked]) -> String {
    let begins = |asked: &&Asked| asked.action == "ExecuteChangeSet" || asked.action == "DeleteStack";
    let body = asked.iter().rev().find(begins).map_or("", |asked| asked.body.as_str());
    field(body, "ClientRequestToken").unwrap_or_default()
}

fn field(body: &str, name: &str) -> Option<String> {
    body.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<(String, String)> {
    let mut head = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line == "\r\n" {
            break;
        }
        head += &line;
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    // A character for each byte, so that none is lost.
    Some((head, body.into_iter().map(char::from).collect()))
}

/// The region in `Credential=KEY/DATE/REGION/SERVICE/aws4_request`.
fn region(head: &str) -> String {
    let scope = head.split("Credential=").nth(1).unwrap_or_default();
    scope.split('/').nth(2).unwrap_or_default().to_owned()
}

/// The action of a query API is in the body, that of a JSON API in a header; those of Amplify and CloudFront are the
/// method with the last part of the path; S3's is the method with its first query.
fn action(head: &str, body: &str) -> String {
    if let Some(action) = field(body, "Action") {
        return action;
    }
    let target = head.lines().find(|line| line.to_ascii_lowercase().starts_with("x-amz-target"));
    if let Some((_, action)) = target.and_then(|line| line.rsplit_once('.')) {
        return action.trim().to_owned();
    }
    let mut words = head.split([' ', '?', '&', '=']);
    let method = words.next().unwrap_or_default();
    let path = words.next().unwrap_or_default();
    if path == "/account" {
        return "GetAccount".to_owned();
    }
    if path.starts_with("/tags/") {
        return format!("{method} tags");
    }
    if path.starts_with("/apps/") || path.starts_with("/2020-05-31/") {
        return format!("{method} {}", path.rsplit('/').next().unwrap_or_default());
    }
    let query = words.next().filter(|_| head.lines().next().is_some_and(|line| line.contains('?')));
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let kind = if path.trim_matches('/').contains('/') { "object" } else { "bucket" };
    format!("{method} {kind}{query}")
}
