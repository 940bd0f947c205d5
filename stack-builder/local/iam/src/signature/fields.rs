//! What a signed request says of its signature, in the header or in the query string.

use super::SignatureError;
use crate::calendar::{basic, parse_basic, parse_http};
use http::HeaderMap;
use http::request::Parts;
use percent_encoding::percent_decode_str;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// A presigned request is valid for a week at most.
const LONGEST: u64 = 604_800;

/// The parts of a signature.
#[derive(Debug)]
pub(super) struct Fields {
    pub(super) access_key: String,
    /// `20260102`.
    pub(super) day: String,
    pub(super) region: String,
    pub(super) service: String,
    terminator: String,
    /// Lower case, sorted, each once.
    pub(super) signed_headers: Vec<String>,
    pub(super) signature: String,
    /// Seconds since 1970.
    pub(super) at: u64,
    pub(super) token: Option<String>,
    /// Seconds that a presigned request is valid; `None` for a request signed in its header.
    pub(super) expires: Option<u64>,
}

impl Fields {
    /// Reads them; what is not there once is refused.
    pub(super) fn read(parts: &Parts) -> Result<Self, SignatureError> {
        let presigned = query(parts, "X-Amz-Signature")?.is_some();
        match (only(&parts.headers, "authorization")?, presigned) {
            (Some(_), true) => Err(SignatureError::incomplete(
                "Only one of the `Authorization` header and the `X-Amz-Signature` parameter is allowed",
            )),
            (Some(header), false) => Self::from_header(&header, parts),
            (None, true) => Self::from_query(parts),
            (None, false) => Err(SignatureError::missing()),
        }
    }

    fn from_header(header: &str, parts: &Parts) -> Result<Self, SignatureError> {
        let rest = header.strip_prefix(ALGORITHM).and_then(|rest| rest.strip_prefix(' '));
        let rest = rest.ok_or_else(|| {
            SignatureError::incomplete(format!("Unsupported or missing algorithm in Authorization={header}"))
        })?;
        let mut found = [None, None, None];
        for pair in rest.split(',') {
            put(&mut found, pair.trim()).ok_or_else(|| malformed(header))?;
        }
        let date = header_date(&parts.headers)?;
        let missing = MEMBERS.iter().zip(&found).filter(|(_, value)| value.is_none());
        let mut message: Vec<_> =
            missing.map(|(name, _)| format!("Authorization header requires '{name}' parameter.")).collect();
        if date.is_none() {
            message.push(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
                    .to_owned(),
            );
        }
        let ([Some(credential), Some(signed), Some(signature)], Some(at)) = (found, date) else {
            return Err(SignatureError::incomplete(format!("{} Authorization={header}", message.join(" "))));
        };
        let token = only(&parts.headers, "x-amz-security-token")?;
        Self::build(credential, signed, signature, at, token, None)
    }

    fn from_query(parts: &Parts) -> Result<Self, SignatureError> {
        let needed = |name: &str| {
            query(parts, name)?.ok_or_else(|| {
                SignatureError::incomplete(format!("AWS query-string parameters must include '{name}'"))
            })
        };
        if needed("X-Amz-Algorithm")? != ALGORITHM {
            return Err(SignatureError::incomplete(format!("'X-Amz-Algorithm' must be '{ALGORITHM}'")));
        }
        let date = needed("X-Amz-Date")?;
        let at = parse_basic(&date).ok_or_else(|| bad_date(&date))?;
        let expires = needed("X-Amz-Expires")?;
        let expires =
            expires.parse().ok().filter(|seconds| (1..=LONGEST).contains(seconds)).ok_or_else(|| {
                SignatureError::incomplete(format!(
                    "X-Amz-Expires must be from 1 to {LONGEST} seconds, not '{expires}'"
                ))
            })?;
        let (credential, signed) = (needed("X-Amz-Credential")?, needed("X-Amz-SignedHeaders")?);
        let signature = needed("X-Amz-Signature")?;
        let token = query(parts, "X-Amz-Security-Token")?;
        Self::build(&credential, &signed, &signature, at, token, Some(expires))
    }

