//! Checksums that clients send and get back: CRC32, CRC32C, CRC64NVME, SHA-1, SHA-256.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use s3s::crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Sha1, Sha256};
use serde::{Deserialize, Serialize};

/// Which checksum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Algorithm {
    Crc32,
    Crc32c,
    /// What S3 takes when the client asks for none.
    #[default]
    Crc64nvme,
    Sha1,
    Sha256,
}

impl Algorithm {
    const ALL: [Self; 5] = [Self::Crc32, Self::Crc32c, Self::Crc64nvme, Self::Sha1, Self::Sha256];

    /// As the API writes it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    /// The header, or trailer, that carries it.
    pub(crate) fn header(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
    }

    /// The one that a trailer of the request will carry.
    fn trailing(headers: &HeaderMap) -> Option<Self> {
        let trailer = headers.get("x-amz-trailer")?.to_str().ok()?;
        Self::ALL.into_iter().find(|algorithm| algorithm.header().eq_ignore_ascii_case(trailer.trim()))
    }
}

/// A checksum of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sum {
    pub(crate) algorithm: Algorithm,
    /// Base64; with `-` and the number of parts when it is one of the parts' checksums.
    pub(crate) value: String,
    /// Whether it is made from the checksums of the parts.
    #[serde(default)]
    pub(crate) composite: bool,
}

/// What a request says of its body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expected {
    pub(crate) algorithm: Algorithm,
    /// Known beforehand; `None` when it follows the body, or is not sent.
    pub(crate) value: Option<String>,
    /// Base64 of an MD5.
    pub(crate) md5: Option<String>,
}

impl Expected {
    /// From the headers of a request.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let md5 = text("content-md5");
        for algorithm in Algorithm::ALL {
            if let Some(value) = text(algorithm.header()) {
                return Self { algorithm, value: Some(value), md5 };
            }
        }
        let named = || Algorithm::named(&text("x-amz-sdk-checksum-algorithm")?);
        let algorithm = Algorithm::trailing(headers).or_else(named).unwrap_or_default();
        Self { algorithm, value: None, md5 }
    }
}

/// Computes one checksum.
pub(crate) enum Hasher {
    Crc32(Crc32),
    Crc32c(Crc32c),
    Crc64nvme(Crc64Nvme),
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Hasher {
    pub(crate) fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Crc32 => Self::Crc32(Crc32::new()),
            Algorithm::Crc32c => Self::Crc32c(Crc32c::new()),
            Algorithm::Crc64nvme => Self::Crc64nvme(Crc64Nvme::new()),
            Algorithm::Sha1 => Self::Sha1(Sha1::new()),
            Algorithm::Sha256 => Self::Sha256(Sha256::new()),
        }
    }

    pub(crate) fn update(&mut self, data: &[u8]) {
        match self {
            Self::Crc32(hasher) => hasher.update(data),
            Self::Crc32c(hasher) => hasher.update(data),
            Self::Crc64nvme(hasher) => hasher.update(data),
            Self::Sha1(hasher) => hasher.update(data),
            Self::Sha256(hasher) => hasher.update(data),
        }
    }

    pub(crate) fn finish(self) -> String {
        match self {
            Self::Crc32(hasher) => STANDARD.encode(hasher.finalize()),
            Self::Crc32c(hasher) => STANDARD.encode(hasher.finalize()),
            Self::Crc64nvme(hasher) => STANDARD.encode(hasher.finalize()),
            Self::Sha1(hasher) => STANDARD.encode(hasher.finalize()),
            Self::Sha256(hasher) => STANDARD.encode(hasher.finalize()),
        }
    }
}

/// The checksum of the parts' checksums: `<base64>-<number of parts>`.
pub(crate) fn composite(algorithm: Algorithm, parts: &[&str]) -> Sum {
    let mut hasher = Hasher::new(algorithm);
    for part in parts {
        hasher.update(&STANDARD.decode(part).unwrap_or_default());
    }
    Sum { algorithm, value: format!("{}-{}", hasher.finish(), parts.len()), composite: true }
}

/// Writes a checksum into the output of an operation.
macro_rules! show_sum {
    ($output:expr, $sum:expr) => {
        if let Some(sum) = $sum {
            let value = Some(sum.value.clone());
            match sum.algorithm {
                $crate::store::Algorithm::Crc32 => $output.checksum_crc32 = value,
                $crate::store::Algorithm::Crc32c => $output.checksum_crc32c = value,
                $crate::store::Algorithm::Crc64nvme => $output.checksum_crc64nvme = value,
                $crate::store::Algorithm::Sha1 => $output.checksum_sha1 = value,
                $crate::store::Algorithm::Sha256 => $output.checksum_sha256 = value,
            }
        }
    };
}
pub(crate) use show_sum;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_of_a_request_is_found_in_header_trailer_or_name() {
        let of = |name: &'static str, value: &'static str| {
            Expected::of(&HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())]))
        };
        let sent = of("x-amz-checksum-sha1", "abc=");
        assert_eq!((sent.algorithm, sent.value.as_deref()), (Algorithm::Sha1, Some("abc=")));
        assert_eq!(of("x-amz-trailer", "x-amz-checksum-crc32").algorithm, Algorithm::Crc32);
        assert_eq!(of("x-amz-sdk-checksum-algorithm", "SHA256").algorithm, Algorithm::Sha256);
        assert_eq!(of("x-other", "").algorithm, Algorithm::Crc64nvme);
    }

    #[test]
    fn values_are_those_of_the_published_check_inputs() {
        let of = |algorithm| {
            let mut hasher = Hasher::new(algorithm);
            hasher.update(b"123456789");
            STANDARD.decode(hasher.finish()).unwrap()
        };
        assert_eq!(of(Algorithm::Crc32), 0xCBF4_3926_u32.to_be_bytes());
        assert_eq!(of(Algorithm::Crc32c), 0xE306_9283_u32.to_be_bytes());
        assert_eq!(of(Algorithm::Crc64nvme), 0xAE8B_1486_0A79_9888_u64.to_be_bytes());
    }
}
