//! How much the holder of an API key may ask for.

use super::routes::Throttle;
use stack_builder_cfn::Source;
use std::panic::Location;

/// What the holder of an API's key may ask for; more is refused with status 429. Without limits of its own it takes
/// what the API takes.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html>
#[derive(Clone, Debug)]
pub struct UsagePlan {
    rate: Option<u32>,
    burst: Option<u32>,
    pub(super) quota: Option<(u32, &'static str)>,
    pub(super) source: Source,
}

impl UsagePlan {
    /// A plan without limits.
    #[track_caller]
    pub fn new() -> Self {
        Self { rate: None, burst: None, quota: None, source: Location::caller() }
    }

    /// Requests a second.
    pub fn rate(mut self, requests: u32) -> Self {
        self.rate = Some(requests);
        self
    }

    /// Requests at once.
    pub fn burst(mut self, requests: u32) -> Self {
        self.burst = Some(requests);
        self
    }

    /// Requests from midnight to midnight, UTC.
    pub fn per_day(mut self, requests: u32) -> Self {
        self.quota = Some((requests, "DAY"));
        self
    }

    /// Requests a week instead of a day.
    pub fn per_week(mut self, requests: u32) -> Self {
        self.quota = Some((requests, "WEEK"));
        self
    }

    /// Requests a month instead of a day.
    pub fn per_month(mut self, requests: u32) -> Self {
        self.quota = Some((requests, "MONTH"));
        self
    }

    /// Its throttle: where one number is missing, the other stands for it too.
    pub(super) fn throttle(&self) -> Option<Throttle> {
        let either = self.rate.or(self.burst)?;
        Some(Throttle { rate: self.rate.unwrap_or(either), burst: self.burst.unwrap_or(either) })
    }
}

impl Default for UsagePlan {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}
