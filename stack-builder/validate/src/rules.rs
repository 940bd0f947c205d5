//! The rules: what a schema cannot see. One rule a file; its doc comment is its page.
//!
//! # To write a rule
//!
//! 1. Make `rules/<id_in_snake_case>.rs`: a `//!` line, then the declaration, whose doc comment is the page.
//!
//!    ```text
//!    //! A bucket that anyone can read.
//!
//!    use crate::finding::Findings;
//!    use crate::model::Model;
//!    use crate::rule::rule;
//!
//!    rule! {
//!        /// A bucket whose content anyone can read
//!        ///
//!        /// # Why
//!        /// Two or three sentences: what happens to whoever leaves it so.
//!        ///
//!        /// # Bad
//!        /// ```yaml
//!        /// Resources:
//!        ///   …a whole template, as short as can be, in which this rule finds something…
//!        /// ```
//!        ///
//!        /// # Good
//!        /// ```yaml
//!        /// …the same, mended: this rule finds nothing…
//!        /// ```
//!        "public-bucket", Error, check
//!    }
//!
//!    fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
//!        for bucket in model.of_type("AWS::S3::Bucket") {
//!            for (text, place) in bucket.texts("AccessControl") {
//!                if text.starts_with("PublicRead") {
//!                    findings.report(place, "what is wrong and why", "how to mend it");
//!                }
//!            }
//!        }
//!    }
//!    ```
//!
//! 2. Name it in the two lists below, in alphabetical order. A test runs the bad and the good template of every page,
//!    and parses them as the whole validator does.
//! 3. Add a test at the foot of the file with [`check`](crate::testing::check), which compares `line:column message`.
//! 4. Put a bad template into `tests/bad`, in YAML and in JSON: a test asks for both, and for nothing else to be found.
//!
//! End the page with `# See` and the page of AWS on which the rule stands.
//!
//! What to know: [`Model`](crate::model::Model) has the resources by type, and who mentions whom;
//! [`Resource::values`](crate::model::Resource::values) sees through `Fn::If` and gives every value that a property
//! may have; [`Place`](crate::document::Place) is one value with its position. `common` holds what several
//! rules read: statements of policies, distributions, and a value as one text. A function that is no literal is not
//! known before deployment: a rule that is not sure says nothing. An `Error` is what fails or endangers; a `Warning`
//! what is probably not meant.

mod api_errors_become_html;
mod api_key_not_required;
mod bucket_and_object_arns;
mod certificate_region;
mod common;
mod cors_credentials_for_everyone;
mod deployment_before_methods;
mod dynamic_reference_not_resolved;
mod edge_function_limits;
mod edge_function_version;
mod edge_role_trust;
mod export_name_by_resource;
mod implicit_grant;
mod insecure_callback;
mod jwt_authorizer;
mod log_group_without_retention;
mod low_tls_floor;
mod options_behind_authorizer;
mod path_part_with_slash;
mod permission_without_source;
mod placeholder_not_replaced;
mod plain_text_secret;
mod policy_effect;
mod protected_from_deletion;
mod public_bucket;
mod public_grant;
mod reserved_variable;
mod runtime_blocked;
mod runtime_deprecated;
mod select_out_of_range;
mod stateful_without_deletion_policy;
mod table_keys;
mod throughput_on_demand;
mod tls_floor_ignored;
mod ttl_not_a_number;
mod unknown_origin;
mod unused_condition;
mod unused_mapping;
mod unused_parameter;
mod unused_variable;
mod weak_password_policy;
mod website_origin;
mod wildcard_grant;

use crate::rule::Rule;

/// Every rule, in alphabetical order.
pub const RULES: &[Rule] = &[
    api_errors_become_html::RULE,
    api_key_not_required::RULE,
    bucket_and_object_arns::RULE,
    certificate_region::RULE,
    cors_credentials_for_everyone::RULE,
    deployment_before_methods::RULE,
    dynamic_reference_not_resolved::RULE,
    edge_function_limits::RULE,
    edge_function_version::RULE,
    edge_role_trust::RULE,
    export_name_by_resource::RULE,
    implicit_grant::RULE,
    insecure_callback::RULE,
    jwt_authorizer::RULE,
    log_group_without_retention::RULE,
    low_tls_floor::RULE,
    options_behind_authorizer::RULE,
    path_part_with_slash::RULE,
    permission_without_source::RULE,
    placeholder_not_replaced::RULE,
    plain_text_secret::RULE,
    policy_effect::RULE,
    protected_from_deletion::RULE,
    public_bucket::RULE,
    public_grant::RULE,
    reserved_variable::RULE,
    runtime_blocked::RULE,
    runtime_deprecated::RULE,
    select_out_of_range::RULE,
    stateful_without_deletion_policy::RULE,
    table_keys::RULE,
    throughput_on_demand::RULE,
    tls_floor_ignored::RULE,
    ttl_not_a_number::RULE,
    unknown_origin::RULE,
    unused_condition::RULE,
    unused_mapping::RULE,
    unused_parameter::RULE,
    unused_variable::RULE,
    weak_password_policy::RULE,
    website_origin::RULE,
    wildcard_grant::RULE,
];
