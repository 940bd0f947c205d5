//! Versions of the GNU C library, of which Lambda's runtime has an old one.

use std::fmt;

/// A version of glibc, ordered by age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GlibcVersion {
    /// The 2 of 2.34.
    pub major: u32,
    /// The 34 of 2.34.
    pub minor: u32,
}

impl GlibcVersion {
    /// What `provided.al2023` has
    /// (<https://docs.aws.amazon.com/linux/al2023/ug/core-glibc.html>).
    pub const AL2023: Self = Self { major: 2, minor: 34 };

    /// Reads `2.34`, and `2.2.5` as 2.2.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.').map(|part| part.parse().ok());
        Some(Self { major: numbers.next()??, minor: numbers.next()?? })
    }

    /// Reads the name of a symbol version, `GLIBC_2.34`; `None` for one that any glibc has.
    pub(crate) fn of_symbol_version(name: &str) -> Option<Self> {
        let rest = name.strip_prefix("GLIBC_")?;
        if rest.starts_with("ABI_") {
            // Markers of the linker's own needs; the first, ABI_DT_RELR, came with 2.36.
            return Some(Self { major: 2, minor: 36 });
        }
        Self::parse(rest)
    }
}

impl fmt::Display for GlibcVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::GlibcVersion;

    #[track_caller]
    fn check(name: &str, expect: Option<(u32, u32)>) {
        let found = GlibcVersion::of_symbol_version(name);
        assert_eq!(found, expect.map(|(major, minor)| GlibcVersion { major, minor }));
    }

    #[test]
    fn reads_symbol_versions() {
        check("GLIBC_2.34", Some((2, 34)));
        check("GLIBC_2.2.5", Some((2, 2)));
        check("GLIBC_ABI_DT_RELR", Some((2, 36)));
        check("GLIBC_PRIVATE", None);
        check("GLIBC_2", None);
        check("GLIBC_2.99999999999", None);
        check("GCC_3.0", None);
    }

    #[test]
    fn orders_by_number_and_not_by_text() {
        assert!(GlibcVersion { major: 2, minor: 4 } < GlibcVersion::AL2023);
        assert!(GlibcVersion { major: 2, minor: 100 } > GlibcVersion::AL2023);
    }
}
