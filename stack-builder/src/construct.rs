//! Constructs: descriptions that become resources when they are added.

use crate::scope::Scope;
use stack_builder_cfn::Resource;

/// A description that can be added to a stack.
///
/// Every resource type of CloudFormation is one; a construct of your own adds others within its `build`:
///
/// ```
/// use stack_builder::{Bucket, BucketRef, Construct, Scope};
///
/// /// A bucket, and another that keeps what happens to it.
/// struct LoggedBucket;
///
/// impl Construct for LoggedBucket {
///     type Handle = BucketRef;
///
///     fn build(self, scope: &mut Scope) -> BucketRef {
///         let logs = scope.add("Logs", Bucket::new().receiving_access_logs());
///         scope.add("Data", Bucket::new().log_access_to(&logs))
///     }
/// }
/// ```
pub trait Construct: Sized {
    /// What others use the construct by.
    type Handle;

    /// Adds the construct's resources to `scope`, and returns the handle on them.
    fn build(self, scope: &mut Scope) -> Self::Handle;
}

impl<R: Resource> Construct for R {
    type Handle = R::Ref;

    fn build(self, scope: &mut Scope) -> R::Ref {
        scope.resource(self)
    }
}
