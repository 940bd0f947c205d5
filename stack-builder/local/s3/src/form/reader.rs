//! `multipart/form-data` as it arrives (RFC 7578): small fields first, then a file of any size.

use super::head::{Part, boundary, part};
use crate::error::bad;
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};
use http::HeaderMap;
use memchr::memmem;
use s3s::{S3Error, S3Result, StdError, s3_error};
use stack_builder_local_core::Body;

/// All fields together, their heads too; S3 allows 20 KB of values.
const MOST_FIELDS: usize = 64 * 1024;
/// What is read and thrown away after an answer is certain.
const MOST_DRAINED: usize = 4 << 20;

/// Reads the parts of a form in their order.
pub(crate) struct Reader {
    body: axum::body::BodyDataStream,
    buffer: BytesMut,
    /// What stands between parts: end of line, two hyphens, the boundary.
    delimiter: Vec<u8>,
    /// Bytes of fields so far.
    fields: usize,
    /// Whether the body has ended.
    over: bool,
    /// Whether the delimiter after the part at hand has been passed.
    at_delimiter: bool,
}

impl Reader {
    pub(crate) fn new(headers: &HeaderMap, body: Body) -> S3Result<Self> {
        let boundary = boundary(headers).ok_or_else(malformed)?;
        let delimiter = format!("\r\n--{boundary}").into_bytes();
        // The first delimiter needs no end of line before it.
        let buffer = BytesMut::from(&b"\r\n"[..]);
        let body = body.into_data_stream();
        Ok(Self { body, buffer, delimiter, fields: 0, over: false, at_delimiter: false })
    }

    /// The head of the next part; `None` at the end of the form.
    pub(crate) async fn next_part(&mut self) -> S3Result<Option<Part>> {
        if !self.at_delimiter {
            self.until(&self.delimiter.clone()).await?;
        }
        self.at_delimiter = false;
        let end_of_line = self.until(b"\r\n").await?;
        if end_of_line.starts_with(b"--") {
            return Ok(None);
        }
        // Given back, for a head of no lines.
        let rest = self.buffer.split();
        self.buffer.extend_from_slice(b"\r\n");
        self.buffer.unsplit(rest);
        let head = self.until(b"\r\n\r\n").await?;
        part(&head).map(Some)
    }

    /// The text of a field.
    pub(crate) async fn text(&mut self) -> S3Result<String> {
        let value = self.until(&self.delimiter.clone()).await?;
        self.at_delimiter = true;
        String::from_utf8(value.to_vec()).map_err(|_| malformed())
    }

    /// The bytes of a file.
    pub(crate) fn file(&mut self) -> impl Stream<Item = Result<Bytes, StdError>> + '_ {
        stream::try_unfold(self, |reader| async move {
            let data = reader.file_data().await.map_err(|error| Box::new(error) as StdError)?;
            Ok(data.map(|data| (data, reader)))
        })
    }

    async fn file_data(&mut self) -> S3Result<Option<Bytes>> {
        while !self.at_delimiter {
            if let Some(place) = memmem::find(&self.buffer, &self.delimiter) {
                let data = self.buffer.split_to(place).freeze();
                let _ = self.buffer.split_to(self.delimiter.len());
                self.at_delimiter = true;
                return Ok(Some(data));
            }
            // The end may be the beginning of the delimiter.
            let sure = self.buffer.len().saturating_sub(self.delimiter.len() - 1);
            if sure > 0 {
                return Ok(Some(self.buffer.split_to(sure).freeze()));
            }
            self.fill().await?;
        }
        Ok(None)
    }

    /// Everything before a pattern, which is passed.
    async fn until(&mut self, pattern: &[u8]) -> S3Result<Bytes> {
        loop {
            if let Some(place) = memmem::find(&self.buffer, pattern) {
                let before = self.buffer.split_to(place).freeze();
                let _ = self.buffer.split_to(pattern.len());
                self.fields += before.len();
                return if self.fields > MOST_FIELDS { Err(too_long()) } else { Ok(before) };
            }
            if self.fields + self.buffer.len() > MOST_FIELDS + self.delimiter.len() {
                return Err(too_long());
            }
            self.fill().await?;
        }
    }

    async fn fill(&mut self) -> S3Result<()> {
        if let Some(Ok(data)) = self.body.next().await {
            self.buffer.extend_from_slice(&data);
            return Ok(());
        }
        self.over = true;
        Err(malformed())
    }

    /// Reads what is left, up to a limit.
    pub(crate) async fn drain(&mut self) {
        let mut left = MOST_DRAINED;
        while !self.over
            && left > 0
            && let Some(Ok(data)) = self.body.next().await
        {
            left = left.saturating_sub(data.len());
        }
    }
}

pub(super) fn malformed() -> S3Error {
    s3_error!(MalformedPOSTRequest, "The body of your POST request is not well-formed multipart/form-data.")
}

fn too_long() -> S3Error {
    bad(
        "MaxPostPreDataLengthExceededError",
        "Your POST request fields preceding the upload file were too large.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::CONTENT_TYPE;

    fn reader(body: &str, chunk: usize) -> Reader {
        let kind = "multipart/form-data; boundary=\"xyz\"".parse().unwrap();
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, kind)]);
        let chunks: Vec<_> = body.as_bytes().chunks(chunk).map(Bytes::copy_from_slice).collect();
        Reader::new(&headers, Body::from_stream(stream::iter(chunks.into_iter().map(Ok::<_, StdError>))))
            .unwrap()
    }

    #[tokio::test]
    async fn fields_and_file_are_read_however_the_body_is_cut() {
        let body = "--xyz\r\nContent-Disposition: form-data; name=\"Key\"\r\n\r\na;b\r\n\
                    --xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\x\\\\\"y.txt\"\r\n\
                    Content-Type: text/plain\r\n\r\n\r\n--xy\r\n--xy\r\nend\r\n\r\n--xyz--\r\n";
        for chunk in 1..40 {
            let mut reader = reader(body, chunk);
            assert_eq!(reader.next_part().await.unwrap().unwrap().name, "key");
            assert_eq!(reader.text().await.unwrap(), "a;b");
            let file = reader.next_part().await.unwrap().unwrap();
            assert_eq!((file.name.as_str(), file.content_type.as_deref()), ("file", Some("text/plain")));
            let data: Vec<Bytes> = reader.file().map(Result::unwrap).collect().await;
            assert_eq!(data.concat(), b"\r\n--xy\r\n--xy\r\nend\r\n");
            assert!(reader.next_part().await.unwrap().is_none());
        }
    }

    #[tokio::test]
    async fn a_form_that_breaks_off_or_never_comes_to_the_file_is_refused() {
        let head = "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";
        let mut short = reader(head, 9);
        short.next_part().await.unwrap();
        assert_eq!(short.text().await.unwrap_err().code().as_str(), "MalformedPOSTRequest");
        let endless = format!("{head}{}", "x".repeat(1 << 20));
        let mut endless = reader(&endless, 1000);
        endless.next_part().await.unwrap();
        assert_eq!(endless.text().await.unwrap_err().code().as_str(), "MaxPostPreDataLengthExceededError");
        assert!(endless.buffer.len() < 2 * MOST_FIELDS);
    }
}
