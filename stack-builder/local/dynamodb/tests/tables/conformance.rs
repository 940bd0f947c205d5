//! Calls whose answers are those of Amazon's own DynamoDB Local, or of the service where the two differ.
//!
//! The end-to-end tests ask the same of Amazon's program.

use crate::listed::{difference, entries};
use crate::support::Served;

#[tokio::test]
async fn answers_are_as_listed() {
    let served = Served::new(&[]);
    let mut differences = Vec::new();
    for (number, entry) in entries().iter().enumerate() {
        let call = entry["call"].as_str().expect("a call");
        let answer = served.call(call, entry["body"].clone()).await;
        differences.extend(difference(number, entry, entry, answer));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
