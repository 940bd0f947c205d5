//! One suite of questions to `stack-builder local` and to the emulator, and to Amazon's DynamoDB Local for the tables.
//!
//! The questions are the files in `tests/conformance`. What each expects is what AWS documents, and that is what `local`
//! has to do. Where the emulator does otherwise, the case says what and why that is wrong; a difference that is gone
//! fails the test as well, so that the list stays true. Tables are asked what the DynamoDB crate's own list asks.

mod case;
mod differences;
mod perform;
mod run;
mod shape;
mod side;
mod tables;

use crate::world::World;
use case::Suite;
use side::Side;

#[test]
fn local_does_what_aws_documents() {
    run::all(&Side::local(), &Suite::read());
}

#[test]
fn the_emulator_differs_as_listed() {
    let world = World::bootstrapped();
    run::all(&Side::emulator(&world), &Suite::read());
}

#[test]
fn the_list_of_differences_is_current() {
    differences::are_listed(&Suite::read());
}
