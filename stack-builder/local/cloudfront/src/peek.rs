//! Reading bodies that others want to read as well.

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, stream};
use http_body::Body as _;
use http_body_util::BodyExt;
use stack_builder_local_core::Body;

/// What is known of a body after reading up to a limit.
pub(crate) enum Peeked {
    /// It ended within the limit.
    Whole(Bytes),
    /// It is longer: its start, and all of it again.
    Longer(Bytes, Body),
    /// Its sender went away.
    Broken,
}

/// Reads up to `limit` bytes.
pub(crate) async fn peek(mut body: Body, limit: usize) -> Peeked {
    let mut read = BytesMut::new();
    let mut only: Option<Bytes> = None;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Peeked::Broken };
        let Ok(data) = frame.into_data() else { continue };
        if data.is_empty() {
            continue;
        }
        // One piece is passed on as it is, which most bodies are.
        match only.take() {
            None if read.is_empty() => only = Some(data),
            None => read.extend_from_slice(&data),
            Some(first) => {
                read.extend_from_slice(&first);
                read.extend_from_slice(&data);
            }
        }
        if only.as_ref().map_or(read.len(), Bytes::len) > limit {
            let start = only.unwrap_or_else(|| read.freeze());
            return Peeked::Longer(start.slice(..limit), joined(start, body));
        }
    }
    Peeked::Whole(only.unwrap_or_else(|| read.freeze()))
}

/// Passes a body on, and gives `done` all of it in the end, unless it is longer than `limit` or breaks off.
pub(crate) fn tee(body: Body, limit: usize, done: impl FnOnce(Bytes) + Send + 'static) -> Body {
    let state = (body.into_data_stream(), BytesMut::new(), Some(done));
    Body::from_stream(stream::unfold(state, move |(mut body, mut seen, mut done)| async move {
        let Some(piece) = body.next().await else {
            if let Some(done) = done {
                done(seen.freeze());
            }
            return None;
        };
        match &piece {
            Ok(data) if done.is_some() && seen.len() + data.len() <= limit => seen.extend_from_slice(data),
            _ => (done, seen) = (None, BytesMut::new()),
        }
        Some((piece, (body, seen, done)))
    }))
}

/// Bytes of a body, when that is known beforehand.
pub(crate) fn size(body: &Body) -> Option<usize> {
    body.size_hint().exact().and_then(|size| usize::try_from(size).ok())
}

fn joined(start: Bytes, rest: Body) -> Body {
    let start = stream::once(std::future::ready(Ok(start)));
    Body::from_stream(start.chain(rest.into_data_stream()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use stack_builder_local_core::collect;

    #[tokio::test]
    async fn a_body_that_is_passed_on_is_kept_when_it_is_whole_and_short() {
        let table = [("ab cd", 4, Some("abcd")), ("ab cd", 3, None), ("ab !", 9, None)];
        for (pieces, limit, expect) in table {
            let piece = |text| if text == "!" { Err(std::io::Error::other("gone")) } else { Ok(text) };
            let pieces: Vec<_> = pieces.split(' ').map(piece).collect();
            let (sender, kept) = std::sync::mpsc::channel();
            let body = tee(Body::from_stream(stream::iter(pieces)), limit, move |all| drop(sender.send(all)));
            let _ = collect(body, 99).await;
            assert_eq!(kept.try_recv().ok().as_deref(), expect.map(str::as_bytes));
        }
    }

    #[tokio::test]
    async fn nothing_is_lost() {
        let chunks = || Body::from_stream(stream::iter(["ab", "", "cd", "ef"].map(Ok::<_, std::io::Error>)));
        let Peeked::Whole(all) = peek(chunks(), 6).await else { panic!("whole") };
        assert_eq!(all, "abcdef");
        let Peeked::Longer(start, all) = peek(chunks(), 3).await else { panic!("longer") };
        assert_eq!((start, collect(all, 9).await), (Bytes::from("abc"), Ok(Bytes::from("abcdef"))));
    }
}
