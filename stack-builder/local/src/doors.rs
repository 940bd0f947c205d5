//! Ports: one for AWS's API, and one for each host that people and programs come to.

use crate::Error;
use crate::application::ENDPOINT;
use stack_builder_local_core::{
    Answer, Caller, Clock, Journal, Limits, Request, Service, Tls, Trace, listen, text,
};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::rustls::ServerConfig;

/// Finds what answers for a host now; it changes when templates do.
pub(crate) trait Current: Send + Sync {
    /// The service of a host as AWS has it.
    fn service(&self, host: &str) -> Option<Arc<dyn Service>>;
}

/// Ports that have been taken, by host.
pub(crate) struct Doors {
    first: u16,
    scheme: &'static str,
    open: Mutex<BTreeMap<String, Door>>,
}

struct Door {
    port: u16,
    /// Until somebody listens.
    listener: Option<TcpListener>,
    stop: watch::Sender<bool>,
}

/// What all doors share.
#[derive(Clone)]
pub(crate) struct Hall {
    pub(crate) current: Arc<dyn Current>,
    pub(crate) journal: Journal,
    pub(crate) clock: Clock,
    pub(crate) config: Option<Arc<ServerConfig>>,
}

impl Hall {
    /// People come by `https` where there is TLS; programs may come to AWS's API as they like.
    fn tls(&self, host: &str) -> Tls {
        match &self.config {
            None => Tls::Off,
            Some(config) if host == ENDPOINT => Tls::Offered(config.clone()),
            Some(config) => Tls::Required(config.clone()),
        }
    }
}

impl Doors {
    /// No ports yet; the first one will be `first`, or any that is free when it is 0.
    pub(crate) fn new(first: u16, tls: bool) -> Self {
        Self { first, scheme: if tls { "https" } else { "http" }, open: Mutex::default() }
    }

