//! Bodies on their way to a file: written and hashed in batches, never whole in memory.

use crate::error::bad;
use crate::store::file::Temporary;
use crate::store::sum::{Expected, Hasher};
use crate::store::{Algorithm, Sum};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use http::HeaderMap;
use s3s::crypto::{Checksum as _, Md5};
use s3s::{S3Error, S3Result, StdError, s3_error};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;

/// Bytes that are gathered before they are written; a body that is shorter is written without leaving the thread.
const BATCH: usize = 128 * 1024;

/// A body under way.
struct Spool {
    temporary: Temporary,
    file: File,
    size: u64,
    md5: Md5,
    sum: Hasher,
    algorithm: Algorithm,
}

/// A body that has arrived.
#[derive(Debug)]
pub(crate) struct Spooled {
    pub(crate) temporary: Temporary,
    pub(crate) file: File,
    pub(crate) size: u64,
    pub(crate) md5: [u8; 16],
    pub(crate) sum: Sum,
}

impl Spool {
    fn create(path: PathBuf, algorithm: Algorithm) -> io::Result<Self> {
        let (temporary, file) = Temporary::create(path)?;
        let (md5, sum) = (Md5::new(), Hasher::new(algorithm));
        Ok(Self { temporary, file, size: 0, md5, sum, algorithm })
    }

    fn write(&mut self, data: &[u8]) -> io::Result<()> {
        self.file.write_all(data)?;
        self.md5.update(data);
        self.sum.update(data);
        self.size += data.len() as u64;
        Ok(())
    }

    fn finish(self) -> Spooled {
        let sum = Sum { algorithm: self.algorithm, value: self.sum.finish(), composite: false };
        let md5 = self.md5.finalize();
        Spooled { temporary: self.temporary, file: self.file, size: self.size, md5, sum }
    }
}

impl Spooled {
    /// MD5 in hexadecimal digits.
    pub(crate) fn etag(&self) -> String {
        hex(&self.md5)
    }

    /// Compares with what the request said of its body.
    pub(crate) fn verify(&self, expected: &Expected, trailer: Option<&HeaderMap>) -> S3Result<()> {
        if let Some(md5) = &expected.md5 {
            let md5 = STANDARD.decode(md5).ok().filter(|md5| md5.len() == 16);
            let md5 =
                md5.ok_or_else(|| s3_error!(InvalidDigest, "The Content-MD5 you specified is not valid."))?;
            if md5 != self.md5 {
                return Err(s3_error!(
                    BadDigest,
                    "The Content-MD5 you specified did not match what we received."
                ));
            }
        }
        let name = self.sum.algorithm.header();
        let late = || trailer?.get(name)?.to_str().ok();
        match expected.value.as_deref().or_else(late) {
            Some(value) if value != self.sum.value => Err(s3_error!(
                BadDigest,
                "The {} you specified did not match the calculated checksum.",
                self.sum.algorithm.name()
            )),
            _ => Ok(()),
        }
    }
}

/// Writes a body to `path`; not one byte more than `limit`.
pub(crate) async fn receive<S>(path: PathBuf, body: S, limit: u64, algorithm: Algorithm) -> S3Result<Spooled>
where
    S: Stream<Item = Result<Bytes, StdError>>,
{
    let mut body = std::pin::pin!(body);
    let mut spool = Spool::create(path, algorithm).map_err(refused)?;
    let mut batch = BytesMut::new();
    while let Some(data) = body.next().await {
        let data = data.map_err(broken)?;
        if spool.size + (batch.len() + data.len()) as u64 > limit {
            return Err(too_large());
        }
        if batch.capacity() < batch.len() + data.len() {
            // Once, instead of doubling: many uploads may be under way.
            batch.reserve((BATCH + data.len()).saturating_sub(batch.len()));
        }
        batch.extend_from_slice(&data);
        if batch.len() >= BATCH {
            (spool, batch) = blocking(move || write_batch(spool, batch)).await?;
        }
    }
    spool.write(&batch).map_err(refused)?;
    Ok(spool.finish())
}

