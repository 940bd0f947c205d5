//! Reading the start of a body without losing it.

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, stream};
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

fn joined(start: Bytes, rest: Body) -> Body {
    let start = stream::once(std::future::ready(Ok(start)));
    Body::from_stream(start.chain(rest.into_data_stream()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use stack_builder_local_core::collect;

    #[tokio::test]
    async fn nothing_is_lost() {
        let chunks = || Body::from_stream(stream::iter(["ab", "", "cd", "ef"].map(Ok::<_, std::io::Error>)));
        let Peeked::Whole(all) = peek(chunks(), 6).await else { panic!("whole") };
        assert_eq!(all, "abcdef");
        let Peeked::Longer(start, all) = peek(chunks(), 3).await else { panic!("longer") };
        assert_eq!((start, collect(all, 9).await), (Bytes::from("abc"), Ok(Bytes::from("abcdef"))));
    }
}
