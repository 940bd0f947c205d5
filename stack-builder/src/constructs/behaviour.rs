//! Behaviours: how a distribution answers the paths of a pattern.

use super::edge_limits::EDGE_REGION;
use stack_builder_cfn::cloudfront::distribution as nested;
use stack_builder_cfn::{Node, Value};
use std::collections::BTreeMap;

/// The managed policy `CachingOptimized`: the path alone tells copies apart, and an answer's own `Cache-Control`
/// says how long each is kept.
///
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html>
const CACHING_OPTIMIZED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";
/// The managed policy `CachingDisabled`.
const CACHING_DISABLED: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
/// The managed policy `AllViewerExceptHostHeader`: an API knows itself by its own host name only.
///
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html>
const ALL_VIEWER_EXCEPT_HOST_HEADER: &str = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

/// When a function runs at the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EdgeEvent {
    /// Each request, before CloudFront looks for a copy.
    ViewerRequest,
    /// A request for which there is no copy, before the origin is asked.
    OriginRequest,
    /// The origin's answer, before it is kept.
    OriginResponse,
    /// Each answer, but for those of status 400 and above that the origin gave.
    ViewerResponse,
}

impl EdgeEvent {
    /// Whether it happens for every request, so that no function of CloudFront's own can stand beside.
    pub(super) fn is_viewer(self) -> bool {
        matches!(self, Self::ViewerRequest | Self::ViewerResponse)
    }

    fn l1(self) -> nested::LambdaFunctionAssociationEventType {
        use nested::LambdaFunctionAssociationEventType as L1;
        match self {
            Self::ViewerRequest => L1::ViewerRequest,
            Self::OriginRequest => L1::OriginRequest,
            Self::OriginResponse => L1::OriginResponse,
            Self::ViewerResponse => L1::ViewerResponse,
        }
    }
}

/// The text of an ARN that CloudFront takes for no edge function: it wants a number at the end, and one region.
///
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html>
pub(super) fn unusable_version(version: &Value<String>) -> Option<&str> {
    let Node::Text(arn) = version.node() else { return None };
    let parts: Vec<_> = arn.split(':').collect();
    let numbered = parts.len() == 8 && parts[7].bytes().all(|b| b.is_ascii_digit()) && !parts[7].is_empty();
    (!numbered || parts[3] != EDGE_REGION).then_some(arn)
}

/// What runs on the way to and from the files.
pub(super) struct Runs<'a> {
    /// ARNs of the versions of edge functions.
    pub(super) edges: &'a BTreeMap<EdgeEvent, Value<String>>,
    /// ARN of the function that routes.
    pub(super) routes: Option<Value<String>>,
}

/// The files: read only, over HTTPS, compressed, kept.
pub(super) fn files(origin: &str, headers: &Value<String>, runs: Runs<'_>) -> nested::DefaultCacheBehavior {
    let files = nested::DefaultCacheBehavior::new()
        .target_origin_id(origin)
        .viewer_protocol_policy(nested::ViewerProtocolPolicy::RedirectToHttps)
        .allowed_methods(["GET", "HEAD"])
        .cache_policy_id(CACHING_OPTIMIZED)
        .response_headers_policy_id(headers)
        .compress(true);
    let files = runs.edges.iter().fold(files, |files, (event, version)| {
        files
            .add_lambda_function_associations(|edge| edge.event_type(event.l1()).lambda_function_arn(version))
    });
    match runs.routes {
        Some(arn) => files.add_function_associations(|function| {
            function.event_type(nested::FunctionAssociationEventType::ViewerRequest).function_arn(arn)
        }),
        None => files,
    }
}

/// Another server: every method, nothing kept. Plain HTTP is refused and not redirected, for the request has been
/// sent in the clear by then.
pub(super) fn forwarded(pattern: &str, origin: &str, headers: &Value<String>) -> nested::CacheBehavior {
    nested::CacheBehavior::new()
        .path_pattern(pattern)
        .target_origin_id(origin)
        .viewer_protocol_policy(nested::ViewerProtocolPolicy::HttpsOnly)
        .allowed_methods(["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"])
        .cache_policy_id(CACHING_DISABLED)
        .origin_request_policy_id(ALL_VIEWER_EXCEPT_HOST_HEADER)
        .response_headers_policy_id(headers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use stack_builder_cfn::{IntoValue, intrinsic};

    #[track_caller]
    fn check(version: &str, usable: bool) {
        assert_eq!(unusable_version(&version.into_value()).is_none(), usable, "{version}");
    }

    #[test]
    fn a_version_is_numbered_and_in_the_one_region() {
        check("arn:aws:lambda:us-east-1:123456789012:function:gate:12", true);
        check("arn:aws:lambda:us-east-1:123456789012:function:gate", false);
        check("arn:aws:lambda:us-east-1:123456789012:function:gate:$LATEST", false);
        check("arn:aws:lambda:us-east-1:123456789012:function:gate:", false);
        check("arn:aws:lambda:eu-west-1:123456789012:function:gate:12", false);
        assert_eq!(unusable_version(&intrinsic::sub("${Anything}", [])), None);
    }
}
