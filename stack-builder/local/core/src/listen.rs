//! Answering on a port: limits on heads, connections and slowness, and TLS where it is wanted.

use crate::patience::{Taken, arriving};
use crate::{Request, Response, Service, descriptors, empty, text};
use http::header::{CONNECTION, EXPECT, HOST, HeaderMap, HeaderValue};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

/// First byte of a TLS handshake record (RFC 8446, 5.1).
const HANDSHAKE: u8 = 0x16;

/// What a client may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at once; further ones wait. Fewer where the system gives few file descriptors.
    pub connections: usize,
    /// How long the head of a request may take.
    pub head: Duration,
    /// How long a body may stop arriving, and an answer not be taken.
    pub stall: Duration,
    /// Bytes of a head.
    pub head_bytes: usize,
    /// Number of header lines.
    pub headers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            head: Duration::from_secs(10),
            stall: Duration::from_secs(30),
            head_bytes: 64 * 1024,
            headers: 200,
        }
    }
}

/// How connections are secured.
#[derive(Clone, Default)]
pub enum Tls {
    /// Not at all.
    #[default]
    Off,
    /// Those that begin with a handshake; the others are answered as well.
    Offered(Arc<ServerConfig>),
    /// All; those that begin with none are told to come by `https`.
    Required(Arc<ServerConfig>),
}

/// Answers every connection of `listener` until `stop` says `true`, then lets what is under way end for a moment.
pub async fn listen(
    listener: TcpListener,
    service: Arc<dyn Service>,
    tls: Tls,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
) {
    let room = Arc::new(Semaphore::new(limits.connections.min(descriptors::connections())));
    loop {
        let next = async {
            let permit = room.clone().acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            next = next => next,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file descriptors, as a rule: some will be free in a moment.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let (service, tls, mut stop) = (service.clone(), tls.clone(), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = connection(stream, service, tls, limits) => {}
                () = stopped(&mut stop) => {}
            }
            drop(permit);
        });
    }
}

/// A moment after the end was asked for.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
}

