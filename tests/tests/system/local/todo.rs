//! Two people keep their to-do lists in browsers of their own, and see nothing of each other.

use super::shared::{code, local, urls};
use stack_builder_tests::{Scheme, Way, browse};

#[test]
fn at_a_desk() {
    keep_lists(Way::Desktop, Scheme::Light);
}

#[test]
fn with_the_keyboard_alone() {
    keep_lists(Way::Keyboard, Scheme::Light);
}

#[test]
fn on_a_phone() {
    keep_lists(Way::Phone, Scheme::Dark);
}

fn keep_lists(way: Way, scheme: Scheme) {
    let local = local();
    browse("todo", &urls(&local, "todo"), way, scheme, |need| code(&local, need));
}
