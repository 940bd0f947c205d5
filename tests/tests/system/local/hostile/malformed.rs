//! What is no HTTP, or HTTP that two readers may read differently, at every kind of port.

use super::raw::{doors, exchange, get, status, unharmed};
use crate::local::shared::local;

/// Request lines and headers that nobody may take for a request; `HOST` is the port's own, `CLOSE` ends the head.
const REFUSED: &[&str] = &[
    "\0\u{1}\u{2}\r\n\r\n",
    "GET /\r\n\r\n",
    "GET / HTTP/9.9\r\nHOSTCLOSE",
    "GET / HTTP/1.1\r\nCLOSE",
    "GET / HTTP/1.1\r\nHost: evil.example\r\nCLOSE",
    "GET / HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\nCLOSE",
    "GET / HTTP/1.1\r\nHOSTHost: evil.example\r\nCLOSE",
    "GET / HTTP/1.1\r\nHOSTHOSTCLOSE",
    "GET http://evil.example/ HTTP/1.1\r\nHOSTCLOSE",
    "GET http://127.0.0.1@evil.example/ HTTP/1.1\r\nHOSTCLOSE",
    "GET http://evil.example@127.0.0.1/ HTTP/1.1\r\nHOSTCLOSE",
    "CONNECT evil.example:443 HTTP/1.1\r\nHOSTCLOSE",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "GET /\0 HTTP/1.1\r\nHOSTCLOSE",
    "GET /\r/ HTTP/1.1\r\nHOSTCLOSE",
    "GET / HTTP/1.1\r\nHOSTX : space before the colon\r\nCLOSE",
    "GET / HTTP/1.1\r\nHOSTX: folded\r\n over two lines\r\nCLOSE",
    "GET / HTTP/1.1\r\nHOSTX: nu\0l\r\nCLOSE",
    "GET / HTTP/1.1\r\nHOSTX: a\rY: b\r\nCLOSE",
    "POST / HTTP/1.1\r\nHOSTContent-Length: 4\r\nContent-Length: 5\r\nCLOSEabcde",
    "POST / HTTP/1.1\r\nHOSTContent-Length: 4, 5\r\nCLOSEabcde",
    "POST / HTTP/1.1\r\nHOSTContent-Length: -1\r\nCLOSE",
    "POST / HTTP/1.1\r\nHOSTContent-Length: +4\r\nCLOSEabcd",
    "POST / HTTP/1.1\r\nHOSTContent-Length: 99999999999999999999999\r\nCLOSE",
    "POST / HTTP/1.1\r\nHOSTContent-Length: 18446744073709551615\r\nCLOSE",
    "POST / HTTP/1.1\r\nHOSTTransfer-Encoding: gzip\r\nCLOSEabcd",
    "POST / HTTP/1.1\r\nHOSTTransfer-Encoding: chunked, identity\r\nCLOSE0\r\n\r\n",
    "POST / HTTP/1.1\r\nHOSTTransfer-Encoding: xchunked\r\nCLOSE0\r\n\r\n",
    "POST / HTTP/1.1\r\nHOSTTransfer-Encoding : chunked\r\nCLOSE0\r\n\r\n",
    "POST / HTTP/1.0\r\nHOSTTransfer-Encoding: chunked\r\nCLOSE0\r\n\r\n",
];

