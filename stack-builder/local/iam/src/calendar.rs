//! Dates as signatures, policies and STS write them.

/// Seconds since 1970 of a date and time in UTC; `None` when there is no such day or hour.
fn seconds(year: i64, month: i64, day: i64, time: [i64; 3]) -> Option<i64> {
    let [hour, minute, second] = time;
    let known = (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second);
    known.then(|| days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970 in the Gregorian calendar; the year is counted from March, so that the leap day is its last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The inverse of [`days`]: year, month, day.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + i64::from(month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1)
}

fn digits(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

/// Reads `20260102T030405Z`.
pub(crate) fn parse_basic(text: &str) -> Option<u64> {
    let shaped = text.len() == 16 && text.is_ascii() && &text[8..9] == "T" && text.ends_with('Z');
    if !shaped {
        return None;
    }
    let part = |from: usize, to: usize| digits(&text[from..to]);
    let time = [part(9, 11)?, part(11, 13)?, part(13, 15)?];
    u64::try_from(seconds(part(0, 4)?, part(4, 6)?, part(6, 8)?, time)?).ok()
}

/// Reads what a policy may say: seconds since 1970, `2026-01-02`, `2026-01-02T03:04:05Z`, with fraction or offset.
pub(crate) fn parse_extended(text: &str) -> Option<i64> {
    if let Some(epoch) = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten() {
        return Some(epoch);
    }
    let (date, time) = text.split_once('T').unwrap_or((text, "00:00:00Z"));
    let mut date = date.splitn(3, '-').map(digits);
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let zone = time.find(['Z', '+', '-'])?;
    let clock = time[..zone].split_once('.').map_or(&time[..zone], |(whole, _)| whole);
    let mut clock = clock.splitn(3, ':').map(digits);
    let time_of_day = [clock.next()??, clock.next()??, clock.next().unwrap_or(Some(0))?];
    Some(seconds(year, month, day, time_of_day)? - offset(&time[zone..])?)
}

fn offset(zone: &str) -> Option<i64> {
    let sign = match zone.as_bytes().first()? {
        b'Z' => return (zone.len() == 1).then_some(0),
        b'+' => 1,
        _ => -1,
    };
    let (hours, minutes) = zone[1..].split_once(':')?;
    Some(sign * (digits(hours)? * 3600 + digits(minutes)? * 60))
}

/// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, the form of the `Date` header.
pub(crate) fn parse_http(text: &str) -> Option<u64> {
    const MONTHS: &[&str] =
        &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = text.split_once(", ")?.1.strip_suffix(" GMT")?.splitn(4, ' ');
    let (day, month, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let mut time = time.splitn(3, ':').map(digits);
    let time = [time.next()??, time.next()??, time.next()??];
    u64::try_from(seconds(digits(year)?, i64::try_from(month).ok()?, digits(day)?, time)?).ok()
}

fn split(at: u64) -> ((i64, i64, i64), (u64, u64, u64)) {
    let of_day = at % 86_400;
    (civil(i64::try_from(at / 86_400).unwrap_or(0)), (of_day / 3600, of_day / 60 % 60, of_day % 60))
}

/// Writes `20260102T030405Z`.
pub(crate) fn basic(at: u64) -> String {
    let ((year, month, day), (hour, minute, second)) = split(at);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

/// Writes `2026-01-02T03:04:05Z`.
pub(crate) fn extended(at: u64) -> String {
    let ((year, month, day), (hour, minute, second)) = split(at);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_tells_the_same_moment() {
        let at = 784_111_777;
        assert_eq!(basic(at), "19941106T084937Z");
        assert_eq!(extended(at), "1994-11-06T08:49:37Z");
        assert_eq!(parse_basic(&basic(at)), Some(at));
        assert_eq!(parse_http("Sun, 06 Nov 1994 08:49:37 GMT"), Some(at));
        for text in ["784111777", "1994-11-06T08:49:37Z", "1994-11-06T10:49:37.25+02:00"] {
            assert_eq!(parse_extended(text), Some(784_111_777), "{text}");
        }
        assert_eq!(parse_extended("1994-11-06"), Some(784_080_000));
    }

    #[test]
    fn days_go_there_and_back() {
        for day in (0..60_000).step_by(7) {
            let at = day * 86_400 + 3_661;
            assert_eq!(parse_basic(&basic(at)), Some(at));
        }
        assert_eq!(basic(951_782_400), "20000229T000000Z");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "20260230T000000Z",
            "20261301T000000Z",
            "2026010-T000000Z",
            "20260101T240000Z",
            "ÄÖ60101T000000Z",
        ] {
            assert_eq!(parse_basic(text), None, "{text}");
        }
        for text in
            ["2026", "x", "2026-01-01T", "2026-01-01T00:00:00", "2026-02-30", "9999999999999999999999"]
        {
            assert_eq!(parse_extended(text).filter(|at| *at > 3000), None, "{text}");
        }
    }
}
