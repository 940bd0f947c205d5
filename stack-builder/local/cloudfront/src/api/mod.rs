//! CloudFront's own API, as far as publishing a site needs it.
//!
//! See <https://docs.aws.amazon.com/cloudfront/latest/APIReference/Welcome.html>.

mod xml;

use self::xml::{Invalidation, MOST_PATHS, SPACE, describe, escaped, invalidations, list, texts, xml};
use crate::Cdn;
use crate::definition::Distribution;
use crate::ident;
use stack_builder_local_core::{ApiCall, Ask, Caller, Decision, Principal, Response, full};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Invalidations remembered of all distributions.
const REMEMBERED: usize = 100;

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
            Ok(list(&cdn.all()))
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
            Ok(invalidations(&cdn.invalidations.all(&found.id)))
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