/// Requests that a front and a server behind it may cut at different places: each must have one answer, and the end.
const ONCE: &[&str] = &[
    "POST / HTTP/1.1\r\nHOSTContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /b HTTP/1.1\r\nHOST\r\n",
    "POST / HTTP/1.1\r\nHOSTTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\nGET /b HTTP/1.1\r\nHOST\r\n",
    "POST / HTTP/1.1\r\nHOSTTransfer-Encoding: chunked\r\nCLOSE1ffffffffffffffff\r\nabc\r\n",
    "POST / HTTP/1.1\r\nHOSTTransfer-Encoding: chunked\r\nCLOSEzz\r\nabc\r\n0\r\n\r\n",
    "POST / HTTP/1.1\r\nHOSTContent-Length: 4\r\nExpect: 200-nothing\r\nCLOSEabcd",
    "GET / HTTP/1.1\r\nHOSTUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nCLOSE",
    "GET / HTTP/1.1\r\nHOSTUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nCLOSE",
    "GET /%zz%1?%%%=%e0%80 HTTP/1.1\r\nHOSTCLOSE",
    "GET /%00%0d%0aX:y HTTP/1.1\r\nHOSTCLOSE",
    "GET /?redirect_uri=%0d%0aSet-Cookie:a=b&client_id=x HTTP/1.1\r\nHOSTCLOSE",
    "TRACE / HTTP/1.1\r\nHOSTCLOSE",
    "OPTIONS * HTTP/1.1\r\nHOSTCLOSE",
];

/// Ways out of a folder.
const TRAVERSAL: &[&str] = &[
    "/../../../../etc/passwd",
    "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/%252e%252e%252f%252e%252e%252fetc%252fpasswd",
    "/....//....//....//etc/passwd",
    "/..\\..\\..\\etc\\passwd",
    "/%5c..%5c..%5c..%5cetc%5cpasswd",
    "/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
    "//etc/passwd",
    "/%2fetc%2fpasswd",
    "/.%00./etc/passwd",
    "/_stack-builder/../../../../etc/passwd",
    "/_stack-builder/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/assets/../../../../etc/passwd",
];

fn filled(request: &str, address: &str) -> Vec<u8> {
    let host = format!("Host: {address}\r\n");
    request.replace("HOST", &host).replace("CLOSE", "Connection: close\r\n\r\n").into_bytes()
}

#[test]
fn nobody_takes_it_for_a_request() {
    let local = local();
    for (name, address) in doors(&local) {
        for request in REFUSED {
            let answer = exchange(&address, &filled(request, &address));
            let refused = answer.is_empty() || (400..500).contains(&status(&answer));
            assert!(refused && answer.matches("HTTP/1.").count() <= 1, "{name} took {request:?}: {answer}");
        }
    }
    unharmed(&local);
}

#[test]
fn one_request_has_one_answer() {
    let local = local();
    for (name, address) in doors(&local) {
        for request in ONCE {
            let answer = exchange(&address, &filled(request, &address));
            assert!((200..=501).contains(&status(&answer)), "{name} on {request:?}: {answer}");
            assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{name} on {request:?}: {answer}");
            assert!(
                !answer.to_lowercase().contains("\r\nset-cookie: a=b"),
                "{name} on {request:?}: {answer}"
            );
        }
    }
    unharmed(&local);
}

#[test]
fn heads_that_are_too_much_are_refused() {
    let local = local();
    let lines: Vec<_> = (0..10_000).map(|number| format!("X{number}: a\r\n")).collect();
    let lines = lines.concat();
    let (long, wide) = ("a".repeat(200_000), "a".repeat(1_000_000));
    for (name, address) in doors(&local) {
        for head in [
            format!("/{long} HTTP/1.1"),
            format!("/ HTTP/1.1\r\nX: {wide}"),
            format!("/ HTTP/1.1\r\n{lines}Y: b"),
        ] {
            let answer = exchange(&address, format!("GET {head}\r\nHost: {address}\r\n\r\n").as_bytes());
            // The rest of what was sent may cut the answer off.
            assert!(answer.is_empty() || [414, 431].contains(&status(&answer)), "{name}: {answer}");
        }
    }
    unharmed(&local);
}

#[test]
fn no_path_leads_out_of_its_folder() {
    let local = local();
    for (name, address) in doors(&local) {
        for path in TRAVERSAL {
            let answer = exchange(&address, &get(&address, path));
            assert!((300..500).contains(&status(&answer)), "{name} on {path}: {answer}");
            assert!(!answer.contains("root:"), "{name} on {path}: {answer}");
        }
    }
    unharmed(&local);
}
