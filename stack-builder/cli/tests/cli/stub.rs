//! A server in AWS's place, for what a command says before anything is done, and for what no emulator does.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// Answers each request with the status and body that `answer` has for its head and body; returns the address.
pub(crate) fn serve(mut answer: impl FnMut(&str, &str) -> (&'static str, String) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let Some((head, body)) = read(&stream) else { continue };
            let (status, body) = answer(&head, &body);
            let length = body.len();
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all((head + &body).as_bytes());
        }
    });
    format!("http://{address}")
}

fn read(stream: &TcpStream) -> Option<(String, String)> {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        head += &line;
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((head, String::from_utf8_lossy(&body).into_owned()))
}

/// The field of a form, as the query APIs send it.
pub(crate) fn field<'a>(body: &'a str, name: &str) -> &'a str {
    let mut pairs = body.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(field, _)| *field == name).map_or("", |(_, value)| value)
}

/// That the account is 111122223333.
pub(crate) fn identity() -> (&'static str, String) {
    result("GetCallerIdentity", "<Account>111122223333</Account>")
}

/// The result of a query API's `action`.
pub(crate) fn result(action: &str, content: &str) -> (&'static str, String) {
    ("200 OK", format!("<{action}Response><{action}Result>{content}</{action}Result></{action}Response>"))
}
