//! Buckets that anyone on Earth may read or write.

use super::common::policy::statements;
use crate::document::Place;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A bucket that is open to everyone
    ///
    /// # Why
    /// A public ACL, a policy that allows `Principal: "*"` without a condition, or a block on public access that is
    /// switched off: each lets strangers in, and most leaks from S3 began so. A site is better served by CloudFront
    /// from a closed bucket, and a file better handed out by a presigned address.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Pages:
    ///     Type: AWS::S3::Bucket
    ///     DeletionPolicy: Retain
    ///     UpdateReplacePolicy: Retain
    ///     Properties:
    ///       AccessControl: PublicRead
    ///       PublicAccessBlockConfiguration:
    ///         BlockPublicAcls: false
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Pages:
    ///     Type: AWS::S3::Bucket
    ///     DeletionPolicy: Retain
    ///     UpdateReplacePolicy: Retain
    ///     Properties:
    ///       PublicAccessBlockConfiguration:
    ///         BlockPublicAcls: true
    ///         BlockPublicPolicy: true
    ///         IgnorePublicAcls: true
    ///         RestrictPublicBuckets: true
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>
    "public-bucket", Error, check
}

const OPEN: [&str; 3] = ["AuthenticatedRead", "PublicRead", "PublicReadWrite"];
const BLOCKS: [&str; 4] =
    ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for bucket in model.of_type("AWS::S3::Bucket") {
        for (acl, place) in bucket.texts("AccessControl").into_iter().filter(|(acl, _)| OPEN.contains(acl)) {
            let message = format!("`{acl}` opens the bucket `{}` to people outside the account", bucket.id);
            findings.report(place, message, "remove `AccessControl`, and let a policy name who may do what");
        }
        for place in bucket.values("PublicAccessBlockConfiguration").into_iter().flat_map(switched_off) {
            let block = place.key().unwrap_or_default();
            let message =
                format!("`{block}` is off, so the bucket `{}` can be opened to everyone", bucket.id);
            findings.report(place, message, "set it to `true`");
        }
    }
    for statement in statements(model) {
        let public =
            statement.carrier == "AWS::S3::BucketPolicy" && statement.allows() && !statement.has_condition();
        if let Some(principal) = statement.everyone().filter(|_| public) {
            findings.report(
                principal,
                "this statement lets everyone on Earth use the bucket",
                "name who may, such as `cloudfront.amazonaws.com` with a condition on `AWS:SourceArn`",
            );
        }
    }
}

fn switched_off(configuration: Place<'_>) -> Vec<Place<'_>> {
    let values = BLOCKS.iter().flat_map(|block| configuration.values(block));
    values.filter(|place| place.boolean() == Some(false)).collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[test]
    fn acl_and_block() {
        let template = "\
Resources:
  A:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: !If [Open, PublicRead, Private]
      PublicAccessBlockConfiguration: {BlockPublicAcls: 'false', BlockPublicPolicy: true, IgnorePublicAcls: !Ref P}
";
        let expect = [
            "5:33 `PublicRead` opens the bucket `A` to people outside the account",
            "6:57 `BlockPublicAcls` is off, so the bucket `A` can be opened to everyone",
        ];
        check(RULE, template, &expect);
    }

    #[test]
    fn policy() {
        let policy = |statement| {
            format!(
                "Resources:\n  P:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      PolicyDocument:\n        Statement: {{{statement}}}\n"
            )
        };
        let found = |column| format!("6:{column} this statement lets everyone on Earth use the bucket");
        check(RULE, &policy("Effect: Allow, Principal: '*', Action: a"), &[&found(47)]);
        check(RULE, &policy("Effect: Allow, Principal: {AWS: '*'}"), &[&found(53)]);
        check(RULE, &policy("Effect: Deny, Principal: '*'"), &[]);
        check(RULE, &policy("Effect: Allow, Principal: '*', Condition: {}"), &[]);
        check(RULE, &policy("Effect: Allow, Principal: {AWS: !Ref Account}"), &[]);
    }
}
