//! Guesses, one after the other and many at once.

use super::log::Log;
use serde_json::json;
use stack_builder_tests::Response;
use std::thread::{self, sleep};
use std::time::Duration;

/// Three guesses are free, whether or not the name exists; then each waits longer than the one before.
#[track_caller]
pub(crate) fn are_slowed_down(log: &Log<'_>) {
    let guess = || log.log_in("riker", "number-one");
    for _ in 0..3 {
        assert_eq!(guess().status, 401);
    }
    for longest in [2, 4] {
        let answer = guess();
        assert_eq!(answer.status, 429, "{answer:?}");
        assert_eq!(answer.json()["error"]["code"], "too_many_requests");
        let wait = seconds(&answer);
        assert!((1..=longest).contains(&wait), "{answer:?}");
        sleep(Duration::from_secs(wait));
        assert_eq!(guess().status, 401, "the pause of {wait} s is over");
    }
    assert_eq!(log.home("", "").status, 401, "others are not slowed down");
}

/// Guesses made at once: each that is looked at is counted, so no more get through than of guesses made in turn. The
/// pause holds for the right password too, and ends no session.
#[track_caller]
pub(crate) fn are_counted_in_a_crowd(log: &Log<'_>, cookie: &str) {
    let answers: Vec<Response> = thread::scope(|scope| {
        let guess = |number: usize| scope.spawn(move || log.log_in("kirk", &format!("guess-{number}")));
        let guesses: Vec<_> = (0..24).map(guess).collect();
        guesses.into_iter().map(|guess| guess.join().expect("an answer")).collect()
    });
    let refused = answers.iter().filter(|answer| answer.status == 401).count();
    let slowed = answers.iter().filter(|answer| answer.status == 429).count();
    assert_eq!(refused + slowed, answers.len(), "{answers:?}");
    assert!(refused > 0 && slowed > 0, "{refused} of {} were looked at", answers.len());
    assert_eq!(failures(log, "kirk"), refused, "a guess was looked at and not counted");

    while log.log_in("kirk", "guess").status == 401 {}
    let right = log.log_in("kirk", "KHAAAN!!!");
    assert_eq!((right.status, right.header("set-cookie")), (429, None), "{right:?}");
    assert!(seconds(&right) > 0, "{right:?}");
    assert_eq!(log.home(cookie, "").status, 200);
}

fn seconds(answer: &Response) -> u64 {
    let seconds = answer.header("retry-after").and_then(|seconds| seconds.parse().ok());
    seconds.unwrap_or_else(|| panic!("no seconds in {answer:?}"))
}

/// How many failed attempts the table has counted.
#[track_caller]
fn failures(log: &Log<'_>, user: &str) -> usize {
    let key = json!({ "userName": {"S": user} });
    let asked = json!({ "TableName": log.physical_id("Attempts"), "Key": key, "ConsistentRead": true });
    let item = log.world.aws.call("dynamodb", "get_item", asked);
    let failures = item["Item"]["failures"]["N"].as_str().and_then(|number| number.parse().ok());
    failures.unwrap_or_else(|| panic!("no count in {item}"))
}
