//! An HTTP/1.1 client of one connection: small, so that what is measured is the server.

use anyhow::{Context as _, bail};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long any answer may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// A request that is sent over and over.
#[derive(Clone, Debug)]
pub(super) struct Request {
    authority: String,
    bytes: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) took: Duration,
}

/// A connection that is kept open.
#[derive(Debug)]
pub(super) struct Client(BufReader<TcpStream>);

impl Request {
    /// For a URL beginning with `http://`.
    pub(super) fn new(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Self {
        let rest = url.trim_start_matches("http://");
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let lines: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!(
            "{method} /{path} HTTP/1.1\r\nhost: {authority}\r\ncontent-length: {}\r\n{}\r\n{body}",
            body.len(),
            lines.concat()
        );
        Self { authority: authority.to_owned(), bytes: head.into_bytes() }
    }

    /// Sends it by a connection of its own.
    pub(super) fn once(&self) -> anyhow::Result<Answer> {
        Client::connect(self)?.send(self)
    }
}

impl Client {
    /// Connects to where `request` goes.
    pub(super) fn connect(request: &Request) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(&request.authority)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Sends it, and reads the whole answer.
    pub(super) fn send(&mut self, request: &Request) -> anyhow::Result<Answer> {
        let began = Instant::now();
        self.0.get_mut().write_all(&request.bytes)?;
        let line = self.line()?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.with_context(|| format!("no answer of HTTP: `{line}`"))?;
        let headers = self.headers()?;
        let body = self.body(&headers)?;
        Ok(Answer { status, headers, body, took: began.elapsed() })
    }

    fn line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        if self.0.read_line(&mut line)? == 0 {
            bail!("the connection was closed");
        }
        Ok(line.trim_end().to_owned())
    }

    fn headers(&mut self) -> anyhow::Result<Vec<(String, String)>> {
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { return Ok(headers) };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }

    fn body(&mut self, headers: &[(String, String)]) -> anyhow::Result<Vec<u8>> {
        let header = |wanted: &str| headers.iter().find(|(name, _)| name == wanted).map(|(_, v)| v.as_str());
        if header("transfer-encoding") == Some("chunked") {
            return self.chunks();
        }
        self.exactly(header("content-length").map_or(Ok(0), str::parse)?)
    }

    fn chunks(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut all = Vec::new();
        loop {
            let length = usize::from_str_radix(&self.line()?, 16)?;
            all.extend(self.exactly(length)?);
            self.line()?;
            if length == 0 {
                return Ok(all);
            }
        }
    }

    fn exactly(&mut self, length: usize) -> anyhow::Result<Vec<u8>> {
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        Ok(body)
    }
}

impl Answer {
    /// A header by its lower-case name.
    pub(super) fn header(&self, wanted: &str) -> Option<&str> {
        self.headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn answers_with_a_length_and_in_chunks_are_read_over_one_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/a?b", listener.local_addr().expect("its address"));
        let server = std::thread::spawn(move || {
            let mut stream = listener.accept().expect("a connection").0;
            let mut said = [0; 500];
            let length = stream.read(&mut said).expect("a request");
            stream.write_all(b"HTTP/1.1 201 Made\r\nContent-Length: 3\r\n\r\none").expect("sent");
            stream.read_exact(&mut [0; 10]).expect("another request");
            let chunked =
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n3\r\ntwo\r\n0\r\n\r\n";
            stream.write_all(chunked).expect("sent");
            String::from_utf8_lossy(&said[..length]).into_owned()
        });
        let request = Request::new("POST", &url, &[("x", "y")], "{}");
        let mut client = Client::connect(&request).expect("connected");
        let (one, two) = (client.send(&request).expect("one"), client.send(&request).expect("two"));
        assert_eq!((one.status, &*one.body), (201, &b"one"[..]));
        assert_eq!((two.status, &*two.body, two.header("x-a")), (200, &b"two"[..], Some("b")));
        let said = server.join().expect("served");
        assert!(said.starts_with("POST /a?b HTTP/1.1\r\n") && said.ends_with("\r\nx: y\r\n\r\n{}"), "{said}");
    }
}