    /// Whether doors speak TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.scheme == "https"
    }

    /// Takes a port for each host that has none yet, and gives back those of hosts that are gone. Must be called within
    /// a tokio runtime.
    ///
    /// # Errors
    /// When one cannot be had; all is as it was then.
    pub(crate) fn take(&self, hosts: &[String]) -> Result<(), Error> {
        let mut open = self.lock();
        let mut new = BTreeMap::new();
        for host in hosts.iter().filter(|host| !open.contains_key(*host)) {
            let taken: Vec<u16> = open.values().chain(new.values()).map(|door: &Door| door.port).collect();
            new.insert(host.clone(), self.door(&taken)?);
        }
        open.extend(new);
        open.retain(|host, door| hosts.contains(host) || door.stop.send_replace(true));
        Ok(())
    }

    /// The lowest port from the first on that is not ours already. One in use by somebody else is an error, so that
    /// addresses are the same on every run.
    fn door(&self, taken: &[u16]) -> Result<Door, Error> {
        let port = match self.first {
            0 => Some(0),
            first => (first..=u16::MAX).find(|port| !taken.contains(port)),
        };
        let failed = |source| Error::Listen { port: port.unwrap_or(u16::MAX), source };
        let port = port.ok_or_else(|| failed(ErrorKind::AddrNotAvailable.into()))?;
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let listener = TcpListener::from_std(listener).map_err(failed)?;
        Ok(Door { port, listener: Some(listener), stop: watch::Sender::new(false) })
    }

    /// The local URL of a host, without `/` at its end.
    pub(crate) fn url(&self, host: &str) -> Option<String> {
        self.lock().get(host).map(|door| format!("{}://127.0.0.1:{}", self.scheme, door.port))
    }

    /// Begins to answer at every port where nobody does yet.
    pub(crate) fn open(&self, hall: &Hall) {
        for (host, door) in self.lock().iter_mut() {
            let Some(listener) = door.listener.take() else { continue };
            let url = format!("{}://127.0.0.1:{}", self.scheme, door.port);
            let visitor = Arc::new(Visitor { host: host.clone(), url, hall: hall.clone() });
            let stop = door.stop.subscribe();
            tokio::spawn(listen(listener, visitor, hall.tls(host), Limits::default(), stop));
        }
    }

    /// Closes every port.
    pub(crate) fn close(&self) {
        for door in self.lock().values() {
            door.stop.send_replace(true);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Door>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever comes to one port.
struct Visitor {
    host: String,
    url: String,
    hall: Hall,
}

impl Service for Visitor {
    fn call(&self, mut request: Request) -> Answer<'_> {
        if !addressed_to_this_machine(&request) {
            let refusal = "this server answers for this machine only; use 127.0.0.1 or localhost\n";
            return Box::pin(std::future::ready(text(403, refusal)));
        }
        let Some(service) = self.hall.current.service(&self.host) else {
            return Box::pin(std::future::ready(text(
                503,
                "the application no longer has what was served here\n",
            )));
        };
        let asked = format!("{} {}", request.method(), request.uri().path());
        let trace = Trace::begin(self.hall.clock.millis(), &self.url, asked);
        // A browser would keep it for every port of `localhost`, long after this run; of addresses it keeps nothing.
        let pins = self.url.starts_with("https:")
            && host_of(&request).is_some_and(|host| host.contains("localhost"));
        request.extensions_mut().insert(Caller::Anonymous);
        request.extensions_mut().insert(trace.clone());
        Box::pin(async move {
            let mut response = service.call(request).await;
            if pins {
                response.headers_mut().remove(http::header::STRICT_TRANSPORT_SECURITY);
            }
            // The endpoint's own calls belong to the requests of those who make them.
            if response.extensions().get::<Unrecorded>().is_none()
                && let Some(record) = trace.finish(response.status().as_u16())
            {
                self.hall.journal.request(record);
            }
            response
        })
    }
}

/// An extension of answers that are not worth a line: calls of AWS's API, the console.
#[derive(Clone, Copy)]
pub(crate) struct Unrecorded;

/// Whether the request names this machine, and not a name that somebody else made point here (DNS rebinding).
fn addressed_to_this_machine(request: &Request) -> bool {
    let Some(host) = host_of(request) else { return false };
    let name = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
        .map_or(host, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost" | "[::1]") || name.ends_with(".localhost")
}

fn host_of(request: &Request) -> Option<&str> {
    let header = request.headers().get(http::header::HOST).and_then(|host| host.to_str().ok());
    request.uri().authority().map(http::uri::Authority::as_str).or(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_peoples_names_for_this_machine_are_refused() {
        let check = |host: &str, expect: bool| {
            let request =
                http::Request::get("/").header("host", host).body(stack_builder_local_core::Body::empty());
            assert_eq!(addressed_to_this_machine(&request.expect("a request")), expect, "{host}");
        };
        for host in ["127.0.0.1:4000", "localhost:1", "localhost", "a.localhost:4", "[::1]:4"] {
            check(host, true);
        }
        for host in ["evil.example:4000", "127.0.0.1.evil.example", "", "localhost.evil.example", "x:y:4000"]
        {
            check(host, false);
        }
    }

    #[tokio::test]
    async fn ports_stay_with_their_hosts() {
        let doors = Doors::new(0, false);
        doors.take(&["a".to_owned(), "b".to_owned()]).expect("ports");
        let (a, b) = (doors.url("a"), doors.url("b"));
        assert_ne!(a, b);
        doors.take(&["b".to_owned(), "c".to_owned()]).expect("ports");
        assert_eq!((doors.url("a"), doors.url("b")), (None, b));
        assert!(doors.url("c").is_some());
    }

    #[tokio::test]
    async fn a_port_that_cannot_be_had_leaves_all_as_it_was() {
        let hosts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let somebody = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let taken = somebody.local_addr().expect("an address").port();
        // The port before it may be anybody's; then this cannot be tried.
        if std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, taken - 1)).is_err() {
            return;
        }
        let doors = Doors::new(taken - 1, false);
        doors.take(&hosts(&["a"])).expect("a port");
        let a = doors.url("a");
        let error = doors.take(&hosts(&["b"])).expect_err("somebody has it").to_string();
        assert!(error.contains(&format!("127.0.0.1:{taken}")), "{error}");
        assert_eq!((doors.url("a"), doors.url("b")), (a, None));
        let last = Doors::new(u16::MAX, false);
        assert!(last.take(&hosts(&["a", "b"])).is_err());
    }
}
