//! What differs from stage to stage.

use crate::durability::Durability;
use stack_builder::{HostedZone, Stage};

/// The settings of both stacks.
pub(crate) struct Settings {
    pub(crate) durability: Durability,
    /// Seconds for which a session lasts.
    pub(crate) session: u32,
    /// Requests a second that the API takes, and how many may come at once.
    pub(crate) throttle: (u32, u32),
    /// A name of its own; without one, CloudFront's serves.
    pub(crate) address: Option<Address>,
    /// The table that holds the sessions, known before it is there.
    pub(crate) sessions_table: String,
}

/// A name in a hosted zone that exists.
pub(crate) struct Address {
    pub(crate) name: &'static str,
    pub(crate) zone: HostedZone,
    /// A certificate that exists in us-east-1, such as a wildcard, by its ARN; without one, a new one is made.
    pub(crate) certificate: Option<&'static str>,
}

impl Settings {
    pub(crate) fn of(stage: &Stage) -> Self {
        let production = stage.is_production();
        Self {
            durability: Durability::of(stage),
            session: if production { 3_600 } else { 60 },
            throttle: if production { (100, 200) } else { (10, 20) },
            address: (stage.name() == "own-domain").then(Address::example),
            sessions_table: format!("captains-log-{stage}-sessions"),
        }
    }
}

impl Address {
    /// Put your own here: `aws route53 list-hosted-zones` shows the zone's id.
    fn example() -> Self {
        Self {
            name: "log.example.com",
            zone: HostedZone::existing("Z0123456789ABCDEFGHIJ", "example.com"),
            certificate: None,
        }
    }
}
