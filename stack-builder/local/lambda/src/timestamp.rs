//! Times as logs write them.

/// Milliseconds since 1970 as `2026-01-31T23:59:59.123Z`.
pub(crate) fn iso(millis: u64) -> String {
    let (year, month, day) = date(millis);
    let seconds = millis / 1000 % 86_400;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", millis % 1000)
}

/// Milliseconds since 1970 as `2026/01/31`.
pub(crate) fn day(millis: u64) -> String {
    let (year, month, day) = date(millis);
    format!("{year:04}/{month:02}/{day:02}")
}

/// Year, month and day: the year is taken to begin in March, so that the leap day is its last.
/// <https://howardhinnant.github.io/date_algorithms.html#civil_from_days>
fn date(millis: u64) -> (u64, u64, u64) {
    let days = millis / 86_400_000 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_right_around_leap_days() {
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(1_709_251_199_999), "2024-02-29T23:59:59.999Z");
        assert_eq!(iso(1_709_251_200_000), "2024-03-01T00:00:00.000Z");
        assert_eq!(day(1_767_225_599_000), "2025/12/31");
    }
}
