//! Requests that apply only when the object is, or is not, what the client thinks.

use crate::store::{Meta, timestamp};
use http::{HeaderMap, HeaderValue, StatusCode};
use s3s::dto::{ETag, ETagCondition, Timestamp};
use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};

/// The conditions of a request that reads.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reading<'a> {
    pub(crate) matches: Option<&'a ETagCondition>,
    pub(crate) differs: Option<&'a ETagCondition>,
    pub(crate) modified: Option<&'a Timestamp>,
    pub(crate) unmodified: Option<&'a Timestamp>,
}

/// What to do about an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Fine,
    NotModified,
    Failed,
}

impl Reading<'_> {
    /// Judged in the order of RFC 9110, 13.2.2, which is S3's too: an entity tag outweighs a date.
    fn judge(&self, meta: &Meta) -> Verdict {
        let is = |condition: &ETagCondition| same(condition, &meta.etag);
        let modified = timestamp(meta.modified);
        match (self.matches, self.unmodified) {
            (Some(condition), _) if !is(condition) => return Verdict::Failed,
            (None, Some(since)) if modified > *since => return Verdict::Failed,
            _ => {}
        }
        match (self.differs, self.modified) {
            (Some(condition), _) if is(condition) => Verdict::NotModified,
            (None, Some(since)) if modified <= *since => Verdict::NotModified,
            _ => Verdict::Fine,
        }
    }

    /// For `GET` and `HEAD`: what has not changed is answered so.
    pub(crate) fn check(&self, meta: &Meta) -> S3Result<()> {
        match self.judge(meta) {
            Verdict::Fine => Ok(()),
            Verdict::NotModified => Err(not_modified(meta)),
            Verdict::Failed => Err(failed()),
        }
    }

    /// For copies: what has not changed is a failure.
    pub(crate) fn check_source(&self, meta: &Meta) -> S3Result<()> {
        if self.judge(meta) == Verdict::Fine { Ok(()) } else { Err(failed()) }
    }
}

/// The conditions of a request that writes, judged against what is there.
pub(crate) fn check_write(
    matches: Option<&ETagCondition>,
    differs: Option<&ETagCondition>,
    there: Option<&Meta>,
) -> S3Result<()> {
    match (matches, there) {
        (Some(_), None) => return Err(s3_error!(NoSuchKey, "The specified key does not exist.")),
        (Some(condition), Some(meta)) if !same(condition, &meta.etag) => return Err(failed()),
        _ => {}
    }
    match (differs, there) {
        (Some(ETagCondition::Any), Some(_)) => Err(failed()),
        (Some(ETagCondition::ETag(_)), _) => Err(s3_error!(
            NotImplemented,
            "A header you provided implies functionality that is not implemented"
        )),
        _ => Ok(()),
    }
}

fn same(condition: &ETagCondition, etag: &str) -> bool {
    match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(other) => other.value() == etag,
    }
}

pub(crate) fn failed() -> S3Error {
    s3_error!(PreconditionFailed, "At least one of the pre-conditions you specified did not hold")
}

fn not_modified(meta: &Meta) -> S3Error {
    let mut error = S3Error::new(S3ErrorCode::Custom("NotModified".into()));
    error.set_status_code(StatusCode::NOT_MODIFIED);
    let mut headers = HeaderMap::new();
    if let Ok(etag) = ETag::Strong(meta.etag.clone()).to_http_header() {
        headers.insert("etag", etag);
    }
    let mut date = Vec::new();
    if timestamp(meta.modified).format(s3s::dto::TimestampFormat::HttpDate, &mut date).is_ok()
        && let Ok(date) = HeaderValue::from_bytes(&date)
    {
        headers.insert("last-modified", date);
    }
    if let Some(cache) = meta.described.cache_control.as_deref().and_then(|cache| cache.parse().ok()) {
        headers.insert("cache-control", cache);
    }
    error.set_headers(headers);
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    fn etag(text: &str) -> ETagCondition {
        ETagCondition::ETag(ETag::Strong(text.into()))
    }

    #[test]
    fn tags_outweigh_dates() {
        let meta = Meta { etag: "e".into(), modified: 100, ..Meta::default() };
        let (same, other) = (etag("e"), etag("f"));
        let (before, then) = (timestamp(99), timestamp(100));
        let none = Reading::default();
        let verdict = |reading: Reading<'_>| reading.judge(&meta);
        assert_eq!(verdict(none), Verdict::Fine);
        assert_eq!(verdict(Reading { matches: Some(&other), ..none }), Verdict::Failed);
        assert_eq!(
            verdict(Reading { matches: Some(&same), unmodified: Some(&before), ..none }),
            Verdict::Fine
        );
        assert_eq!(verdict(Reading { unmodified: Some(&before), ..none }), Verdict::Failed);
        assert_eq!(verdict(Reading { differs: Some(&same), ..none }), Verdict::NotModified);
        assert_eq!(verdict(Reading { differs: Some(&other), modified: Some(&then), ..none }), Verdict::Fine);
        assert_eq!(verdict(Reading { modified: Some(&then), ..none }), Verdict::NotModified);
        assert_eq!(verdict(Reading { modified: Some(&before), ..none }), Verdict::Fine);
    }

    #[test]
    fn writes_may_demand_that_nothing_is_there() {
        let meta = Meta { etag: "e".into(), ..Meta::default() };
        assert!(check_write(None, Some(&ETagCondition::Any), None).is_ok());
        let code = |result: S3Result<()>| result.unwrap_err().code().as_str().to_owned();
        assert_eq!(code(check_write(None, Some(&ETagCondition::Any), Some(&meta))), "PreconditionFailed");
        assert_eq!(code(check_write(Some(&etag("f")), None, Some(&meta))), "PreconditionFailed");
        assert_eq!(code(check_write(Some(&etag("e")), None, None)), "NoSuchKey");
        assert!(check_write(Some(&etag("e")), None, Some(&meta)).is_ok());
    }
}
