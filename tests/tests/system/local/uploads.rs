//! People put files into the uploads application in a browser, and get them back.

use super::shared::{code, local, urls};
use stack_builder_tests::{Scheme, Way, browse};

#[test]
fn at_a_desk() {
    put_files_in(Way::Desktop, Scheme::Dark);
}

#[test]
fn with_the_keyboard_alone() {
    put_files_in(Way::Keyboard, Scheme::Light);
}

#[test]
fn on_a_phone() {
    put_files_in(Way::Phone, Scheme::Light);
}

fn put_files_in(way: Way, scheme: Scheme) {
    let local = local();
    browse("uploads", &urls(&local, "uploads"), way, scheme, |need| code(&local, need));
}
