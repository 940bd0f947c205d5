//! A small HTTP/1.1 server on the loopback interface, for what a test plays itself.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// A request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The path, with the query.
    pub path: String,
    /// The body, as text.
    pub body: String,
}

/// An answer, with JSON for a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers beside length and type.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

/// Serves every connection on a thread of its own, until the test ends; gives the address (`127.0.0.1:port`).
///
/// # Panics
/// When no port is free.
pub fn serve(handler: Arc<dyn Fn(Asked) -> Answer + Send + Sync>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("its address").to_string();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let handler = Arc::clone(&handler);
            thread::spawn(move || while exchange(&stream, &*handler).is_some() {});
        }
    });
    address
}

/// One request and its answer; none when the connection is over.
fn exchange(stream: &TcpStream, handler: &dyn Fn(Asked) -> Answer) -> Option<()> {
    let asked = read(stream)?;
    let Answer { status, headers, body } = handler(asked);
    let headers: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let (length, headers) = (body.len(), headers.concat());
    let head =
        format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n");
    let mut stream = stream;
    // In one piece, so that no measured answer waits for an acknowledgement.
    stream.write_all(format!("{head}{headers}\r\n{body}").as_bytes()).ok()
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let header = header.trim().to_lowercase();
        if header.is_empty() {
            break;
        }
        length = header
            .strip_prefix("content-length:")
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(length);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { path, body: String::from_utf8_lossy(&body).into_owned() })
}
