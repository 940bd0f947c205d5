//! The statements of all policies in a template, whatever resource carries them.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>

use super::text::written;
use crate::document::Place;
use crate::model::Model;

/// Whom a policy tells what they may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Kind {
    /// It hangs on a role, a user or a group.
    Identity,
    /// It says who may take a role.
    Trust,
    /// It hangs on what is used: a bucket, a queue, a key.
    Resource,
}

/// Where policies stand.
const DOCUMENTS: &[(&str, &str, Kind)] = &[
    ("AWS::ECR::Repository", "RepositoryPolicyText", Kind::Resource),
    ("AWS::IAM::Group", "Policies.*.PolicyDocument", Kind::Identity),
    ("AWS::IAM::GroupPolicy", "PolicyDocument", Kind::Identity),
    ("AWS::IAM::ManagedPolicy", "PolicyDocument", Kind::Identity),
    ("AWS::IAM::Policy", "PolicyDocument", Kind::Identity),
    ("AWS::IAM::Role", "AssumeRolePolicyDocument", Kind::Trust),
    ("AWS::IAM::Role", "Policies.*.PolicyDocument", Kind::Identity),
    ("AWS::IAM::RolePolicy", "PolicyDocument", Kind::Identity),
    ("AWS::IAM::User", "Policies.*.PolicyDocument", Kind::Identity),
    ("AWS::IAM::UserPolicy", "PolicyDocument", Kind::Identity),
    ("AWS::KMS::Key", "KeyPolicy", Kind::Resource),
    ("AWS::S3::BucketPolicy", "PolicyDocument", Kind::Resource),
    ("AWS::SNS::TopicPolicy", "PolicyDocument", Kind::Resource),
    ("AWS::SQS::QueuePolicy", "PolicyDocument", Kind::Resource),
    ("AWS::SSO::PermissionSet", "InlinePolicy", Kind::Identity),
    ("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy", Kind::Resource),
    ("AWS::Serverless::Function", "Policies.*", Kind::Identity),
];

/// One statement of a policy.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Statement<'a> {
    /// The statement itself.
    pub(in crate::rules) place: Place<'a>,
    /// The policy that it is part of.
    pub(in crate::rules) document: Place<'a>,
    /// What kind of policy that is.
    pub(in crate::rules) kind: Kind,
    /// The type of the resource that carries the policy.
    pub(in crate::rules) carrier: &'a str,
}

/// Every statement of the template, in the order of the table and the text.
pub(in crate::rules) fn statements<'a>(model: &Model<'a>) -> Vec<Statement<'a>> {
    let mut found = Vec::new();
    for (type_name, path, kind) in DOCUMENTS {
        for resource in model.of_type(type_name) {
            for document in resource.values(path) {
                found.extend(each(document, "Statement").into_iter().map(|place| Statement {
                    place,
                    document,
                    kind: *kind,
                    carrier: resource.type_name,
                }));
            }
        }
    }
    found
}

impl<'a> Statement<'a> {
    /// Whether it surely allows something. That IAM wants the word in its own case is another matter.
    pub(in crate::rules) fn allows(&self) -> bool {
        let effect = self.place.get("Effect").and_then(Place::text);
        effect.is_some_and(|effect| effect.eq_ignore_ascii_case("Allow"))
    }

    /// Whether something beyond principal, action and resource must hold.
    pub(in crate::rules) fn has_condition(&self) -> bool {
        self.place.get("Condition").is_some()
    }

    /// The actions that are literals.
    pub(in crate::rules) fn actions(&self) -> Vec<(&'a str, Place<'a>)> {
        let actions = each(self.place, "Action").into_iter();
        actions.filter_map(|place| place.text().map(|text| (text, place))).collect()
    }

    /// What `Resource` lists.
    pub(in crate::rules) fn resources(&self) -> Vec<Place<'a>> {
        each(self.place, "Resource")
    }

    /// Whether `Resource` names everything.
    pub(in crate::rules) fn is_on_everything(&self) -> bool {
        self.resources().into_iter().any(|place| place.text() == Some("*"))
    }

    /// The principal that stands for everyone on Earth, where there is one.
    pub(in crate::rules) fn everyone(&self) -> Option<Place<'a>> {
        let star = |place: &Place<'_>| written(*place).as_deref() == Some("*");
        let named = each(self.place, "Principal").into_iter();
        let accounts = self.place.values("Principal").into_iter().flat_map(|place| each(place, "AWS"));
        named.chain(accounts).find(star)
    }
}

/// The items of the list under `key`, or the one value that stands there without a list.
pub(in crate::rules) fn each<'a>(place: Place<'a>, key: &str) -> Vec<Place<'a>> {
    let values = place.values(key).into_iter();
    values.flat_map(|value| if value.is_list() { value.values("*") } else { vec![value] }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Language};
    use stack_builder_cfn::Template;

    #[track_caller]
    fn with<T>(text: &str, ask: impl FnOnce(Vec<Statement<'_>>) -> T) -> T {
        let (document, _) = Document::read(text.as_bytes(), Language::Yaml);
        let document = document.unwrap();
        let (template, _) = Template::read(crate::template::node(document.root()));
        ask(statements(&Model::new(&document, &template)))
    }

    #[test]
    fn one_statement_needs_no_list_and_conditions_are_looked_through() {
        let template = "\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {AWS: ['*']}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - !If [Prod, {Effect: Allow, Action: ['a:B', 'a:C'], Resource: '*'}, !Ref AWS::NoValue]
";
        with(template, |statements| {
            let kinds: Vec<_> = statements.iter().map(|statement| statement.kind).collect();
            assert_eq!(kinds, [Kind::Trust, Kind::Identity]);
            assert!(statements[0].everyone().is_some());
            assert!(statements[1].is_on_everything() && statements[1].everyone().is_none());
            let actions: Vec<_> = statements[1].actions().into_iter().map(|(action, _)| action).collect();
            assert_eq!(actions, ["a:B", "a:C"]);
        });
    }
}
