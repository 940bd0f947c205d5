//! Behaviours of a distribution that fetch from nowhere.

use super::common::distribution::{behaviours, distributions, origins};
use super::common::text::written;
use crate::finding::Findings;
use crate::model::{Model, Resource};
use crate::rule::rule;

rule! {
    /// A behaviour of a distribution that names no origin of it
    ///
    /// # Why
    /// `TargetOriginId` is the `Id` of an origin, or of a group of origins, of the same distribution. CloudFront refuses
    /// the distribution otherwise, and CloudFormation rolls back all that it had made before.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Site:
    ///     Type: AWS::CloudFront::Distribution
    ///     Properties:
    ///       DistributionConfig:
    ///         Enabled: true
    ///         Origins: [{Id: web, DomainName: www.example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}]
    ///         DefaultCacheBehavior: {TargetOriginId: page, ViewerProtocolPolicy: redirect-to-https}
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Site:
    ///     Type: AWS::CloudFront::Distribution
    ///     Properties:
    ///       DistributionConfig:
    ///         Enabled: true
    ///         Origins: [{Id: web, DomainName: www.example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}]
    ///         DefaultCacheBehavior: {TargetOriginId: web, ViewerProtocolPolicy: redirect-to-https}
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-distribution-defaultcachebehavior.html>
    "unknown-origin", Error, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    if model.is_transformed() {
        return;
    }
    for distribution in distributions(model) {
        let Some(ids) = ids(distribution) else { continue };
        for target in behaviours(distribution).into_iter().filter_map(|place| place.get("TargetOriginId")) {
            let Some(text) = target.text().filter(|text| !ids.iter().any(|id| id == text)) else { continue };
            let known = ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
            findings.report(
                target,
                format!("the distribution `{}` has no origin `{text}`", distribution.id),
                format!("name one of its origins: {known}"),
            );
        }
    }
}

/// What its origins and groups of them are called; `None` where there are none, or one of them is not known yet.
fn ids(distribution: &Resource<'_>) -> Option<Vec<String>> {
    let mut named = origins(distribution);
    named.extend(distribution.values("DistributionConfig.OriginGroups.Items.*"));
    let ids: Option<Vec<_>> = named.into_iter().map(|place| written(place.get("Id")?)).collect();
    ids.filter(|ids| !ids.is_empty() && !ids.iter().any(|id| id.contains("${")))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[track_caller]
    fn with(config: &str, expect: &[&str]) {
        let start = "Resources:\n  D:\n    Type: AWS::CloudFront::Distribution\n    Properties:\n      DistributionConfig: ";
        check(RULE, &format!("{start}{{{config}}}\n"), expect);
    }

    #[test]
    fn targets_are_origins_or_groups() {
        let found = "5:88 the distribution `D` has no origin `b`";
        with(
            "Origins: [{Id: a}], DefaultCacheBehavior: {TargetOriginId: b}",
            &["5:87 the distribution `D` has no origin `b`"],
        );
        with("Origins: [{Id: aa}], DefaultCacheBehavior: {TargetOriginId: b}", &[found]);
        with("Origins: [{Id: a}], DefaultCacheBehavior: {TargetOriginId: a}", &[]);
        let groups = "OriginGroups: {Items: [{Id: g}]}, CacheBehaviors: [{TargetOriginId: g}]";
        with(&format!("Origins: [{{Id: a}}], {groups}"), &[]);
    }

    #[test]
    fn what_is_not_known_is_not_judged() {
        with("DefaultCacheBehavior: {TargetOriginId: b}", &[]);
        with("Origins: [{Id: !Ref A}], DefaultCacheBehavior: {TargetOriginId: b}", &[]);
        with("Origins: [{Id: a}], DefaultCacheBehavior: {TargetOriginId: !Ref A}", &[]);
        with("Origins: !Ref A, DefaultCacheBehavior: {TargetOriginId: a}", &[]);
    }
}
