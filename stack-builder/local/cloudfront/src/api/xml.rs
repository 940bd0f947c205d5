//! What CloudFront's API answers, as XML.

use crate::definition::Distribution;
use stack_builder_local_core::{Response, full};
use std::fmt::Write as _;
use std::sync::Arc;

pub(super) const SPACE: &str = "http://cloudfront.amazonaws.com/doc/2020-05-31/";
/// Paths of one invalidation.
pub(super) const MOST_PATHS: usize = 3_000;

/// An invalidation, which is done as soon as it is asked for.
#[derive(Clone)]
pub(super) struct Invalidation {
    pub(super) id: String,
    pub(super) distribution: String,
    pub(super) at: u64,
    pub(super) reference: String,
    pub(super) paths: Vec<String>,
}

impl Invalidation {
    /// As an element of its own.
    pub(super) fn describe(&self) -> String {
        let paths = self.paths.iter().fold(String::new(), |mut paths, path| {
            let _ = write!(paths, "<Path>{}</Path>", escaped(path));
            paths
        });
        format!(
            "<Invalidation xmlns=\"{SPACE}\"><Id>{}</Id><Status>Completed</Status><CreateTime>{}</CreateTime>\
             <InvalidationBatch><Paths><Quantity>{}</Quantity><Items>{paths}</Items></Paths>\
             <CallerReference>{}</CallerReference></InvalidationBatch></Invalidation>",
            self.id,
            time(self.at),
            self.paths.len(),
            escaped(&self.reference)
        )
    }
}

/// The answer of `ListInvalidations`.
pub(super) fn invalidations(all: &[Invalidation]) -> Response {
    let items = all.iter().fold(String::new(), |mut items, one| {
        let _ = write!(
            items,
            "<InvalidationSummary><Id>{}</Id><CreateTime>{}</CreateTime><Status>Completed</Status>\
             </InvalidationSummary>",
            one.id,
            time(one.at)
        );
        items
    });
    let body = format!(
        "<InvalidationList xmlns=\"{SPACE}\"><Marker></Marker><MaxItems>100</MaxItems>\
         <IsTruncated>false</IsTruncated><Quantity>{}</Quantity><Items>{items}</Items></InvalidationList>",
        all.len()
    );
    xml(200, &body)
}

/// What stands in a distribution's element.
pub(super) fn describe(distribution: &Distribution) -> String {
    format!(
        "<Id>{}</Id><ARN>{}</ARN><Status>Deployed</Status><DomainName>{}</DomainName>\
         <InProgressInvalidationBatches>0</InProgressInvalidationBatches><DistributionConfig>\
         <Comment>{}</Comment><DefaultRootObject>{}</DefaultRootObject><Enabled>{}</Enabled></DistributionConfig>",
        escaped(&distribution.id),
        escaped(&distribution.arn),
        escaped(&distribution.domain),
        escaped(&distribution.comment),
        escaped(&distribution.root),
        distribution.enabled
    )
}

/// The answer of `ListDistributions`.
pub(super) fn list(all: &[Arc<Distribution>]) -> Response {
    let items = all.iter().fold(String::new(), |mut items, one| {
        let _ = write!(
            items,
            "<DistributionSummary><Id>{}</Id><ARN>{}</ARN><Status>Deployed</Status><DomainName>{}</DomainName>\
             <Comment>{}</Comment><Enabled>{}</Enabled></DistributionSummary>",
            escaped(&one.id),
            escaped(&one.arn),
            escaped(&one.domain),
            escaped(&one.comment),
            one.enabled
        );
        items
    });
    let body = format!(
        "<DistributionList xmlns=\"{SPACE}\"><Marker></Marker><MaxItems>100</MaxItems>\
         <IsTruncated>false</IsTruncated><Quantity>{}</Quantity><Items>{items}</Items></DistributionList>",
        all.len()
    );
    xml(200, &body)
}

/// An answer.
pub(super) fn xml(status: u16, body: &str) -> Response {
    full(status, "text/xml", format!("<?xml version=\"1.0\"?>\n{body}"))
}

/// The texts of all elements of a name, which none of them holds in attributes or nests.
pub(super) fn texts(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let text = |piece: &str| piece.split_once(&close).map(|(text, _)| unescaped(text.trim()));
    xml.split(&open).skip(1).take(MOST_PATHS + 1).filter_map(text).collect()
}

/// Text as it stands in an element.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn unescaped(text: &str) -> String {
    let plain = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    plain.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}

/// `2026-11-20T16:00:00Z`, from the days of the civil calendar.
fn time(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let shifted = days + 719_468;
    let (era, day) = (shifted / 146_097, shifted % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let (hour, minute, second) = (rest / 3_600, rest % 3_600 / 60, rest % 60);
    format!("{:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z", era * 400 + year + next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_texts() {
        assert_eq!(time(0), "1970-01-01T00:00:00Z");
        assert_eq!(time(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(time(1_795_190_399), "2026-11-20T15:59:59Z");
        assert_eq!(texts("<A><Path>/a&amp;b</Path><Path>/*</Path></A>", "Path"), ["/a&b", "/*"]);
        assert_eq!(texts("<Path><Path><Path>", "Path"), Vec::<String>::new());
    }
}
