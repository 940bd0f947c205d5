//! Placeholders that nobody fills: a forgotten `$`, or a forgotten `Fn::Sub`.

use crate::document::Place;
use crate::finding::Findings;
use crate::model::{Model, Resource};
use crate::rule::rule;
use std::collections::HashSet;

rule! {
    /// A placeholder that is not replaced
    ///
    /// # Why
    /// CloudFormation replaces `${Stage}`, and only within `Fn::Sub`. `{Stage}` stays as it is, and so does `${Stage}`
    /// in any other text: the name, address or description then holds the placeholder itself.
    ///
    /// Only names that the template declares are looked for, and not in code, where braces have meanings of their own.
    ///
    /// # Bad
    /// ```yaml
    /// Parameters:
    ///   Stage: {Type: String}
    /// Resources:
    ///   News:
    ///     Type: AWS::SNS::Topic
    ///     Properties:
    ///       TopicName: !Sub "news-{Stage}"
    ///       DisplayName: "News of ${Stage}"
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Parameters:
    ///   Stage: {Type: String}
    /// Resources:
    ///   News:
    ///     Type: AWS::SNS::Topic
    ///     Properties:
    ///       TopicName: !Sub "news-${Stage}"
    ///       DisplayName: !Sub "News of ${Stage}"
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html>
    "placeholder-not-replaced", Warning, check
}

/// Types whose texts have placeholders of their own.
const OWN_LANGUAGES: [&str; 8] = [
    "AWS::AppSync::FunctionConfiguration",
    "AWS::AppSync::Resolver",
    "AWS::CloudFront::Function",
    "AWS::CodeBuild::Project",
    "AWS::ImageBuilder::Component",
    "AWS::SSM::Document",
    "AWS::Serverless::StateMachine",
    "AWS::StepFunctions::StateMachine",
];

/// Keys of code, patterns and paths, in which braces mean something else.
const CODE: [&str; 17] = [
    "Body",
    "Command",
    "Content",
    "DashboardBody",
    "DefinitionString",
    "FilterPattern",
    "InlineCode",
    "IntegrationUri",
    "Path",
    "PathPart",
    "RequestParameters",
    "RequestTemplates",
    "ResponseTemplates",
    "RouteKey",
    "Uri",
    "UserData",
    "ZipFile",
];

const PSEUDO_PARAMETERS: [&str; 7] = [
    "AWS::AccountId",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let names = names(model);
    let resources = model.resources().iter().filter(|resource| !OWN_LANGUAGES.contains(&resource.type_name));
    let properties = resources.filter_map(|resource| resource.attribute("Properties"));
    let outputs = model.section("Outputs").map(|(_, output)| output);
    for part in properties.chain(outputs).chain(model.root().get("Description")) {
        for place in part.descendants().into_iter().filter(|place| !is_code(*place)) {
            if let Some((message, hint)) = place.text().and_then(|text| problem(text, place, &names)) {
                findings.report(place, message, hint);
            }
        }
    }
}

fn names<'a>(model: &Model<'a>) -> HashSet<&'a str> {
    let parameters = model.section("Parameters").map(|(name, _)| name);
    let resources = model.resources().iter().map(|resource: &Resource<'a>| resource.id);
    parameters.chain(resources).chain(PSEUDO_PARAMETERS).collect()
}

fn is_code(place: Place<'_>) -> bool {
    let mut here = Some(place);
    std::iter::from_fn(|| {
        let now = here?;
        here = now.parent();
        Some(now)
    })
    .filter_map(Place::key)
    .any(|key| CODE.contains(&key) || key == "Fn::Transform")
}

fn problem(text: &str, place: Place<'_>, names: &HashSet<&str>) -> Option<(String, String)> {
    // Texts of several lines are scripts.
    if !text.contains('{') || text.trim_end().contains('\n') {
        return None;
    }
    let known = |name: &&str| names.contains(name.split('.').next().unwrap_or(name));
    let meant = |name: &&str| names.contains(name) || known(name) && is_attribute(name);
    if let Some(name) = bare(text).find(meant) {
        let message = format!("`{{{name}}}` stays as it is: the `$` before it is missing");
        return Some((message, format!("write `${{{name}}}` in the text of an `Fn::Sub`")));
    }
    if is_substituted(place) {
        return None;
    }
    let name = marked(text).find(known)?;
    let message = format!("`${{{name}}}` stays as it is: this text is no `Fn::Sub`");
    Some((message, "put `!Sub` before the text, or have `Fn::Sub` around it".to_owned()))
}

