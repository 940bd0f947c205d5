//! The rules: what a schema cannot see. One rule a file; its doc comment is its page.
//!
//! # To write a rule
//!
//! 1. Make `rules/<id_in_snake_case>.rs`: a `//!` line, then the declaration, whose doc comment is the page.
//!
//!    ```ignore
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
//!
//! What to know: [`Model`](crate::model::Model) has the resources by type, and who mentions whom;
//! [`Resource::values`](crate::model::Resource::values) sees through `Fn::If` and gives every value that a property
//! may have; [`Place`](crate::document::Place) is one value with its position. A function that is no literal is not
//! known before deployment: a rule that is not sure says nothing. An `Error` is what fails or endangers; a `Warning`
//! what is probably not meant.

mod log_group_without_retention;
mod stateful_without_deletion_policy;
mod unused_parameter;

use crate::rule::Rule;

/// Every rule, in alphabetical order.
pub const RULES: &[Rule] =
    &[log_group_without_retention::RULE, stateful_without_deletion_policy::RULE, unused_parameter::RULE];