fn write_batch(mut spool: Spool, mut batch: BytesMut) -> io::Result<(Spool, BytesMut)> {
    spool.write(&batch)?;
    batch.clear();
    Ok((spool, batch))
}

/// Copies from another file.
pub(crate) async fn copy(
    path: PathBuf,
    from: impl Read + Send + 'static,
    algorithm: Algorithm,
) -> S3Result<Spooled> {
    blocking(move || copy_all(path, from, algorithm)).await
}

fn copy_all(path: PathBuf, mut from: impl Read, algorithm: Algorithm) -> io::Result<Spooled> {
    let mut spool = Spool::create(path, algorithm)?;
    let mut buffer = vec![0; BATCH];
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(spool.finish()),
            read => spool.write(&buffer[..read])?,
        }
    }
}

/// Runs what may wait for the disk where waiting is no harm.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> S3Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| refused(io::Error::other(error)))?
        .map_err(refused)
}

/// What the file system refused.
pub(crate) fn refused(error: io::Error) -> S3Error {
    s3_error!(error, InternalError, "We encountered an internal error. Please try again.")
}

pub(crate) fn too_large() -> S3Error {
    s3_error!(EntityTooLarge, "Your proposed upload exceeds the maximum allowed size")
}

/// Why a body broke off, by what `s3s` says of it.
fn broken(error: StdError) -> S3Error {
    let text = error.to_string();
    if text.contains("Sha256Mismatch") {
        let message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
        return bad("XAmzContentSHA256Mismatch", message);
    }
    if text.contains("SignatureMismatch") {
        return s3_error!(
            SignatureDoesNotMatch,
            "The request signature we calculated does not match the signature you provided. Check your key and signing method."
        );
    }
    s3_error!(
        IncompleteBody,
        "You did not provide the number of bytes specified by the Content-Length HTTP header."
    )
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;

    #[tokio::test]
    async fn a_body_ends_at_the_limit_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let endless = || stream::repeat_with(|| Ok(Bytes::from_static(&[7; 10_000])));
        let result = receive(folder.path().join("a"), endless(), 1_000_000, Algorithm::Crc32).await;
        assert_eq!(result.unwrap_err().code().as_str(), "EntityTooLarge");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let body = endless().take(100);
        let spooled = receive(folder.path().join("a"), body, 1_000_000, Algorithm::Crc32).await.unwrap();
        assert_eq!(spooled.size, 1_000_000);
        assert_eq!(spooled.etag(), hex(&Md5::checksum(&vec![7; 1_000_000])));
    }

    #[tokio::test]
    async fn digests_are_compared() {
        let folder = tempfile::tempdir().unwrap();
        let body = stream::iter([Ok(Bytes::from_static(b"hello"))]);
        let spooled = receive(folder.path().join("a"), body, 9, Algorithm::Crc32).await.unwrap();
        let right = Expected { algorithm: Algorithm::Crc32, value: Some("NhCmhg==".into()), md5: None };
        spooled.verify(&right, None).unwrap();
        let wrong = Expected { value: Some("AAAAAA==".into()), ..right.clone() };
        assert_eq!(spooled.verify(&wrong, None).unwrap_err().code().as_str(), "BadDigest");
        let trailer =
            HeaderMap::from_iter([("x-amz-checksum-crc32".parse().unwrap(), "AA==".parse().unwrap())]);
        let late = Expected { value: None, ..right.clone() };
        assert!(spooled.verify(&late, Some(&trailer)).is_err());
        let md5 = |text: &str| Expected { md5: Some(text.into()), ..right.clone() };
        spooled.verify(&md5("XUFAKrxLKna5cZ2REBfFkg=="), None).unwrap();
        assert_eq!(spooled.verify(&md5("nonsense"), None).unwrap_err().code().as_str(), "InvalidDigest");
    }
}
