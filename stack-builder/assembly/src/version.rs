//! The version of the assembly's format, apart from the version of the crates.

/// The format this build writes, `major.minor`.
///
/// A reader accepts every minor of its own major and refuses a newer major.
pub const SCHEMA_VERSION: &str = "1.1";

/// Accepts a version whose major this build can read.
#[cfg(feature = "read")]
pub(crate) fn supported<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    use serde::{Deserialize as _, de::Error as _};
    let version = String::deserialize(deserializer)?;
    let major = |text: &str| text.split('.').next().and_then(|m| m.parse::<u32>().ok());
    match (major(&version), major(SCHEMA_VERSION)) {
        (Some(found), Some(known)) if found <= known => Ok(version),
        (Some(_), _) => Err(D::Error::custom(format!(
            "assembly format {version} is newer than {SCHEMA_VERSION}, the newest this stack-builder reads; \
             upgrade the stack-builder command"
        ))),
        (None, _) => Err(D::Error::custom(format!("{version:?} is not an assembly format version"))),
    }
}
