//! The Runtime API of one environment, on a port of its own.
//!
//! Lambda gives every environment an address of its own too; so no id has to tell processes apart, and one cannot take
//! another's events. Ports of this machine can be reached from a browser, hence the check of the headers.

use crate::answers::{LARGEST, Refusal, Reply, json_reply};
use crate::environment::Environment;
use crate::slot::{Outcome, Work};
use bytes::{Bytes, BytesMut};
use http::{Method, Request, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// A runtime needs one or two.
const CONNECTIONS: usize = 16;
/// More of an answer that is too large is not even read.
const WORST: usize = 256 << 20;

/// Answers until it is dropped.
pub(crate) async fn serve(listener: TcpListener, environment: Arc<Environment>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    while let Ok(permit) = room.clone().acquire_owned().await {
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let environment = environment.clone();
        connections.spawn(async move {
            connection(stream, environment).await;
            drop(permit);
        });
    }
}

async fn connection(stream: TcpStream, environment: Arc<Environment>) {
    let _ = stream.set_nodelay(true);
    let answer = |request: Request<Incoming>| {
        let environment = environment.clone();
        async move { Ok::<_, Infallible>(call(environment, request).await.unwrap_or_else(Refusal::reply)) }
    };
    let mut server = http1::Builder::new();
    server.max_buf_size(64 * 1024);
    // A runtime that breaks off its connection may open another.
    let _ = server.serve_connection(TokioIo::new(stream), service_fn(answer)).await;
}

async fn call(environment: Arc<Environment>, request: Request<Incoming>) -> Result<Reply, Refusal> {
    if is_foreign(&request) {
        return Err(Refusal::Foreign);
    }
    let path = request.uri().path().to_owned();
    let path = path.strip_prefix("/2018-06-01/runtime/").ok_or(Refusal::NotFound)?;
    let call = path.strip_prefix("invocation/").and_then(|rest| rest.split_once('/'));
    match (request.method(), path, call) {
        (&Method::GET, "invocation/next", _) => environment.next().await,
        (&Method::POST, "init/error", _) => {
            let read = read(request.into_body()).await?;
            environment.init_error(read.map_err(|_| Refusal::TooLarge)?)
        }
        (&Method::POST, _, Some((id, "response"))) => {
            answer(&environment, id, request, "InvocationResponse", Outcome::Answer).await
        }
        (&Method::POST, _, Some((id, "error"))) => {
            answer(&environment, id, request, "InvocationErrorResponse", Outcome::Error).await
        }
        _ => Err(Refusal::NotFound),
    }
}

/// Whether a web page sent it: no runtime says where it comes from, or calls this host by a name.
fn is_foreign<B>(request: &Request<B>) -> bool {
    let headers = request.headers();
    let host = headers.get(header::HOST).map_or(&b"127.0.0.1"[..], header::HeaderValue::as_bytes);
    let named = host.split(|byte| *byte == b':').next() != Some(b"127.0.0.1");
    named || headers.contains_key(header::ORIGIN) || headers.contains_key("sec-fetch-site")
}

async fn answer(
    environment: &Arc<Environment>,
    id: &str,
    request: Request<Incoming>,
    name: &'static str,
    outcome: fn(Bytes) -> Outcome,
) -> Result<Reply, Refusal> {
    let at = Instant::now();
    environment.may_answer(id, name)?;
    match read(request.into_body()).await? {
        Ok(body) => environment.answered(id, outcome(body), at),
        Err(size) => Err(environment.answered_too_much(id, size, at)),
    }
}

/// Reads a body; the inner error is the size of one that is too large, which is read and thrown away, since a sender
/// does not read an answer before it has sent everything.
async fn read(mut body: Incoming) -> Result<Result<Bytes, usize>, Refusal> {
    let mut only = Bytes::new();
    let mut all = BytesMut::new();
    let mut size = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Refusal::Truncated)?.into_data() else { continue };
        size += data.len();
        match size {
            size if size > WORST => return Err(Refusal::TooLarge),
            size if size > LARGEST => all = BytesMut::new(),
            size if size == data.len() => only = data,
            _ => {
                all.extend_from_slice(&std::mem::take(&mut only));
                all.extend_from_slice(&data);
            }
        }
    }
    if size > LARGEST {
        return Ok(Err(size));
    }
    Ok(Ok(if only.is_empty() { all.freeze() } else { only }))
}

/// The answer to `next`.
pub(crate) fn event(work: &Work, deadline: u64) -> Reply {
    let mut reply = json_reply(work.payload.clone());
    let mut set = |name: &'static str, value: &str| {
        // Ids and ARNs are ASCII; one that is not would be no header.
        if let Ok(value) = value.parse() {
            reply.headers_mut().insert(name, value);
        }
    };
    set("lambda-runtime-aws-request-id", &work.request_id);
    set("lambda-runtime-deadline-ms", &deadline.to_string());
    set("lambda-runtime-invoked-function-arn", &work.arn);
    set("lambda-runtime-trace-id", &work.trace_id);
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_page_is_foreign() {
        let request = |name: &str, value: &str| Request::get("/").header(name, value).body(()).unwrap();
        assert!(!is_foreign(&request("host", "127.0.0.1:9001")));
        assert!(is_foreign(&request("host", "evil.example:9001")));
        assert!(is_foreign(&request("origin", "http://127.0.0.1:4001")));
        assert!(is_foreign(&request("sec-fetch-site", "cross-site")));
    }
}
