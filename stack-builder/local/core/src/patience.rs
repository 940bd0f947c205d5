//! How long a client may say nothing: bodies that stop arriving, and answers that nobody takes.

use axum::body::HttpBody;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Frame, Incoming, SizeHint};
use std::future::Future as _;
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// Runs while the other side lets us wait.
#[derive(Debug)]
struct Wait {
    longest: Duration,
    since: Option<Pin<Box<Sleep>>>,
}

impl Wait {
    fn new(longest: Duration) -> Self {
        Self { longest, since: None }
    }

    /// Passes on what came; `None` when nothing came for too long.
    fn watch<T>(&mut self, cx: &mut Context<'_>, polled: Poll<T>) -> Poll<Option<T>> {
        if let Poll::Ready(value) = polled {
            self.since = None;
            return Poll::Ready(Some(value));
        }
        let longest = self.longest;
        ready!(self.since.get_or_insert_with(|| Box::pin(sleep(longest))).as_mut().poll(cx));
        self.since = None;
        Poll::Ready(None)
    }
}

fn too_long() -> Error {
    Error::new(ErrorKind::TimedOut, "the client said nothing for too long")
}

/// A body that breaks off when nothing of it arrives for `longest`.
pub(crate) fn arriving(body: Incoming, longest: Duration) -> crate::Body {
    // Most requests have none, and nothing to wait for.
    if body.is_end_stream() {
        return crate::Body::empty();
    }
    crate::Body::new(Arriving { body: body.map_err(Error::other).boxed_unsync(), wait: Wait::new(longest) })
}

struct Arriving {
    body: http_body_util::combinators::UnsyncBoxBody<Bytes, Error>,
    wait: Wait,
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.body).poll_frame(cx);
        Poll::Ready(ready!(this.wait.watch(cx, polled)).unwrap_or_else(|| Some(Err(too_long()))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A connection that fails when the client takes nothing for a time.
#[derive(Debug)]
pub(crate) struct Taken<S> {
    stream: S,
    wait: Wait,
}

impl<S> Taken<S> {
    pub(crate) fn new(stream: S, longest: Duration) -> Self {
        Self { stream, wait: Wait::new(longest) }
    }

    fn watch<T>(&mut self, cx: &mut Context<'_>, polled: Poll<Result<T>>) -> Poll<Result<T>> {
        Poll::Ready(ready!(self.wait.watch(cx, polled)).unwrap_or_else(|| Err(too_long())))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Taken<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(cx, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Taken<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write(cx, data);
        this.watch(cx, polled)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write_vectored(cx, data);
        this.watch(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_flush(cx);
        this.watch(cx, polled)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_shutdown(cx);
        this.watch(cx, polled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    #[tokio::test(start_paused = true)]
    async fn whoever_takes_nothing_is_left() {
        let (ours, mut theirs) = tokio::io::duplex(4);
        let mut ours = Taken::new(ours, Duration::from_secs(30));
        let taking = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(29)).await;
            let mut taken = [0; 8];
            theirs.read_exact(&mut taken).await.map(|_| theirs)
        });
        ours.write_all(b"slow, but").await.expect("it was taken in time");
        let _theirs = taking.await.expect("no panic").expect("bytes");
        let error = ours.write_all(b"nobody").await.expect_err("nobody takes it");
        assert_eq!(error.kind(), ErrorKind::TimedOut);
    }
}
