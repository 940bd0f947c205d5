//! Forged and expired tokens: none opens a door of either kind of API.

use crate::support::{
    App, CLIENT, HOUR, ISSUER, OTHER, OTHER_ISSUER, POOL, claims, encode, good_token, header, lambda,
    lambda_uri, now, signer,
};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

fn http() -> App {
    App::new(&[
        ("Api", "AWS::ApiGatewayV2::Api", json!({})),
        (
            "I",
            "AWS::ApiGatewayV2::Integration",
            json!({"ApiId": "api", "IntegrationType": "AWS_PROXY",
            "IntegrationUri": lambda("f"), "PayloadFormatVersion": "2.0"}),
        ),
        (
            "A",
            "AWS::ApiGatewayV2::Authorizer",
            json!({"ApiId": "api", "AuthorizerType": "JWT",
            "IdentitySource": ["$request.header.Authorization"],
            "JwtConfiguration": {"Issuer": ISSUER, "Audience": [CLIENT]}}),
        ),
        (
            "R",
            "AWS::ApiGatewayV2::Route",
            json!({"ApiId": "api", "RouteKey": "GET /x", "Target": "integrations/i",
            "AuthorizationType": "JWT", "AuthorizerId": "a"}),
        ),
        ("S", "AWS::ApiGatewayV2::Stage", json!({"ApiId": "api", "StageName": "$default"})),
    ])
}

fn rest() -> App {
    App::new(&[
        ("Api", "AWS::ApiGateway::RestApi", json!({})),
        ("X", "AWS::ApiGateway::Resource", json!({"RestApiId": "api", "ParentId": "root", "PathPart": "x"})),
        (
            "A",
            "AWS::ApiGateway::Authorizer",
            json!({"RestApiId": "api", "Type": "COGNITO_USER_POOLS",
            "IdentitySource": "method.request.header.Authorization",
            "ProviderARNs": ["arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_abc"]}),
        ),
        (
            "M",
            "AWS::ApiGateway::Method",
            json!({"RestApiId": "api", "ResourceId": "x", "HttpMethod": "GET",
            "AuthorizationType": "COGNITO_USER_POOLS", "AuthorizerId": "a",
            "Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": lambda_uri("f")}}),
        ),
        ("S", "AWS::ApiGateway::Stage", json!({"RestApiId": "api", "StageName": "dev"})),
    ])
}

/// Signs with the public key as if it were a secret.
fn confused(header: Value, secret: &[u8]) -> String {
    let message = format!("{}.{}", encode(&header), encode(&claims(json!({}))));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))
}

fn with_claims(change: Value) -> String {
    POOL.sign(&header(), &claims(change))
}

fn with_header(header: Value) -> String {
    POOL.sign(&header, &claims(json!({})))
}

fn unsigned(alg: &str) -> String {
    format!("{}.{}.", encode(&json!({"alg": alg, "kid": "k1"})), encode(&claims(json!({}))))
}

/// Replaces one of the three parts.
fn with_part(at: usize, part: &str) -> String {
    let token = good_token();
    let mut parts: Vec<_> = token.split('.').collect();
    parts[at] = part;
    parts.join(".")
}

/// Wrong in ways that have to do with bytes and signatures.
fn forged() -> Vec<(&'static str, String)> {
    let good = good_token();
    let (signed, signature) = good.rsplit_once('.').expect("three parts");
    let modulus = URL_SAFE_NO_PAD.decode(&POOL.public.n).expect("a modulus");
    let mut tampered = URL_SAFE_NO_PAD.decode(signature).expect("a signature");
    tampered[100] ^= 1;
    let admin = encode(&claims(json!({"sub": "admin"})));
    vec![
        ("nothing", String::new()),
        ("one part", "abc".into()),
        ("two parts", signed.into()),
        ("four parts", format!("{good}.x")),
        ("five parts, as an encrypted token", format!("{good}.x.y")),
        ("only dots", "..".into()),
        ("no signature", format!("{signed}.")),
        ("none", unsigned("none")),
        ("None", unsigned("None")),
        ("none with a signature", with_header(json!({"alg": "none", "kid": "k1"}))),
        ("no algorithm", with_header(json!({"kid": "k1"}))),
        ("a list of algorithms", with_header(json!({"alg": ["RS256"], "kid": "k1"}))),
        ("RS512 in the head", with_header(json!({"alg": "RS512", "kid": "k1"}))),
        ("rs256 in small letters", with_header(json!({"alg": "rs256", "kid": "k1"}))),
        ("HS256 with the modulus", confused(json!({"alg": "HS256", "kid": "k1"}), &modulus)),
        ("HS256 with its text", confused(json!({"alg": "HS256", "kid": "k1"}), POOL.public.n.as_bytes())),
        ("HS256 with an empty secret", confused(json!({"alg": "HS256", "kid": "k1"}), b"")),
        ("HMAC under RS256", confused(json!({"alg": "RS256", "kid": "k1"}), &modulus)),
        ("another key under the same id", signer("k1").sign(&header(), &claims(json!({})))),
        ("a key that is not there", with_header(json!({"alg": "RS256", "kid": "k9"}))),
        ("no key id", with_header(json!({"alg": "RS256"}))),
        ("a key in the head", with_header(json!({"alg": "RS256", "kid": "k9", "jwk": {"kty": "RSA"}}))),
        ("the URL of a key", with_header(json!({"alg": "RS256", "kid": "k9", "jku": "http://evil"}))),
        (
            "a critical extension",
            with_header(json!({"alg": "RS256", "kid": "k1", "crit": ["b64"], "b64": false})),
        ),
        ("another payload", with_part(1, &admin)),
        ("another header", with_part(0, &encode(&json!({"alg": "RS256", "kid": "k1", "x": 1})))),
        ("another signature", format!("{signed}.{}", URL_SAFE_NO_PAD.encode(&tampered))),
        ("a short signature", format!("{signed}.{}", &signature[..100])),
        ("a padded signature", format!("{signed}.{signature}==")),
        ("a signature of zeroes", format!("{signed}.{}", URL_SAFE_NO_PAD.encode([0; 256]))),
        ("the other alphabet", with_part(2, &STANDARD.encode([0xfb; 256]))),
        ("a header that is no JSON", with_part(0, "e30x")),
        ("a header that is a list", with_part(0, &encode(&json!([])))),
        ("a payload that is no base64", with_part(1, "%%%")),
        ("a payload that is text", POOL.sign(&header(), &json!("claims"))),
        (
            "a token of another pool's key",
            OTHER.sign(&json!({"alg": "RS256", "kid": "k2"}), &claims(json!({}))),
        ),
        ("deep JSON", with_part(1, &URL_SAFE_NO_PAD.encode("[".repeat(3000)))),
    ]
}

