//! Actions on objects that are granted on a bucket, and the other way round.

use super::common::policy::{Statement, statements};
use super::common::text::{only_reference, written};
use crate::document::Place;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// An S3 action on objects that names the bucket, or the other way round
    ///
    /// # Why
    /// `s3:GetObject` acts on objects, whose ARN goes on behind the bucket's: `arn:aws:s3:::bucket/*`. `s3:ListBucket`
    /// acts on the bucket itself. With the other ARN a role's policy grants nothing, and a bucket policy is refused
    /// when it is deployed.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Uploads:
    ///     Type: AWS::S3::Bucket
    ///     DeletionPolicy: Retain
    ///     UpdateReplacePolicy: Retain
    ///   MayUpload:
    ///     Type: AWS::IAM::ManagedPolicy
    ///     Properties:
    ///       PolicyDocument:
    ///         Version: "2012-10-17"
    ///         Statement:
    ///           - Effect: Allow
    ///             Action: s3:PutObject
    ///             Resource: !GetAtt Uploads.Arn
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Uploads:
    ///     Type: AWS::S3::Bucket
    ///     DeletionPolicy: Retain
    ///     UpdateReplacePolicy: Retain
    ///   MayUpload:
    ///     Type: AWS::IAM::ManagedPolicy
    ///     Properties:
    ///       PolicyDocument:
    ///         Version: "2012-10-17"
    ///         Statement:
    ///           - Effect: Allow
    ///             Action: s3:PutObject
    ///             Resource: !Sub "${Uploads.Arn}/*"
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>
    "bucket-and-object-arns", Error, check
}

/// What an action or an ARN is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    Bucket,
    Object,
    /// Both, or neither, or it cannot be told.
    Either,
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for statement in statements(model) {
        let resources: Vec<_> =
            statement.resources().into_iter().map(|place| (arn(model, place), place)).collect();
        let Some((first, place)) = resources.first() else { continue };
        if *first == About::Either || resources.iter().any(|(about, _)| about != first) {
            continue;
        }
        if let Some(action) = misfit(&statement, *first) {
            let (message, hint) = say(action, *first);
            findings.report(*place, message, hint);
        }
    }
}

/// The first action that needs another ARN than one about `given`.
fn misfit<'a>(statement: &Statement<'a>, given: About) -> Option<&'a str> {
    let mut actions = statement.actions().into_iter().map(|(action, _)| action);
    actions.find(|name| !matches!(action(name), About::Either) && action(name) != given)
}

fn say(action: &str, given: About) -> (String, &'static str) {
    if given == About::Bucket {
        let message =
            format!("`{action}` acts on objects, and this ARN names the bucket, so nothing is granted");
        (message, "add `/*` behind the bucket's ARN: `!Sub \"${Bucket.Arn}/*\"`")
    } else {
        let message =
            format!("`{action}` acts on the bucket, and this ARN names objects, so nothing is granted");
        (message, "name the bucket's ARN without what follows the slash")
    }
}

fn action(name: &str) -> About {
    const ON_BUCKET: [&str; 12] = [
        "createbucket",
        "deletebucket",
        "deletebucketpolicy",
        "getbucketacl",
        "getbucketlocation",
        "getbucketpolicy",
        "getbuckettagging",
        "getbucketversioning",
        "listbucket",
        "listbucketmultipartuploads",
        "listbucketversions",
        "putbucketpolicy",
    ];
    const ON_OBJECT: [&str; 6] = [
        "abortmultipartupload",
        "listmultipartuploadparts",
        "replicatedelete",
        "replicateobject",
        "replicatetags",
        "restoreobject",
    ];
    let name = name.to_ascii_lowercase();
    let Some(name) = name.strip_prefix("s3:") else { return About::Either };
    let begins = |verb: &str| name.strip_prefix(verb).is_some_and(|rest| rest.starts_with("object"));
    let exact = name.trim_end_matches('*');
    if begins("get") || begins("put") || begins("delete") || ON_OBJECT.contains(&exact) {
        return About::Object;
    }
    if ON_BUCKET.contains(&name) { About::Bucket } else { About::Either }
}

fn arn(model: &Model<'_>, place: Place<'_>) -> About {
    let Some(text) = written(place) else { return About::Either };
    let bucket =
        |id: &str| model.resource(id).is_some_and(|resource| resource.type_name == "AWS::S3::Bucket");
    let (start, path) =
        text.split_once('/').map_or((text.as_str(), None), |(start, path)| (start, Some(path)));
    let known = match start.split_once(":s3:::") {
        Some((_, name)) => !name.contains(['*', '?', '$']) || only_reference(name).is_some_and(bucket),
        None => only_reference(start).and_then(|name| name.strip_suffix(".Arn")).is_some_and(bucket),
    };
    match (known, path) {
        (false, _) => About::Either,
        (true, Some(_)) => About::Object,
        (true, None) => About::Bucket,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[track_caller]
    fn with(action: &str, resource: &str, expect: &[&str]) {
        let template = format!(
            "\
Resources:
  B: {{Type: AWS::S3::Bucket}}
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - Effect: Allow
            Action: {action}
            Resource: {resource}
"
        );
        check(RULE, &template, expect);
    }

    const OBJECT: &str =
        "10:23 `s3:GetObject` acts on objects, and this ARN names the bucket, so nothing is granted";

    #[test]
    fn a_bucket_is_no_object() {
        with("s3:GetObject", "!GetAtt B.Arn", &[OBJECT]);
        with("s3:GetObject", "!Sub 'arn:aws:s3:::${B}'", &[OBJECT]);
        with("s3:GetObject", "'arn:aws:s3:::pages'", &[OBJECT]);
        with("s3:GetObject", "!Join ['', ['arn:', !Ref 'AWS::Partition', ':s3:::', !Ref B]]", &[OBJECT]);
    }

    #[test]
    fn an_object_is_no_bucket() {
        let found =
            "10:23 `s3:ListBucket` acts on the bucket, and this ARN names objects, so nothing is granted";
        with("[s3:ListBucket]", "!Sub '${B.Arn}/*'", &[found]);
    }

    #[test]
    fn what_fits_or_cannot_be_told_is_left() {
        with("s3:GetObject", "!Sub '${B.Arn}/*'", &[]);
        with("s3:ListBucket", "!GetAtt B.Arn", &[]);
        with("[s3:ListBucket, s3:GetObject]", "[!GetAtt B.Arn, !Sub '${B.Arn}/*']", &[]);
        with("s3:GetObject", "'*'", &[]);
        with("s3:GetObject", "'arn:aws:s3:::pages*'", &[]);
        with("s3:GetObject", "!Ref Arn", &[]);
        with("s3:GetObject", "!Sub 'arn:aws:s3:::${Path}'", &[]);
        with("'s3:*'", "!GetAtt B.Arn", &[]);
        with("s3:GetBucketLocation", "!GetAtt B.Arn", &[]);
    }
}
