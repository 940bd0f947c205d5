//! Addresses of the pages that users sign in on.

use stack_builder::cfn::intrinsic;
use stack_builder::{IntoValue, Value};

/// The origins from which a browser calls: the published page, and a developer's own.
pub(crate) fn origins(page: &Value<String>, also: Option<&str>) -> Vec<Value<String>> {
    [page.clone()].into_iter().chain(also.map(IntoValue::into_value)).collect()
}

/// The addresses to which users come back from signing in or out.
pub(crate) fn addresses(page: &Value<String>, also: Option<&str>) -> Vec<Value<String>> {
    let address = |origin| intrinsic::sub("${origin}/", [("origin", origin)]);
    origins(page, also).into_iter().map(address).collect()
}

/// The services that a page connects to beside its own host. Their exact names cannot stand in the page's policy,
/// because they are told the page's name.
pub(crate) fn services() -> [Value<String>; 4] {
    [
        "https://*.execute-api.${AWS::Region}.amazonaws.com",
        "https://*.auth.${AWS::Region}.amazoncognito.com",
        "https://*.s3.${AWS::Region}.amazonaws.com",
        "https://*.s3.amazonaws.com",
    ]
    .map(|address| intrinsic::sub(address, []))
}
