//! What a distribution fetches from where, and which functions it runs at the edge.

use super::text::written;
use crate::document::Place;
use crate::model::{Model, Resource};

/// The distributions of a template.
pub(in crate::rules) fn distributions<'m, 'a>(
    model: &'m Model<'a>,
) -> impl Iterator<Item = &'m Resource<'a>> {
    model.of_type("AWS::CloudFront::Distribution")
}

/// All behaviours, the default one first.
pub(in crate::rules) fn behaviours<'a>(distribution: &Resource<'a>) -> Vec<Place<'a>> {
    let mut found = distribution.values("DistributionConfig.DefaultCacheBehavior");
    found.extend(distribution.values("DistributionConfig.CacheBehaviors.*"));
    found
}

/// The ARNs of the Lambda functions that run at the edge.
pub(in crate::rules) fn edge_functions<'a>(distribution: &Resource<'a>) -> Vec<Place<'a>> {
    let behaviours = behaviours(distribution).into_iter();
    behaviours.flat_map(|place| place.values("LambdaFunctionAssociations.*.LambdaFunctionARN")).collect()
}

/// The function that is associated, mostly by one of its versions.
pub(in crate::rules) fn edge_function<'m, 'a>(
    model: &'m Model<'a>,
    association: Place<'a>,
) -> Option<&'m Resource<'a>> {
    let target = model.target(association)?;
    match target.type_name {
        "AWS::Lambda::Version" => model.target(target.property("FunctionName")?),
        _ => Some(target),
    }
    .filter(|function| function.type_name == "AWS::Lambda::Function")
}

/// The origins.
pub(in crate::rules) fn origins<'a>(distribution: &Resource<'a>) -> Vec<Place<'a>> {
    distribution.values("DistributionConfig.Origins.*")
}

/// The domain name of an origin, as [`written`] tells it.
pub(in crate::rules) fn domain_name(origin: Place<'_>) -> String {
    origin.get("DomainName").and_then(written).unwrap_or_default()
}

/// Whether the path of a behaviour sends requests to `origin`.
pub(in crate::rules) fn paths_to<'a>(distribution: &Resource<'a>, origin: Place<'a>) -> Vec<String> {
    let Some(id) = origin.get("Id").and_then(written) else { return Vec::new() };
    let targets =
        |place: &Place<'_>| place.get("TargetOriginId").and_then(written).as_deref() == Some(id.as_str());
    let behaviours = behaviours(distribution).into_iter().filter(targets);
    behaviours.map(|place| place.get("PathPattern").and_then(written).unwrap_or_default()).collect()
}
