//! Answering on a port: limits on heads, connections and slowness, and TLS where it is wanted.

use crate::{Request, Service, empty};
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
    /// Connections at once; further ones wait.
    pub connections: usize,
    /// How long the head of a request may take.
    pub head: Duration,
    /// Bytes of a head.
    pub head_bytes: usize,
    /// Number of header lines.
    pub headers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 4096, head: Duration::from_secs(10), head_bytes: 64 * 1024, headers: 200 }
    }
}

/// Answers every connection of `listener` until `stop` says `true`, then lets what is under way end for a moment.
///
/// With `tls`, a connection that begins with a handshake is secured, and any other is told to come by `https`.
pub async fn listen(
    listener: TcpListener,
    service: Arc<dyn Service>,
    tls: Option<Arc<ServerConfig>>,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
) {
    let room = Arc::new(Semaphore::new(limits.connections));
    let tls = tls.map(TlsAcceptor::from);
    loop {
        let Ok(permit) = room.clone().acquire_owned().await else { return };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
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

async fn connection(stream: TcpStream, service: Arc<dyn Service>, tls: Option<TlsAcceptor>, limits: Limits) {
    let _ = stream.set_nodelay(true);
    let Some(acceptor) = tls else { return serve(stream, service, limits).await };
    let mut first = [0];
    match tokio::time::timeout(limits.head, stream.peek(&mut first)).await {
        Ok(Ok(1)) if first[0] == HANDSHAKE => {
            if let Ok(Ok(secured)) = tokio::time::timeout(limits.head, acceptor.accept(stream)).await {
                serve(secured, service, limits).await;
            }
        }
        Ok(Ok(1)) => serve(stream, Arc::new(Insecure), limits).await,
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
        async move { Ok::<_, Infallible>(service.call(request.map(crate::Body::new)).await) }
    };
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(limits.head);
    server.max_buf_size(limits.head_bytes).max_headers(limits.headers);
    // What a client does wrong is its own affair; hyper has answered it.
    let _ = server.serve_connection(TokioIo::new(stream), service_fn(answer)).await;
}

/// Sends browsers that came by `http` to the same place by `https`.
struct Insecure;

impl Service for Insecure {
    fn call(&self, request: Request) -> crate::Answer<'_> {
        let host = request.headers().get(http::header::HOST).and_then(|host| host.to_str().ok());
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
