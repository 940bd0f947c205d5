//! The partitions of AWS: groups of regions with domains and a central region of their own.
//!
//! See <https://docs.aws.amazon.com/general/latest/gr/rande.html#partition-endpoints>.

/// A partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Partition {
    /// How the names of its regions begin.
    prefix: &'static str,
    /// The domain of its services.
    pub(crate) domain: &'static str,
    /// The domain of those that answer over IPv6 too.
    pub(crate) dual_stack: &'static str,
    /// The region that signs for what is in no region.
    pub(crate) central: &'static str,
}

/// The one that every other region is in.
const COMMERCIAL: Partition =
    Partition { prefix: "", domain: "amazonaws.com", dual_stack: "api.aws", central: "us-east-1" };

/// None of the prefixes begins another one.
const OTHERS: [Partition; 7] = [
    Partition {
        prefix: "cn-",
        domain: "amazonaws.com.cn",
        dual_stack: "api.amazonwebservices.com.cn",
        central: "cn-northwest-1",
    },
    Partition { prefix: "us-gov-", central: "us-gov-west-1", ..COMMERCIAL },
    Partition {
        prefix: "eusc-",
        domain: "amazonaws.eu",
        dual_stack: "api.amazonwebservices.eu",
        central: "eusc-de-east-1",
    },
    Partition {
        prefix: "us-iso-",
        domain: "c2s.ic.gov",
        dual_stack: "api.aws.ic.gov",
        central: "us-iso-east-1",
    },
    Partition {
        prefix: "us-isob-",
        domain: "sc2s.sgov.gov",
        dual_stack: "api.aws.scloud",
        central: "us-isob-east-1",
    },
    Partition {
        prefix: "eu-isoe-",
        domain: "cloud.adc-e.uk",
        dual_stack: "api.cloud-aws.adc-e.uk",
        central: "eu-isoe-west-1",
    },
    Partition {
        prefix: "us-isof-",
        domain: "csp.hci.ic.gov",
        dual_stack: "api.aws.hci.ic.gov",
        central: "us-isof-south-1",
    },
];

impl Partition {
    /// The one that `region` is in.
    pub(crate) fn of(region: &str) -> Self {
        OTHERS.into_iter().find(|other| region.starts_with(other.prefix)).unwrap_or(COMMERCIAL)
    }

    /// Whether it is the one that most accounts are in.
    pub(crate) fn is_commercial(self) -> bool {
        self == COMMERCIAL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_is_in_one_partition() {
        for (region, domain, central) in [
            ("eu-west-1", "amazonaws.com", "us-east-1"),
            ("cn-north-1", "amazonaws.com.cn", "cn-northwest-1"),
            ("us-gov-east-1", "amazonaws.com", "us-gov-west-1"),
            ("eusc-de-east-1", "amazonaws.eu", "eusc-de-east-1"),
            ("us-isob-east-1", "sc2s.sgov.gov", "us-isob-east-1"),
        ] {
            let partition = Partition::of(region);
            assert_eq!((partition.domain, partition.central), (domain, central), "{region}");
        }
        assert!(Partition::of("mx-central-1").is_commercial());
        assert!(!Partition::of("us-gov-west-1").is_commercial());
    }
}
