//! Throttles and quotas, whose counts survive a reload of the definitions.

use crate::time;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Requests a second that an account may send when nothing else is said
/// ([quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)).
const ACCOUNT_RATE: f64 = 10_000.0;
/// Requests at once.
const ACCOUNT_BURST: f64 = 5_000.0;

/// Counts of throttles and quotas, kept while definitions come and go. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Counters(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    buckets: HashMap<String, Arc<Mutex<Bucket>>>,
    windows: HashMap<String, Arc<Mutex<Window>>>,
}

/// What is left of a burst, and when that was counted; nothing before the first request.
#[derive(Debug, Default)]
struct Bucket(Option<(f64, u64)>);

/// Requests within one period.
#[derive(Debug, Default)]
struct Window {
    number: u64,
    count: u64,
}

/// A rate with bursts: a token bucket.
#[derive(Clone, Debug)]
pub(crate) struct Throttle {
    rate: f64,
    burst: f64,
    bucket: Arc<Mutex<Bucket>>,
}

impl Throttle {
    /// The throttle called `name`; `None` when neither limit is set.
    pub(crate) fn new(
        counters: &Counters,
        name: String,
        rate: Option<f64>,
        burst: Option<f64>,
    ) -> Option<Self> {
        if rate.is_none() && burst.is_none() {
            return None;
        }
        let mut inner = counters.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = inner.buckets.entry(name).or_default().clone();
        let (rate, burst) = (rate.unwrap_or(ACCOUNT_RATE), burst.unwrap_or(ACCOUNT_BURST));
        Some(Self { rate: rate.max(0.0), burst: burst.max(0.0), bucket })
    }

    /// Whether one more request may pass now.
    pub(crate) fn take(&self, now: u64) -> bool {
        let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, at) = bucket.0.unwrap_or((self.burst, now));
        let since = u32::try_from(now.saturating_sub(at)).unwrap_or(u32::MAX);
        let left = (left + self.rate * f64::from(since) / 1000.0).min(self.burst);
        let passes = left >= 1.0;
        bucket.0 = Some((if passes { left - 1.0 } else { left }, now.max(at)));
        passes
    }
}

/// In what time a quota counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Period {
    Day,
    Week,
    Month,
}

/// At most so many requests in a period.
#[derive(Clone, Debug)]
pub(crate) struct Quota {
    limit: u64,
    period: Period,
    window: Arc<Mutex<Window>>,
}

impl Quota {
    /// The quota called `name`.
    pub(crate) fn new(counters: &Counters, name: String, limit: u64, period: Period) -> Self {
        let mut inner = counters.0.lock().unwrap_or_else(PoisonError::into_inner);
        Self { limit, period, window: inner.windows.entry(name).or_default().clone() }
    }

    /// Whether one more request may pass now.
    pub(crate) fn take(&self, now: u64) -> bool {
        let number = match self.period {
            Period::Day => time::day(now),
            // Day 0 was a Thursday; weeks begin on Sunday.
            Period::Week => (time::day(now) + 4) / 7,
            Period::Month => time::month(now),
        };
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if window.number != number {
            *window = Window { number, count: 0 };
        }
        if window.count >= self.limit {
            return false;
        }
        window.count += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_allows_a_burst_and_then_the_rate() {
        let counters = Counters::default();
        let throttle = || Throttle::new(&counters, "x".into(), Some(10.0), Some(3.0)).expect("limits");
        let passed = |now, tries| (0..tries).filter(|_| throttle().take(now)).count();
        assert_eq!(passed(0, 5), 3, "a reload does not fill the bucket");
        assert_eq!(passed(99, 5), 0);
        assert_eq!(passed(100, 5), 1);
        assert_eq!(passed(350, 5), 2);
        assert_eq!(passed(60_000, 9), 3);
        assert_eq!(passed(1, 9), 0, "a clock that goes back fills nothing");
        assert!(Throttle::new(&counters, "y".into(), None, None).is_none());
        assert!(!Throttle::new(&counters, "z".into(), Some(0.0), Some(0.0)).expect("limits").take(9));
    }

    #[test]
    fn a_quota_begins_anew_with_its_period() {
        let day = 86_400_000;
        let check = |period, begin: u64, end: u64| {
            let quota = Quota::new(&Counters::default(), "q".into(), 2, period);
            let passed: Vec<_> = [begin, begin, end - 1, end].map(|now| quota.take(now)).to_vec();
            assert_eq!(passed, [true, true, false, true], "{period:?}");
        };
        check(Period::Day, 5 * day, 6 * day);
        check(Period::Week, 3 * day, 10 * day);
        check(Period::Month, 31 * day, 59 * day);
    }
}
