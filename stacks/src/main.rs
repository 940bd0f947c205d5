//! The stacks of the applications that ship with stack-builder.
//!
//! Each application says what varies in its `Settings`, by stage. Beside `dev` and `prod` there are stages that show a
//! switch: `rest` (uploads on a REST API), `amplify` (to-do hosted by Amplify) and `own-domain` (the captain's log under
//! a domain of its own).

mod captains_log;
mod durability;
mod page;
mod todo;
mod uploads;

use stack_builder::App;
use std::process::ExitCode;

fn main() -> ExitCode {
    App::new("stack-builder-apps")
        .home_region("eu-west-1")
        .stack(captains_log::EDGE, captains_log::edge::describe)
        .stack("captains-log", captains_log::describe)
        .stack("uploads", uploads::describe)
        .stack("todo", todo::describe)
        .synth()
}