/// Well signed, but not of this hour or not from here.
fn stale() -> Vec<(&'static str, String)> {
    let other = claims(json!({"iss": OTHER_ISSUER}));
    vec![
        ("expired long ago", with_claims(json!({"exp": 1}))),
        ("expired now", with_claims(json!({"exp": now()}))),
        ("no expiry", with_claims(json!({"exp": null}))),
        ("an expiry as text", with_claims(json!({"exp": (now() + HOUR).to_string()}))),
        ("an expiry below zero", with_claims(json!({"exp": -1}))),
        ("an expiry beyond all numbers", with_claims(json!({"exp": 1e300}))),
        ("not yet", with_claims(json!({"nbf": now() + HOUR}))),
        ("issued tomorrow", with_claims(json!({"iat": now() + HOUR}))),
        ("issued at a text", with_claims(json!({"iat": "now"}))),
        ("another pool", OTHER.sign(&json!({"alg": "RS256", "kid": "k2"}), &other)),
        ("a pool that is not there", with_claims(json!({"iss": format!("{ISSUER}d")}))),
        ("an issuer with a slash", with_claims(json!({"iss": format!("{ISSUER}/")}))),
        ("no issuer", with_claims(json!({"iss": null}))),
        ("a list of issuers", with_claims(json!({"iss": [ISSUER]}))),
    ]
}

#[tokio::test]
async fn no_forged_token_opens_a_door() {
    for (app, path) in [(http(), "/x"), (rest(), "/dev/x")] {
        let good = good_token();
        assert_eq!(app.get(path, &[("authorization", &good)]).await.status, 200, "the good one");
        for (what, token) in forged().into_iter().chain(stale()) {
            for value in [token.clone(), format!("Bearer {token}")] {
                let got = app.get(path, &[("authorization", &value)]).await;
                assert_eq!(got.status, 401, "{what}: {}", got.body);
                let known = got.body == r#"{"message":"Unauthorized"}"# || got.body.contains("has expired");
                assert!(known, "{what}: {}", got.body);
            }
        }
        assert_eq!(app.called().len(), 1, "only the good one came through");
    }
}

#[tokio::test]
async fn audiences_are_the_http_apis_affair() {
    let app = http();
    for (change, status) in [
        (json!({"aud": "other"}), 401),
        (json!({"aud": null}), 401),
        (json!({"aud": ["x", CLIENT]}), 200),
        (json!({"aud": [], "client_id": CLIENT}), 401),
        (json!({"aud": null, "client_id": CLIENT}), 200),
        (json!({"aud": null, "client_id": [CLIENT]}), 401),
        (json!({"aud": "", "client_id": CLIENT}), 401),
    ] {
        let token = with_claims(change.clone());
        assert_eq!(app.get("/x", &[("authorization", &token)]).await.status, status, "{change}");
    }
}

#[tokio::test]
async fn a_rest_api_tells_who_is_late() {
    let app = rest();
    let token = with_claims(json!({"exp": now() - 1}));
    let got = app.get("/dev/x", &[("authorization", &token)]).await;
    assert_eq!((got.status, got.body.as_str()), (401, r#"{"message":"The incoming token has expired"}"#));
    let access = with_claims(json!({"token_use": "access"}));
    assert_eq!(
        app.get("/dev/x", &[("authorization", &access)]).await.status,
        401,
        "scopes are not asked for"
    );
}
