//! The handler: a small client of the Runtime API that does what its event says.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

/// One connection to the Runtime API.
struct Api {
    stream: BufReader<TcpStream>,
}

/// The status, the headers and the body of an answer.
type Reply = (u16, Vec<(String, String)>, Vec<u8>);

impl Api {
    fn connect() -> Self {
        let address = std::env::var("AWS_LAMBDA_RUNTIME_API").unwrap();
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::new(stream) }
    }

    fn call(&mut self, method: &str, path: &str, body: &[u8]) -> Reply {
        let mut request = format!(
            "{method} /2018-06-01/runtime/{path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        self.stream.get_mut().write_all(&request).unwrap();
        self.read()
    }

    fn read(&mut self) -> Reply {
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).unwrap();
            let Some((name, value)) = line.trim().split_once(": ") else { break };
            headers.push((name.to_lowercase(), value.to_owned()));
        }
        let mut body = vec![0; find(&headers, "content-length").parse().unwrap_or(0)];
        self.stream.read_exact(&mut body).unwrap();
        (status, headers, body)
    }
}

fn find(headers: &[(String, String)], name: &str) -> String {
    headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

/// No test at all, unless it is run as a handler.
#[test]
fn handler() {
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_some() {
        run();
    }
}

fn run() {
    let mut api = Api::connect();
    match std::env::var("START").as_deref() {
        Ok("crash") => std::process::exit(7),
        Ok("hang") => std::thread::sleep(Duration::from_mins(1)),
        Ok("error") => {
            api.call("POST", "init/error", br#"{"errorType":"Start.Bad","errorMessage":"no table"}"#);
            std::process::exit(1);
        }
        _ => {}
    }
    loop {
        let (_, headers, body) = api.call("GET", "invocation/next", b"");
        let event: Value = serde_json::from_slice(&body).unwrap();
        let id = find(&headers, "lambda-runtime-aws-request-id");
        act(&mut api, &event, &id, &headers, &body);
    }
}

fn act(api: &mut Api, event: &Value, id: &str, headers: &[(String, String)], body: &[u8]) {
    let mut respond = |body: &[u8]| api.call("POST", &format!("invocation/{id}/response"), body);
    match event["do"].as_str().unwrap_or("echo") {
        "print" => {
            println!("one line\nand another");
            eprintln!("an error");
            respond(body);
        }
        "environment" => {
            let all: serde_json::Map<_, _> =
                std::env::vars().map(|(name, value)| (name, value.into())).collect();
            respond(Value::from(all).to_string().as_bytes());
        }
        "headers" => {
            let all: serde_json::Map<_, _> =
                headers.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
            respond(Value::from(all).to_string().as_bytes());
        }
        "sleep" => {
            std::thread::sleep(Duration::from_millis(event["ms"].as_u64().unwrap()));
            respond(std::process::id().to_string().as_bytes());
        }
        "pid" => drop(respond(std::process::id().to_string().as_bytes())),
        "exit" => std::process::exit(i32::try_from(event["code"].as_i64().unwrap()).unwrap()),
        "abort" => std::process::abort(),
        "flood" => flood(&mut respond, event),
        "fork" => {
            let mut child = Command::new("/bin/sleep").arg("1000").spawn().unwrap();
            std::fs::write(event["file"].as_str().unwrap(), child.id().to_string()).unwrap();
            child.wait().unwrap();
        }
        "stubborn" => {
            drop(respond(std::process::id().to_string().as_bytes()));
            Command::new("/bin/sh").args(["-c", "trap '' TERM; sleep 1000; sleep 1000"]).status().unwrap();
        }
        "large" => {
            let (status, _, body) = respond(&vec![b'x'; 7 << 20]);
            println!("told {status} {}", String::from_utf8_lossy(&body));
        }
        "twice" => {
            respond(b"1");
            let (status, _, body) = respond(b"2");
            println!("told {status} {}", String::from_utf8_lossy(&body));
        }
        "strange" => {
            let (status, _, said) = api.call("POST", "invocation/not-mine/response", b"0");
            println!("told {status} {}", String::from_utf8_lossy(&said));
            let (status, _, _) = api.call("GET", "invocation/next", b"");
            println!("told {status} for another event");
            api.call("POST", &format!("invocation/{id}/response"), b"1");
        }
        "error" => {
            let document = br#"{"errorType":"My.Error","errorMessage":"mine"}"#;
            api.call("POST", &format!("invocation/{id}/error"), document);
        }
        "disconnect" => {
            *api = Api::connect();
            api.call("POST", &format!("invocation/{id}/response"), b"1");
        }
        _ => drop(respond(body)),
    }
}

fn flood(respond: &mut impl FnMut(&[u8]) -> Reply, event: &Value) {
    let line = "x".repeat(usize::try_from(event["line"].as_u64().unwrap()).unwrap());
    let mut out = std::io::stdout().lock();
    for _ in 0..event["lines"].as_u64().unwrap() {
        writeln!(out, "{line}").unwrap();
    }
    out.flush().unwrap();
    respond(b"1");
}
