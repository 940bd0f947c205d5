//! The one client that carries all calls.

use aws_config::BehaviorVersion;
use aws_smithy_runtime::client::defaults::default_http_client_plugin_v2;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin as _;

/// The client that the SDK would make anew for each of its clients and for each of our own calls; shared, its
/// connections serve more than one of them.
pub(crate) fn http_client() -> Option<SharedHttpClient> {
    let plugin = default_http_client_plugin_v2(BehaviorVersion::v2026_01_12())?;
    plugin.runtime_components(&RuntimeComponentsBuilder::new("shared")).http_client()
}
