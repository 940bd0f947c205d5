//! Lists that are read a page at a time: `?limit=&next=`.

use crate::{Failure, Problem, Request, cursor::Cursors};

const DEFAULT_LIMIT: u32 = 50;
const LARGEST_LIMIT: u32 = 100;

/// Some of a user's records.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// In the order of their ids.
    pub records: Vec<T>,
    /// How many more items lie in this range that are no records of ours.
    pub unreadable: usize,
    /// The id to continue after, unless this is the last page.
    pub next: Option<String>,
}

/// What part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// At most this many records.
    pub(crate) limit: u32,
    /// From the first after this id.
    pub(crate) after: Option<String>,
}

/// Reads `limit`, 1 to 100 and 50 unless given, and `next`, a cursor of this list.
///
/// # Errors
/// A 400 that names each of the two that is wrong.
pub(crate) fn wanted(request: &Request, cursors: Cursors) -> Result<Wanted, Failure> {
    let limit = request.query.get("limit").map_or(Some(DEFAULT_LIMIT), |text| limit(text));
    let after = request.query.get("next").map(|text| cursors.decode(text));
    let mut problems = Vec::new();
    if limit.is_none() {
        problems.push(Problem { field: "limit", problem: format!("must be from 1 to {LARGEST_LIMIT}") });
    }
    if after == Some(None) {
        problems.push(Problem { field: "next", problem: "is not one that this list gave to you".into() });
    }
    let limit = limit.filter(|_| problems.is_empty()).ok_or(Failure::Fields(problems))?;
    Ok(Wanted { limit, after: after.flatten() })
}

/// What the log says of a list from which items were left out.
pub(crate) fn remark(left_out: usize) -> Option<String> {
    (left_out > 0).then(|| format!("left out {left_out} items that this application did not write"))
}

/// Digits only: `str::parse` would take `+5` too.
fn limit(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|limit| digits && (1..=LARGEST_LIMIT).contains(limit))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a table would answer that holds these records, in this order.
    pub(crate) fn page<T>(
        records: impl Iterator<Item = T>,
        id: fn(&T) -> &str,
        limit: u32,
        after: Option<&str>,
    ) -> Page<T> {
        let mut rest: Vec<_> =
            records.filter(|record| after.is_none_or(|after| id(record) > after)).collect();
        let more = rest.len() > limit as usize;
        rest.truncate(limit as usize);
        let next = rest.last().filter(|_| more).map(|record| id(record).to_owned());
        Page { records: rest, unreadable: 0, next }
    }

    fn ask(query: &[(&str, &str)]) -> Result<Wanted, Failure> {
        let query = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        wanted(&Request { query, ..Request::default() }, Cursors::of("test", "ann"))
    }

    #[test]
    fn nothing_asked_is_the_first_page() {
        assert_eq!(ask(&[]), Ok(Wanted { limit: 50, after: None }));
        assert_eq!(ask(&[("page", "7")]), Ok(Wanted { limit: 50, after: None }));
    }

    #[test]
    fn a_cursor_names_where_to_begin() {
        let next = Cursors::of("test", "ann").encode("x");
        assert_eq!(ask(&[("next", &next), ("limit", "1")]), Ok(Wanted { limit: 1, after: Some("x".into()) }));
    }

    #[test]
    fn limits_and_cursors_are_checked_together() {
        for limit in ["", "0", "101", "-1", "+5", "5 ", "1,2", "1.0", "99999999999"] {
            let Err(Failure::Fields(problems)) = ask(&[("limit", limit), ("next", "!")]) else { panic!() };
            assert_eq!(problems.iter().map(|p| p.field).collect::<Vec<_>>(), ["limit", "next"], "{limit}");
        }
    }

    proptest! {
        #[test]
        fn a_limit_is_a_plain_number_in_its_range(text in "[0-9]{0,4}|\\PC{0,6}") {
            let number = text.parse::<u32>().ok().filter(|n| (1..=100).contains(n) && !text.starts_with('+'));
            prop_assert_eq!(limit(&text), number);
        }
    }
}
