//! Uploads by HTML form, whose file is written as it arrives.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html>

mod head;
mod policy;
mod reader;
mod signature;

use crate::access::{Found, Request as Wanted};
use crate::actions;
use crate::api::{LARGEST, tags, write};
use crate::buckets::{Bucket, Inner};
use crate::error::bad;
use crate::store::spool::receive as spool;
use crate::store::sum::Expected;
use crate::store::{Described, Meta};
use http::header::{CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LOCATION};
use http::{HeaderMap, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use policy::Policy;
use reader::Reader;
use s3s::dto::{Timestamp, TimestampFormat};
use s3s::xml::{Deserialize as _, Deserializer};
use s3s::{S3Result, s3_error};
use stack_builder_local_core::{Request, Response, Trace, empty, full};
use std::sync::Arc;

/// What a path leaves as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');

/// The fields of a form before its file, names in lower case.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    fn add(&mut self, name: &str, value: String) -> S3Result<()> {
        let name = name.to_ascii_lowercase();
        if self.get(&name).is_some() {
            return Err(bad("InvalidArgument", "A field of the form is there twice"));
        }
        self.0.push((name, value));
        Ok(())
    }

    /// Puts the name of the file where the key asks for it.
    fn expand(&mut self, file: &str) {
        for (_, value) in self.0.iter_mut().filter(|(name, _)| name == "key") {
            *value = value.replace("${filename}", file);
        }
    }

    /// Those that are headers elsewhere.
    fn headers(&self) -> HeaderMap {
        let header = |(name, value): (&str, &str)| {
            Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value).ok()?))
        };
        self.iter().filter_map(header).collect()
    }
}

/// Whether a request is a form.
pub(crate) fn is_form(request: &Request) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    request.method() == Method::POST && kind.to_ascii_lowercase().starts_with("multipart/form-data")
}

/// Keeps the file of a form.
pub(crate) async fn receive(inner: &Arc<Inner>, request: Request, found: &Found) -> S3Result<Response> {
    let (parts, body) = request.into_parts();
    let mut reader = Reader::new(&parts.headers, body)?;
    let result = keep(inner, &parts, &mut reader, found).await;
    // A client that is not heard to the end takes the answer for a broken connection.
    reader.drain().await;
    result
}

async fn keep(
    inner: &Arc<Inner>,
    parts: &http::request::Parts,
    reader: &mut Reader,
    found: &Found,
) -> S3Result<Response> {
    let name = bucket_of(parts.uri.path())?;
    let mut fields = Fields::default();
    let file = loop {
        match reader.next_part().await? {
            Some(part) if part.name == "file" => break part,
            Some(part) => fields.add(&part.name, reader.text().await?)?,
            None => return Err(bad("InvalidArgument", "POST requires exactly one file upload per request.")),
        }
    };
    fields.expand(&file.file_name);
    let policy = Policy::of(&fields, inner.world.clock.seconds())?;
    let (caller, trace) = signature::caller(inner, parts, &fields)?;
    policy.check(&fields, &name)?;
    let key = fields.get("key").filter(|key| !key.is_empty()).map(str::to_owned);
    let key = key.ok_or_else(|| bad("InvalidArgument", "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields."))?;
    if !s3s::path::check_key(&key) {
        return Err(s3_error!(KeyTooLongError, "Your key is too long"));
    }
    admit(inner, parts, &fields, (&name, &key), caller, &trace, found)?;
    let bucket = inner.bucket(&name)?;
    let expected = Expected::of(&fields.headers());
    let meta = meta(&fields, key, &file)?;
    let (least, most) = policy.length().unwrap_or((0, LARGEST));
    let spooled =
        spool(bucket.shelf.temporary(), reader.file(), most.min(LARGEST), expected.algorithm).await?;
    if spooled.size < least {
        return Err(s3_error!(
            EntityTooSmall,
            "Your proposed upload is smaller than the minimum allowed size"
        ));
    }
    spooled.verify(&expected, None)?;
    let meta = Meta { etag: spooled.etag(), sum: Some(spooled.sum.clone()), ..meta };
    let now = inner.world.clock.millis();
    let meta = bucket.shelf.commit(spooled, meta, bucket.settings.versioning, now, |_| Ok(()))?;
    Ok(answer(&bucket, &meta, &fields, parts))
}

/// Forms are sent to a bucket, not to a key.
fn bucket_of(path: &str) -> S3Result<String> {
    let path = percent_decode_str(path).decode_utf8_lossy();
    match path.trim_start_matches('/').split_once('/').unwrap_or((path.trim_start_matches('/'), "")) {
        (bucket, "") if !bucket.is_empty() => Ok(bucket.to_owned()),
        _ => Err(s3_error!(MethodNotAllowed, "The specified method is not allowed against this resource.")),
    }
}

