//! The policies that every account has, by their ids.
//!
//! See <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html>,
//! `using-managed-origin-request-policies.html` and `using-managed-response-headers-policies.html` there.

use super::{CachePolicy, Cors, HeadersPolicy, OriginPolicy};
use crate::names::Names;
use http::{HeaderName, HeaderValue};

const YEAR: u64 = 31_536_000;
const DAY: u64 = 86_400;

fn only(names: &[&str]) -> Names {
    Names::Only(names.iter().map(|name| (*name).to_owned()).collect())
}

fn lived(min: u64, default: u64, max: u64, gzip: bool) -> CachePolicy {
    CachePolicy { min, default, max, gzip, ..CachePolicy::default() }
}

pub(super) fn cache_policy(id: &str) -> Option<CachePolicy> {
    Some(match id {
        // CachingOptimized
        "658327ea-f89d-4fab-a63d-7e88639e58f6" => lived(1, DAY, YEAR, true),
        // CachingOptimizedForUncompressedObjects
        "b2884449-e4de-46a7-ac36-70bc7f1ddd6d" => lived(1, DAY, YEAR, false),
        // CachingDisabled
        "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" => lived(0, 0, 0, false),
        // UseOriginCacheControlHeaders
        "83da9c7e-98b4-4e11-a168-04f0df8e2c65" => obedient(Names::None),
        // UseOriginCacheControlHeaders-QueryStrings
        "4cc15a8a-d715-48a4-82b8-cc0b614638fe" => obedient(Names::All),
        // Amplify
        "2e54312d-136d-493c-8eb9-b001f22f67d2" => CachePolicy {
            headers: only(&["authorization", "cloudfront-viewer-country", "host"]),
            cookies: Names::All,
            queries: Names::All,
            ..lived(2, 2, 600, true)
        },
        // Elemental-MediaPackage
        "08627262-05a9-4f76-9ded-b50ca2e3a84f" => CachePolicy {
            headers: only(&["origin"]),
            queries: only(&["aws.manifestfilter", "start", "end", "m"]),
            ..lived(0, DAY, YEAR, true)
        },
        _ => return None,
    })
}

fn obedient(queries: Names) -> CachePolicy {
    let headers = ["host", "origin", "x-http-method-override", "x-http-method", "x-method-override"];
    CachePolicy { headers: only(&headers), cookies: Names::All, queries, ..lived(0, 0, YEAR, true) }
}

const CORS: [&str; 3] = ["origin", "access-control-request-headers", "access-control-request-method"];
const ABOUT_VIEWER: [&str; 17] = [
    "cloudfront-forwarded-proto",
    "cloudfront-is-android-viewer",
    "cloudfront-is-desktop-viewer",
    "cloudfront-is-ios-viewer",
    "cloudfront-is-mobile-viewer",
    "cloudfront-is-smarttv-viewer",
    "cloudfront-is-tablet-viewer",
    "cloudfront-viewer-address",
    "cloudfront-viewer-city",
    "cloudfront-viewer-country",
    "cloudfront-viewer-country-name",
    "cloudfront-viewer-country-region",
    "cloudfront-viewer-http-version",
    "cloudfront-viewer-latitude",
    "cloudfront-viewer-longitude",
    "cloudfront-viewer-time-zone",
    "cloudfront-viewer-tls",
];

pub(super) fn origin_policy(id: &str) -> Option<OriginPolicy> {
    let all = |headers| OriginPolicy {
        headers,
        cookies: Names::All,
        queries: Names::All,
        ..OriginPolicy::default()
    };
    let headers = |names: &[&str]| OriginPolicy { headers: only(names), ..OriginPolicy::default() };
    Some(match id {
        // AllViewer
        "216adef6-5c7f-47e4-b989-5492eafa07d3" => all(Names::All),
        // AllViewerExceptHostHeader
        "b689b0a8-53d0-40ab-baf2-68738e2966ac" => all(Names::Except(vec!["host".to_owned()])),
        // AllViewerAndCloudFrontHeaders-2022-06
        "33f36d7e-f396-46d9-90e0-52428a34d9dc" => OriginPolicy {
            added: ABOUT_VIEWER.iter().map(|name| (*name).to_owned()).collect(),
            ..all(Names::All)
        },
        // CORS-CustomOrigin
        "59781a5b-3903-41f3-afcb-af62929ccde1" => headers(&CORS[..1]),
        // CORS-S3Origin
        "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf" => headers(&CORS),
        // HostHeaderOnly
        "bf0718e1-ba1e-49d1-88b1-f726733018ae" => headers(&["host"]),
        // UserAgentRefererHeaders
        "acba4595-bd28-49b8-b9fe-13317c0390fa" => headers(&["user-agent", "referer"]),
        // Elemental-MediaTailor-PersonalizedManifests
        "775133bc-15f2-49f9-abea-afb2e0bf67d2" => OriginPolicy {
            headers: only(&[CORS[0], CORS[1], CORS[2], "user-agent", "x-forwarded-for"]),
            queries: Names::All,
            ..OriginPolicy::default()
        },
        _ => return None,
    })
}

pub(super) fn headers_policy(id: &str) -> Option<HeadersPolicy> {
    let (cors, preflight, security) = match id {
        // SimpleCORS
        "60669652-455b-4ae9-85a4-c4c02393f86c" => (true, false, false),
        // CORS-With-Preflight
        "5cc3b908-e619-4b99-88e5-2cf7f45965bd" => (true, true, false),
        // SecurityHeadersPolicy
        "67f7725c-6f97-4210-82d7-5512b31e9d03" => (false, false, true),
        // CORS-and-SecurityHeadersPolicy
        "e61eb60c-9c35-4d20-a928-2b84e02af89c" => (true, false, true),
        // CORS-with-preflight-and-SecurityHeadersPolicy
        "eaab4381-ed33-4a86-88ca-d9558dc6cd63" => (true, true, true),
        _ => return None,
    };
    let text = str::to_owned;
    let methods = ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"];
    Some(HeadersPolicy {
        cors: cors.then(|| Cors {
            origins: vec![text("*")],
            methods: if preflight { methods.map(text).to_vec() } else { Vec::new() },
            expose: if preflight { vec![text("*")] } else { Vec::new() },
            ..Cors::default()
        }),
        set: if security { security_headers() } else { Vec::new() },
        ..HeadersPolicy::default()
    })
}

fn security_headers() -> Vec<(HeaderName, HeaderValue, bool)> {
    [
        ("referrer-policy", "strict-origin-when-cross-origin", false),
        ("strict-transport-security", "max-age=31536000", false),
        ("x-content-type-options", "nosniff", true),
        ("x-frame-options", "SAMEORIGIN", false),
        ("x-xss-protection", "1; mode=block", false),
    ]
    .map(|(name, value, over)| (HeaderName::from_static(name), HeaderValue::from_static(value), over))
    .to_vec()
}