    fn build(
        credential: &str,
        signed: &str,
        signature: &str,
        at: u64,
        token: Option<String>,
        expires: Option<u64>,
    ) -> Result<Self, SignatureError> {
        let elements: Vec<_> = credential.split('/').collect();
        let [access_key, day, region, service, terminator] = elements[..] else {
            return Err(SignatureError::incomplete(format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, \
                 got '{credential}'"
            )));
        };
        Ok(Self {
            access_key: access_key.to_owned(),
            day: day.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
            terminator: terminator.to_owned(),
            signed_headers: signed_headers(signed)?,
            signature: signature.to_owned(),
            at,
            token,
            expires,
        })
    }

    /// `20260102/us-east-1/sts/aws4_request`.
    pub(super) fn scope(&self) -> String {
        format!("{}/{}/{}/aws4_request", self.day, self.region, self.service)
    }

    /// The credential's scope must fit the date and end as every scope does.
    pub(super) fn check_scope(&self) -> Result<(), SignatureError> {
        if self.terminator != "aws4_request" {
            return Err(SignatureError::mismatch(format!(
                "Credential should be scoped with a valid terminator: 'aws4_request', not '{}'.",
                self.terminator
            )));
        }
        let date = basic(self.at);
        if self.day != date[..8] {
            return Err(SignatureError::mismatch(format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
                 '{}' != '{}', from '{date}'.",
                self.day,
                &date[..8]
            )));
        }
        Ok(())
    }
}

const MEMBERS: [&str; 3] = ["Credential", "SignedHeaders", "Signature"];

/// Puts `Credential=…` into its slot; `None` when it has none or is there twice.
fn put<'h>(found: &mut [Option<&'h str>; 3], pair: &'h str) -> Option<()> {
    let (name, value) = pair.split_once('=')?;
    let slot = &mut found[MEMBERS.iter().position(|member| *member == name)?];
    slot.replace(value).is_none().then_some(())
}

fn malformed(header: &str) -> SignatureError {
    SignatureError::incomplete(format!(
        "Authorization header holds something else than one Credential, SignedHeaders and Signature each: {header}"
    ))
}

fn bad_date(date: &str) -> SignatureError {
    SignatureError::incomplete(format!("Date must be in ISO-8601 'basic format'. Got '{date}'."))
}

fn header_date(headers: &HeaderMap) -> Result<Option<u64>, SignatureError> {
    if let Some(date) = only(headers, "x-amz-date")? {
        return parse_basic(&date).map(Some).ok_or_else(|| bad_date(&date));
    }
    let Some(date) = only(headers, "date")? else { return Ok(None) };
    parse_basic(&date).or_else(|| parse_http(&date)).map(Some).ok_or_else(|| bad_date(&date))
}

fn signed_headers(text: &str) -> Result<Vec<String>, SignatureError> {
    let names: Vec<String> = text.split(';').map(str::to_owned).collect();
    let plain = |name: &String| !name.is_empty() && !name.bytes().any(|byte| byte.is_ascii_uppercase());
    if !names.iter().all(plain) || !names.is_sorted_by(|one, next| one < next) {
        return Err(SignatureError::mismatch(format!(
            "SignedHeaders must be lower case, sorted and each there once, not '{text}'"
        )));
    }
    if !names.iter().any(|name| name == "host") {
        return Err(SignatureError::mismatch(
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
        ));
    }
    Ok(names)
}

/// The header, which must not be there twice: two readers might take different ones.
pub(super) fn only(headers: &HeaderMap, name: &str) -> Result<Option<String>, SignatureError> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(SignatureError::incomplete(format!("The header '{name}' is there more than once")));
    }
    let text = value.to_str().map_err(|_| {
        SignatureError::incomplete(format!("The header '{name}' holds other characters than ASCII"))
    })?;
    Ok(Some(text.trim().to_owned()))
}

/// The parameter of the query string, which must not be there twice.
fn query(parts: &Parts, name: &str) -> Result<Option<String>, SignatureError> {
    let text = parts.uri.query().unwrap_or_default();
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned);
    let pairs = text.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut values = pairs.filter(|(key, _)| decoded(key).is_some_and(|key| key == name));
    let Some((_, value)) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(SignatureError::incomplete(format!("The parameter '{name}' is there more than once")));
    }
    let value = decoded(value);
    value.map(Some).ok_or_else(|| SignatureError::incomplete(format!("The parameter '{name}' is not UTF-8")))
}