fn admit(
    inner: &Inner,
    parts: &http::request::Parts,
    fields: &Fields,
    (bucket, key): (&str, &str),
    caller: stack_builder_local_core::Caller,
    trace: &Trace,
    found: &Found,
) -> S3Result<()> {
    let mut further = Vec::new();
    if fields.get("tagging").is_some() {
        further.push("s3:PutObjectTagging");
    }
    if fields.get("acl").is_some() {
        further.push("s3:PutObjectAcl");
    }
    let wanted = Wanted {
        operation: "PostObject".to_owned(),
        bucket: Some(bucket.to_owned()),
        key: Some(key.to_owned()),
        of_version: false,
        further,
    };
    let mut context = actions::context(&parts.uri, &parts.headers);
    context.insert("s3:authtype".to_owned(), vec!["POST".to_owned()]);
    inner.admit(&wanted, caller, context, trace, found)
}

fn meta(fields: &Fields, key: String, file: &head::Part) -> S3Result<Meta> {
    let text = |name: &str| fields.get(name).map(str::to_owned);
    let expires =
        fields.get("expires").and_then(|date| Timestamp::parse(TimestampFormat::HttpDate, date).ok());
    let metadata = fields
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("x-amz-meta-")?.to_owned(), value.to_owned())));
    let described = Described {
        content_type: text("content-type").or_else(|| file.content_type.clone()),
        cache_control: text("cache-control"),
        content_disposition: text("content-disposition"),
        content_encoding: text("content-encoding"),
        content_language: text("content-language"),
        expires,
        redirect: text("x-amz-website-redirect-location"),
        metadata: write::metadata(Some(metadata.collect()))?,
    };
    Ok(Meta { key, described, tags: form_tags(fields.get("tagging"))?, ..Meta::default() })
}

/// Tags stand in a form as XML.
fn form_tags(document: Option<&str>) -> S3Result<Vec<(String, String)>> {
    let Some(document) = document else { return Ok(Vec::new()) };
    let malformed = || {
        s3_error!(
            MalformedXML,
            "The XML you provided was not well-formed or did not validate against our published schema"
        )
    };
    let mut reader = Deserializer::new(document.as_bytes());
    let tagging = s3s::dto::Tagging::deserialize(&mut reader).map_err(|_| malformed())?;
    let tags =
        tagging.tag_set.into_iter().map(|tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default()));
    tags::checked(tags.collect())
}

fn answer(bucket: &Bucket, meta: &Meta, fields: &Fields, parts: &http::request::Parts) -> Response {
    let host =
        parts.headers.get(http::header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    let location = format!("http://{host}/{}/{}", bucket.name, utf8_percent_encode(&meta.key, PATH));
    let target = fields.get("success_action_redirect").or_else(|| fields.get("redirect"));
    let redirect = target.and_then(|target| redirect(target, bucket, meta));
    let mut response = match (redirect, fields.get("success_action_status")) {
        (Some(target), _) => {
            let mut response = empty(303);
            response.headers_mut().insert(LOCATION, target);
            response
        }
        (None, Some("200")) => empty(200),
        (None, Some("201")) => full(201, "application/xml", document(&location, bucket, meta)),
        (None, _) => empty(204),
    };
    if let Ok(etag) = HeaderValue::from_str(&format!("\"{}\"", meta.etag)) {
        response.headers_mut().insert(ETAG, etag);
    }
    if let (Ok(location), false) =
        (HeaderValue::from_str(&location), response.headers().contains_key(LOCATION))
    {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// Where the browser goes next; `None` when that is no address.
fn redirect(target: &str, bucket: &Bucket, meta: &Meta) -> Option<HeaderValue> {
    let absolute = target.starts_with("http://") || target.starts_with("https://");
    let joint = if target.contains('?') { '&' } else { '?' };
    let key = utf8_percent_encode(&meta.key, NON_ALPHANUMERIC);
    let target = format!("{target}{joint}bucket={}&key={key}&etag=%22{}%22", bucket.name, meta.etag);
    HeaderValue::from_str(&target).ok().filter(|_| absolute)
}

fn document(location: &str, bucket: &Bucket, meta: &Meta) -> String {
    let key = meta.key.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PostResponse><Location>{location}</Location>\
         <Bucket>{}</Bucket><Key>{key}</Key><ETag>\"{}\"</ETag></PostResponse>",
        bucket.name, meta.etag
    )
}
