//! CloudFront's own API, as far as publishing a site needs it.
//!
//! See <https://docs.aws.amazon.com/cloudfront/latest/APIReference/Welcome.html>.

use crate::Cdn;
use crate::definition::Distribution;
use crate::ident;
use stack_builder_local_core::{ApiCall, Ask, Caller, Decision, Principal, Response, full};
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

const SPACE: &str = "http://cloudfront.amazonaws.com/doc/2020-05-31/";
/// Invalidations remembered of all distributions.
const REMEMBERED: usize = 100;
/// Paths of one invalidation.
const MOST_PATHS: usize = 3_000;

/// An invalidation, which is done as soon as it is asked for.
#[derive(Clone)]
struct Invalidation {
    id: String,
    distribution: String,
    at: u64,
    reference: String,
    paths: Vec<String>,
}

/// The latest invalidations.
#[derive(Default)]
pub(crate) struct Invalidations(Mutex<VecDeque<Invalidation>>);

struct Refusal(u16, &'static str, String);

/// Answers a call.
pub(crate) fn answer(cdn: &Cdn, call: &ApiCall) -> Response {
    route(cdn, call).unwrap_or_else(|Refusal(status, code, message)| {
        let body = format!(
            "<?xml version=\"1.0\"?>\n<ErrorResponse xmlns=\"{SPACE}\"><Error><Type>Sender</Type><Code>{code}</Code>\
             <Message>{}</Message></Error><RequestId>{}</RequestId></ErrorResponse>",
            escaped(&message),
            ident::request_id()
        );
        full(status, "text/xml", body)
    })
}

fn route(cdn: &Cdn, call: &ApiCall) -> Result<Response, Refusal> {
    let path = call.parts.uri.path().trim_end_matches('/');
    let pieces: Vec<_> = path.split('/').skip(1).collect();
    let ["2020-05-31", "distribution", rest @ ..] = pieces.as_slice() else { return absent(call) };
    match (call.parts.method.as_str(), rest) {
        ("GET", []) => {
            allow(cdn, call, "cloudfront:ListDistributions", "*")?;
            Ok(list(cdn))
        }
        ("GET", [id]) => {
            let found = distribution(cdn, call, "cloudfront:GetDistribution", id)?;
            Ok(xml(200, &format!("<Distribution xmlns=\"{SPACE}\">{}</Distribution>", describe(&found))))
        }
        ("POST", [id, "invalidation"]) => {
            let found = distribution(cdn, call, "cloudfront:CreateInvalidation", id)?;
            create(cdn, call, &found)
        }
        ("GET", [id, "invalidation"]) => {
            let found = distribution(cdn, call, "cloudfront:ListInvalidations", id)?;
            Ok(invalidations(cdn, &found))
        }
        ("GET", [id, "invalidation", number]) => {
            let found = distribution(cdn, call, "cloudfront:GetInvalidation", id)?;
            let known = cdn.invalidations.all(&found.id).into_iter().find(|one| one.id == *number);
            let missing =
                || Refusal(404, "NoSuchInvalidation", "The invalidation does not exist.".to_owned());
            known.map(|one| xml(200, &one.describe())).ok_or_else(missing)
        }
        _ => absent(call),
    }
}

fn absent(call: &ApiCall) -> Result<Response, Refusal> {
    let message = format!("`{} {}` is not offered on this machine", call.parts.method, call.parts.uri.path());
    Err(Refusal(400, "InvalidAction", message))
}

fn allow(cdn: &Cdn, call: &ApiCall, action: &str, resource: &str) -> Result<(), Refusal> {
    let refused = |message| Err(Refusal(403, "AccessDenied", message));
    match &cdn.authorizer {
        None if call.caller == Caller::Principal(Principal::Administrator) => Ok(()),
        None => refused(format!("only the administrator may call `{action}` here")),
        Some(authorizer) => match authorizer.judge(&Ask::new(&call.caller, action, resource)) {
            Decision::Allowed => Ok(()),
            Decision::Denied { message, .. } => refused(message),
        },
    }
}

fn distribution(cdn: &Cdn, call: &ApiCall, action: &str, id: &str) -> Result<Arc<Distribution>, Refusal> {
    let arn = format!("arn:aws:cloudfront::{}:distribution/{id}", cdn.shared.world.account);
    allow(cdn, call, action, &arn)?;
    let missing =
        || Refusal(404, "NoSuchDistribution", "The specified distribution does not exist.".to_owned());
    cdn.find(id).ok_or_else(missing)
}

fn create(cdn: &Cdn, call: &ApiCall, distribution: &Distribution) -> Result<Response, Refusal> {
    let body = std::str::from_utf8(&call.body).unwrap_or_default();
    let paths = texts(body, "Path");
    let Some(reference) = texts(body, "CallerReference").into_iter().next() else {
        return Err(Refusal(400, "MalformedXML", "The batch has no CallerReference.".to_owned()));
    };
    if paths.is_empty() || paths.iter().any(|path| path.is_empty() || path.len() > 4_096) {
        return Err(Refusal(
            400,
            "InvalidArgument",
            "The batch has no path, or one that is none.".to_owned(),
        ));
    }
    if paths.len() > MOST_PATHS {
        return Err(Refusal(400, "BatchTooLarge", format!("The batch has more than {MOST_PATHS} paths.")));
    }
    let slashed = paths.iter().map(|path| format!("/{}", path.trim_start_matches('/'))).collect::<Vec<_>>();
    let again = cdn.invalidations.all(&distribution.id).into_iter().find(|one| one.reference == reference);
    let one = match again {
        Some(one) if one.paths == slashed => one,
        Some(_) => {
            let text = "The CallerReference is that of another batch.";
            return Err(Refusal(400, "InvalidArgument", text.to_owned()));
        }
        None => {
            cdn.shared.store.invalidate(&distribution.id, &slashed);
            let at = cdn.shared.world.clock.seconds();
            let (id, distribution) = (ident::invalidation_id(), distribution.id.clone());
            cdn.invalidations.remember(Invalidation { id, distribution, at, reference, paths: slashed })
        }
    };
    let mut response = xml(201, &one.describe());
    let place = format!(
        "https://cloudfront.amazonaws.com/2020-05-31/distribution/{}/invalidation/{}",
        one.distribution, one.id
    );
    if let Ok(place) = place.parse() {
        response.headers_mut().insert(http::header::LOCATION, place);
    }
    Ok(response)
}

impl Invalidations {
    fn all(&self, distribution: &str) -> Vec<Invalidation> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter(|one| one.distribution == distribution).cloned().collect()
    }

    fn remember(&self, one: Invalidation) -> Invalidation {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push_front(one.clone());
        all.truncate(REMEMBERED);
        one
    }
}

impl Invalidation {
    fn describe(&self) -> String {
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

fn invalidations(cdn: &Cdn, distribution: &Distribution) -> Response {
    let all = cdn.invalidations.all(&distribution.id);
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

fn describe(distribution: &Distribution) -> String {
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

fn list(cdn: &Cdn) -> Response {
    let all = cdn.all();
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

fn xml(status: u16, body: &str) -> Response {
    full(status, "text/xml", format!("<?xml version=\"1.0\"?>\n{body}"))
}

/// The texts of all elements of a name, which none of them holds in attributes or nests.
fn texts(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let text = |piece: &str| piece.split_once(&close).map(|(text, _)| unescaped(text.trim()));
    xml.split(&open).skip(1).take(MOST_PATHS + 1).filter_map(text).collect()
}

fn escaped(text: &str) -> String {
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
