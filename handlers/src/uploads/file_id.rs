//! A file's id.

use uuid::Uuid;

/// A UUID in its usual spelling: lower case, with hyphens. One spelling only, because ids are compared as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileId(String);

impl FileId {
    /// A new random one (version 4).
    pub(crate) fn random() -> Self {
        Self(Uuid::new_v4().to_string())
    }

    /// Checks the spelling.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let uuid = Uuid::try_parse(text).ok().filter(|uuid| uuid.to_string() == text);
        uuid.map(|uuid| Self(uuid.to_string())).ok_or("must be the id that `/getUploadUrl` gave")
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_ids_are_version_4_and_parse() {
        for _ in 0..100 {
            let id = FileId::random();
            assert_eq!(FileId::parse(id.as_str()), Ok(id.clone()));
            assert_eq!(id.as_str().as_bytes()[14], b'4', "{id:?}");
        }
    }

    #[test]
    fn one_spelling_only() {
        for text in [
            "",
            "x",
            "0B0E7A52-1F4B-4C8E-9D3A-6D3F0F7F2A11",
            "0b0e7a521f4b4c8e9d3a6d3f0f7f2a11",
            "{0b0e7a52-1f4b-4c8e-9d3a-6d3f0f7f2a11}",
            "urn:uuid:0b0e7a52-1f4b-4c8e-9d3a-6d3f0f7f2a11",
            "0b0e7a52-1f4b-4c8e-9d3a-6d3f0f7f2a11 ",
            "0b0e7a52-1f4b-4c8e-9d3a-6d3f0f7f2a1g",
        ] {
            assert!(FileId::parse(text).is_err(), "{text}");
        }
    }
}