/// Whether `Fn::Sub` reads the text.
fn is_substituted(place: Place<'_>) -> bool {
    let first_of = |list: Place<'_>| list.is_list() && list.items().next() == Some(place);
    place.key() == Some("Fn::Sub")
        || place.parent().is_some_and(|list| list.key() == Some("Fn::Sub") && first_of(list))
}

/// The names that stand as `${Name}`.
fn marked(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// Whether this is a name and an attribute, such as `Table.Arn`, and no code.
fn is_attribute(name: &str) -> bool {
    let mut parts = name.split('.');
    parts.next().is_some()
        && parts.all(|part| {
            part.starts_with(|c: char| c.is_ascii_uppercase())
                && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

/// The names that stand as `{Name}`, without anything before or behind the braces that gives them a meaning.
fn bare(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('{').filter_map(|(at, _)| {
        let inside = text[at + 1..].split('{').next()?;
        let (name, _) = inside.split_once('}')?;
        let behind = &text[at + 1 + name.len() + 1..];
        let meant = text[..at].ends_with(['$', '{', '%', '#', '@', '\\']) || behind.starts_with('}');
        (!meant).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    const BARE: &str = "`{Stage}` stays as it is: the `$` before it is missing";
    const PLAIN: &str = "`${Stage}` stays as it is: this text is no `Fn::Sub`";

    #[track_caller]
    fn with(name: &str, value: &str, expect: Option<(&str, &str)>) {
        let template = format!(
            "Parameters: {{Stage: {{Type: String}}}}\nResources:\n  T:\n    Type: AWS::SNS::Topic\n    Properties:\n      {name}: {value}\n"
        );
        let expect = expect.map(|(column, message)| format!("6:{column} {message}"));
        check(RULE, &template, &expect.iter().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn a_dollar_is_missing() {
        with("A", "!Sub 'a-{Stage}'", Some(("10", BARE)));
        with("A", "'a-{Stage}'", Some(("10", BARE)));
        with("A", "!Join ['-', [a, '{Stage}']]", Some(("26", BARE)));
        with("A", "!Sub 'a-${Stage}'", None);
        let attribute = "`{T.TopicArn}` stays as it is: the `$` before it is missing";
        with("A", "'{T.TopicArn}'", Some(("10", attribute)));
        with("A", "!Join ['/', [a, '{T.TopicArn}']]", Some(("26", attribute)));
        with("A", "'{T.toString()} {T.x} {U.TopicArn}'", None);
        with("A", "'{{T.TopicArn}}'", None);
        with("A", "!Sub 'a-{Other}'", None);
        with("A", "'{{Stage}}'", None);
    }

    #[test]
    fn a_sub_is_missing() {
        with("A", "'a-${Stage}'", Some(("10", PLAIN)));
        with("A", "!Sub ['${v}', {v: '${Stage}'}]", Some(("28", PLAIN)));
        with("A", "!Sub ['${Stage}', {v: a}]", None);
        with("A", "'${aws:username}'", None);
        let region = "`${AWS::Region}` stays as it is: this text is no `Fn::Sub`";
        with("A", "'${AWS::Region}'", Some(("10", region)));
    }

    #[test]
    fn code_has_braces_of_its_own() {
        with("ZipFile", "'f\"{Stage}\"'", None);
        with("UserData", "!Base64 'echo ${Stage}'", None);
        with("A", "\"echo ${Stage}\\nexit\"", None);
    }

    #[test]
    fn outputs_and_the_description_are_read_too() {
        let template = "\
Description: for {AWS::Region}
Parameters: {Stage: {Type: String}}
Outputs:
  Url:
    Description: address of {Stage}
    Value: !Sub https://example.com/{Stage}
";
        let region = "1:14 `{AWS::Region}` stays as it is: the `$` before it is missing";
        check(RULE, template, &[&format!("5:18 {BARE}"), &format!("6:12 {BARE}"), region]);
    }
}
