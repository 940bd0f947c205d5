//! Compression of what is kept.
//!
//! Gzip only: brotli would need an encoder several times as large, and every browser takes gzip as well.

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue, header};
use std::io::Write;

/// Sizes between which CloudFront compresses.
const SIZES: std::ops::RangeInclusive<usize> = 1_000..=10_000_000;
/// From this size on, compression is done beside the threads that answer requests.
const LONG: usize = 64 * 1024;

/// Kinds of content that are compressed, beside some of `font/` and `text/`.
/// See <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html>.
const KINDS: [&str; 39] = [
    "application/dash+xml",
    "application/eot",
    "application/font",
    "application/font-sfnt",
    "application/javascript",
    "application/json",
    "application/opentype",
    "application/otf",
    "application/pdf",
    "application/pkcs7-mime",
    "application/protobuf",
    "application/rss+xml",
    "application/truetype",
    "application/ttf",
    "application/vnd.apple.mpegurl",
    "application/vnd.mapbox-vector-tile",
    "application/vnd.ms-fontobject",
    "application/wasm",
    "application/xhtml+xml",
    "application/xml",
    "application/x-font-opentype",
    "application/x-font-truetype",
    "application/x-font-ttf",
    "application/x-httpd-cgi",
    "application/x-javascript",
    "application/x-mpegurl",
    "application/x-opentype",
    "application/x-otf",
    "application/x-perl",
    "application/x-ttf",
    "font/eot",
    "font/opentype",
    "font/otf",
    "font/ttf",
    "image/svg+xml",
    "text/css",
    "text/csv",
    "text/html",
    "text/javascript",
];
const TEXTS: [&str; 9] = [
    "text/js",
    "text/plain",
    "text/richtext",
    "text/tab-separated-values",
    "text/x-component",
    "text/x-java-source",
    "text/x-script",
    "text/xml",
    "vnd.apple.mpegurl",
];

/// Whether an answer of this size is compressed.
pub(crate) fn worth(status: u16, headers: &HeaderMap, size: usize) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let kept_as_is = headers
        .get_all(header::CACHE_CONTROL)
        .iter()
        .any(|value| value.to_str().is_ok_and(|value| value.to_ascii_lowercase().contains("no-transform")));
    matches!(status, 200 | 403 | 404)
        && SIZES.contains(&size)
        && !headers.contains_key(header::CONTENT_ENCODING)
        && !kept_as_is
        && (KINDS.contains(&kind.as_str()) || TEXTS.contains(&kind.as_str()))
}

/// Compresses a body and says so in its headers; leaves both as they are when that fails.
pub(crate) async fn compress(headers: &mut HeaderMap, body: Bytes) -> Bytes {
    let small = if body.len() < LONG {
        gzip(&body)
    } else {
        let body = body.clone();
        tokio::task::spawn_blocking(move || gzip(&body)).await.ok().flatten()
    };
    let Some(small) = small else { return body };
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.remove(header::CONTENT_LENGTH);
    let tag = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
    let weak = tag.filter(|tag| tag.starts_with('"')).map(|tag| HeaderValue::from_str(&format!("W/{tag}")));
    if let Some(Ok(weak)) = weak {
        headers.insert(header::ETAG, weak);
    }
    small
}

fn gzip(body: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 3), Compression::new(5));
    encoder.write_all(body).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (http::HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn only_what_gains_is_compressed() {
        let html = ("content-type", "text/html; charset=utf-8");
        let table: [(&[_], usize, bool); 6] = [
            (&[html], 1_000, true),
            (&[html], 999, false),
            (&[html], 10_000_001, false),
            (&[html, ("content-encoding", "br")], 5_000, false),
            (&[html, ("cache-control", "public, No-Transform")], 5_000, false),
            (&[("content-type", "image/png")], 5_000, false),
        ];
        for (pairs, size, expect) in table {
            assert_eq!(worth(200, &headers(pairs), size), expect, "{pairs:?} {size}");
        }
        assert!(!worth(206, &headers(&[html]), 5_000));
    }

    #[tokio::test]
    async fn a_compressed_body_is_the_same_and_its_tag_weak() {
        for size in [2_000, 200_000] {
            let body = Bytes::from(vec![b'a'; size]);
            let mut headers = headers(&[("etag", "\"x\""), ("content-length", "2000")]);
            let small = compress(&mut headers, body.clone()).await;
            let mut back = Vec::new();
            flate2::read::GzDecoder::new(&small[..]).read_to_end(&mut back).unwrap();
            assert!(back == body && small.len() < size / 10);
            assert_eq!(headers["etag"], "W/\"x\"");
            assert!(!headers.contains_key("content-length"));
        }
    }
}
