//! CloudFormation's language, typed: values, intrinsics, templates, and every resource type.
//!
//! A service is a module behind a cargo feature of the same name, a resource type is a builder in it, and its nested
//! types stand in a module named after it. The types are generated while this crate is built, from the facts in
//! `facts/`.
//!
//! ```
//! use stack_builder_cfn::{Template, s3};
//!
//! let mut template = Template::new();
//! let logs = template.add("Logs", s3::Bucket::new().bucket_name("my-logs"));
//! template.add(
//!     "Site",
//!     s3::Bucket::new().logging_configuration_with(|l| l.destination_bucket_name(logs.reference())),
//! );
//! assert!(template.check().is_empty());
//! ```

mod check;
mod condition;
pub mod dynamic;
mod facts;
#[cfg(feature = "foreign")]
mod foreign;
pub mod intrinsic;
#[cfg(feature = "foreign")]
mod nearest;
mod node;
mod order;
mod parameter;
mod pattern;
mod policy;
pub mod pseudo;
mod readable;
mod reference;
mod resource;
mod shown;
mod template;
mod trail;
mod value;
mod write;

pub use condition::{Condition, Test};
#[cfg(feature = "foreign")]
pub use nearest::nearest;
pub use node::{Call, Entry, Node, Object, Source};
pub use parameter::Parameter;
pub use policy::{PolicyDocument, Statement};
pub use reference::Reference;
pub use resource::{Attributes, Definition, LogicalId, Missing, RemovalPolicy, Resource, ResourceRef, Set};
pub use shown::escaped;
pub use template::{Mapping, Output, ResourceEntry, Template};
pub use value::{IntoValue, Json, List, Map, Value};

include!(concat!(env!("OUT_DIR"), "/services.rs"));
