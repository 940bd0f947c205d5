//! The stacks of the applications that ship with stack-builder.

mod uploads;

use stack_builder::App;
use std::process::ExitCode;

fn main() -> ExitCode {
    App::new("stack-builder-apps").stack("uploads", uploads::describe).synth()
}
