//! The way in: a key that CloudFront alone is told, and an id token of the user.

use super::ROUTES;
use crate::api::Api;
use crate::deployed::physical_id;
use crate::user::User;
use crate::world::{Outputs, World};
use serde_json::{Value, json};

/// The API where CloudFront calls it, with the key that CloudFront sends.
#[track_caller]
pub(crate) fn behind_cloudfront<'a>(world: &'a World, outputs: &'a Outputs) -> Api<'a> {
    assert_eq!(outputs.get("ApiUrl"), format!("{}/api", outputs.get("SiteUrl")), "one origin");
    let id = |logical| physical_id(world, "todo", logical);
    let secret =
        world.aws.call("secretsmanager", "get_secret_value", json!({ "SecretId": id("FrontDoorKey") }));
    let secret = secret["SecretString"].as_str().expect("a secret").to_owned();
    assert!(secret.len() >= 20, "API Gateway takes no shorter key");

    let asked = json!({ "apiKey": id("TodoApiKey"), "includeValue": true });
    assert_eq!(world.aws.call("apigateway", "get_api_key", asked)["value"], secret);
    let api = id("TodoApi");
    let origin = origin_of_the_api(world, &id("Site"));
    assert_eq!(origin["DomainName"], format!("{api}.execute-api.eu-west-1.amazonaws.com"));
    let header = json!([{ "HeaderName": "x-api-key", "HeaderValue": secret }]);
    assert_eq!(origin["CustomHeaders"]["Items"], header);
    assert_eq!(origin["CustomOriginConfig"]["OriginProtocolPolicy"], "https-only");

    let url = format!("https://{api}.execute-api.eu-west-1.amazonaws.com/api");
    Api { world, outputs, url, key: Some(secret) }
}

/// The origin that `/api/*` of the distribution is forwarded to.
#[track_caller]
fn origin_of_the_api(world: &World, distribution: &str) -> Value {
    let asked = json!({ "Id": distribution });
    let answer = world.aws.call("cloudfront", "get_distribution_config", asked);
    let config = &answer["DistributionConfig"];
    let behaviours = config["CacheBehaviors"]["Items"].as_array().expect("behaviours");
    let [behaviour] = behaviours.as_slice() else { panic!("not one behaviour: {behaviours:?}") };
    assert_eq!(behaviour["PathPattern"], "/api/*");
    let mut origins = config["Origins"]["Items"].as_array().expect("origins").iter();
    origins.find(|origin| origin["Id"] == behaviour["TargetOriginId"]).expect("its origin").clone()
}

/// A user who goes around CloudFront gets nowhere, whatever key they make up.
#[track_caller]
pub(crate) fn is_shut_without_the_key(user: &User<'_>) {
    let key = user.api.key.as_deref().expect("a key");
    let (world, token) = (user.api.world, &user.tokens.id);
    let other = world.aws.call("apigateway", "create_api_key", json!({ "name": "other", "enabled": true }));
    let asked = json!({ "apiKey": other["id"], "includeValue": true });
    let of_no_plan = world.aws.call("apigateway", "get_api_key", asked)["value"].take();
    let of_no_plan = of_no_plan.as_str().expect("a key").to_owned();
    for key in [None, Some(String::new()), Some("x".repeat(40)), Some(format!("{key}x")), Some(of_no_plan)] {
        let api = Api { key, url: user.api.url.clone(), ..*user.api };
        for (method, path) in ROUTES {
            let answer = api.send_as(token, method, path, "{}");
            let said = (answer.status, answer.json()["message"].as_str().map(str::to_owned));
            assert_eq!(
                said,
                (403, Some("Forbidden".to_owned())),
                "{method} {path} with {:?}: {answer:?}",
                api.key
            );
        }
    }
    world.aws.call("apigateway", "delete_api_key", json!({ "apiKey": other["id"] }));
}

/// Signed in on the hosted page or by a script of ours; an access token is for Cognito itself.
#[track_caller]
pub(crate) fn takes_id_tokens_alone(user: &User<'_>) {
    let hosted = user.hosted_tokens();
    for token in [&hosted.id, &user.tokens.id] {
        let answer = user.api.send_as(token, "GET", "/item", "");
        assert_eq!((answer.status, answer.json()), (200, json!({ "items": [], "next": null })));
    }
    for token in [&hosted.access, &user.tokens.access] {
        for (method, path) in ROUTES {
            let answer = user.api.send_as(token, method, path, "{}");
            assert_eq!(answer.status, 401, "{method} {path} with an access token: {answer:?}");
        }
    }
}
