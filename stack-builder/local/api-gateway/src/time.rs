//! Times as API Gateway writes them.

const DAY: u64 = 86_400;
/// The last second of the year 9999; what a token claims beyond it is shown as this.
const LAST: u64 = 253_402_300_799;
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/// A moment in UTC.
struct Moment {
    year: u64,
    /// From 0.
    month: usize,
    day: u64,
    weekday: usize,
    clock: String,
}

fn moment(seconds: u64) -> Moment {
    let seconds = seconds.min(LAST);
    let (days, rest) = (seconds / DAY, seconds % DAY);
    // Years that begin in March have the leap day at their end.
    let shifted = days + 719_468;
    let (era, day) = (shifted / 146_097, shifted % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let january = u64::from(month >= 10);
    Moment {
        year: year + era * 400 + january,
        month: index((month + 2) % 12),
        day: of_year - (153 * month + 2) / 5 + 1,
        weekday: index((days + 4) % 7),
        clock: format!("{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60),
    }
}

fn index(small: u64) -> usize {
    usize::try_from(small).unwrap_or(0)
}

/// `$context.requestTime`, in the Common Log Format.
pub(crate) fn request_time(millis: u64) -> String {
    let m = moment(millis / 1000);
    format!("{:02}/{}/{:04}:{} +0000", m.day, MONTHS[m.month], m.year, m.clock)
}

/// The claims `exp` and `iat` as a REST API passes them on.
pub(crate) fn claim_time(seconds: u64) -> String {
    let m = moment(seconds);
    format!("{} {} {:02} {} UTC {}", DAYS[m.weekday], MONTHS[m.month], m.day, m.clock, m.year)
}

/// The number of the month since year 0, in which a monthly quota counts.
pub(crate) fn month(millis: u64) -> u64 {
    let m = moment(millis / 1000);
    m.year * 12 + u64::try_from(m.month).unwrap_or(0)
}

/// The number of the day since 1970.
pub(crate) fn day(millis: u64) -> u64 {
    millis / 1000 / DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_dates() {
        let check = |seconds, log: &str, claim: &str| {
            assert_eq!(request_time(seconds * 1000 + 999), log);
            assert_eq!(claim_time(seconds), claim);
        };
        check(0, "01/Jan/1970:00:00:00 +0000", "Thu Jan 01 00:00:00 UTC 1970");
        check(1_495_742_003, "25/May/2017:19:53:23 +0000", "Thu May 25 19:53:23 UTC 2017");
        check(1_709_210_096, "29/Feb/2024:12:34:56 +0000", "Thu Feb 29 12:34:56 UTC 2024");
        check(1_735_689_599, "31/Dec/2024:23:59:59 +0000", "Tue Dec 31 23:59:59 UTC 2024");
        assert_eq!(claim_time(u64::MAX), "Fri Dec 31 23:59:59 UTC 9999");
        assert_eq!(month(1_735_689_599_000) + 1, month(1_735_689_600_000));
    }
}