async fn connection(stream: TcpStream, service: Arc<dyn Service>, tls: Tls, limits: Limits) {
    let _ = stream.set_nodelay(true);
    let (config, otherwise): (_, Arc<dyn Service>) = match tls {
        Tls::Off => return serve(stream, service, limits).await,
        Tls::Offered(config) => (config, service.clone()),
        Tls::Required(config) => (config, Arc::new(Insecure)),
    };
    let mut first = [0];
    match tokio::time::timeout(limits.head, stream.peek(&mut first)).await {
        Ok(Ok(1)) if first[0] == HANDSHAKE => {
            let acceptor = TlsAcceptor::from(config);
            if let Ok(Ok(secured)) = tokio::time::timeout(limits.head, acceptor.accept(stream)).await {
                serve(secured, service, limits).await;
            }
        }
        Ok(Ok(1)) => serve(stream, otherwise, limits).await,
        _ => {}
    }
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send,
    service: Arc<dyn Service>,
    limits: Limits,
) {
    let answer = |request: http::Request<Incoming>| {
        let service = service.clone();
        async move {
            if let Some(refusal) = ambiguous(request.headers()) {
                return Ok::<_, Infallible>(refusal);
            }
            let waits = request.headers().contains_key(EXPECT);
            let mut response = service.call(request.map(|body| arriving(body, limits.stall))).await;
            if waits && !response.status().is_success() {
                // The client keeps its body to itself (RFC 9110, 10.1.1), and what it sends next is not that body.
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok(response)
        }
    };
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(limits.head);
    server.max_buf_size(limits.head_bytes).max_headers(limits.headers);
    // What a client does wrong is its own affair; hyper has answered it.
    let stream = TokioIo::new(Taken::new(stream, limits.stall));
    let _ = server.serve_connection(stream, service_fn(answer)).await;
}

/// Refuses what two readers may read differently (RFC 9112, 3.2), and ends the connection. Two lengths are hyper's
/// affair: it takes `Transfer-Encoding` for the truth, and ends the connection too.
fn ambiguous(headers: &HeaderMap) -> Option<Response> {
    headers.get_all(HOST).iter().nth(1)?;
    let mut refusal = text(400, "the request has more than one `Host`\n");
    refusal.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    Some(refusal)
}

/// Sends browsers that came by `http` to the same place by `https`.
struct Insecure;

impl Service for Insecure {
    fn call(&self, request: Request) -> crate::Answer<'_> {
        let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let location = host.and_then(|host| format!("https://{host}{path}").parse().ok());
        let mut response = empty(308);
        match location {
            Some(location) => drop(response.headers_mut().insert(http::header::LOCATION, location)),
            None => *response.status_mut() = http::StatusCode::BAD_REQUEST,
        }
        Box::pin(std::future::ready(response))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    /// Answers with the length of what it was sent.
    struct Length;

    impl Service for Length {
        fn call(&self, request: Request) -> crate::Answer<'_> {
            Box::pin(async {
                match crate::collect(request.into_body(), 1 << 20).await {
                    Ok(body) => text(200, body.len().to_string()),
                    Err(error) => text(400, error.to_string()),
                }
            })
        }
    }

    async fn served(limits: Limits) -> (std::net::SocketAddr, watch::Sender<bool>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let stop = watch::Sender::new(false);
        tokio::spawn(listen(listener, Arc::new(Length), Tls::Off, limits, stop.subscribe()));
        (address, stop)
    }

    async fn answer(limits: Limits, request: &str) -> String {
        let (address, _stop) = served(limits).await;
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(request.as_bytes()).await.expect("it takes the request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer, then the end");
        answer
    }

    fn hasty() -> Limits {
        let moment = Duration::from_millis(100);
        Limits { head: moment, stall: moment, ..Limits::default() }
    }

    #[tokio::test]
    async fn what_two_readers_may_read_differently_is_read_once_or_refused() {
        let smuggled = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n";
        let answered = answer(Limits::default(), smuggled).await;
        assert!(answered.starts_with("HTTP/1.1 200") && answered.ends_with("\r\n\r\n0"), "{answered}");
        assert_eq!(answered.matches("HTTP/1.1").count(), 1, "{answered}");
        let hosts = "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n";
        assert!(answer(Limits::default(), hosts).await.contains("more than one `Host`"));
    }

    /// Answers without a look at what it was sent.
    struct Refuses;

    impl Service for Refuses {
        fn call(&self, _: Request) -> crate::Answer<'_> {
            Box::pin(std::future::ready(text(403, "no")))
        }
    }

    #[tokio::test]
    async fn who_is_refused_before_sending_a_body_comes_again() {
        let (mut client, server) = tokio::io::duplex(1 << 16);
        tokio::spawn(serve(server, Arc::new(Refuses), hasty()));
        let waits = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
        client.write_all(waits.as_bytes()).await.expect("it takes the request");
        let mut answered = String::new();
        client.read_to_string(&mut answered).await.expect("an answer, then the end");
        assert!(answered.starts_with("HTTP/1.1 403") && answered.contains("connection: close"), "{answered}");
    }

    #[tokio::test]
    async fn a_body_that_stops_arriving_is_given_up() {
        let request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc";
        assert!(answer(hasty(), request).await.contains("ended before its time"));
    }

    #[tokio::test]
    async fn heads_that_do_not_end_and_clients_that_say_nothing_are_left() {
        for beginning in ["GET / HTTP/1.1\r\nHost: a\r\nX: ", ""] {
            let answered = answer(hasty(), beginning).await;
            assert!(answered.is_empty() || answered.starts_with("HTTP/1.1 4"), "{answered}");
        }
    }

    #[tokio::test]
    async fn an_end_is_an_end_also_when_all_connections_are_taken() {
        let (address, stop) = served(Limits { connections: 1, ..Limits::default() }).await;
        let _taken = TcpStream::connect(address).await.expect("a connection");
        stop.send_replace(true);
        let closed = async {
            while stop.receiver_count() > 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), closed).await.expect("nobody listens any more");
    }
}
