//! Lambda's runtimes that end, and when.
//!
//! The dates are those of <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html>, as cfn-lint 1.58.0
//! (MIT-0, Copyright Amazon.com, Inc. or its affiliates) gives them. A verdict must not depend on the day on which it
//! is asked for, so [`READ_ON`] stands for today.

use crate::document::Place;
use crate::model::Model;

/// The day for which runtimes are judged.
pub(in crate::rules) const READ_ON: &str = "2026-11-20";

/// A runtime, and the days (`2027-02-01`) from which less is possible with it.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Runtime {
    pub(in crate::rules) name: &'static str,
    /// No more security updates.
    pub(in crate::rules) deprecated: &'static str,
    /// No new functions.
    pub(in crate::rules) no_creation: &'static str,
    /// No changes of functions.
    pub(in crate::rules) no_update: &'static str,
    /// What to move to.
    pub(in crate::rules) successor: &'static str,
}

const fn runtime(
    name: &'static str,
    deprecated: &'static str,
    no_creation: &'static str,
    no_update: &'static str,
    successor: &'static str,
) -> Runtime {
    Runtime { name, deprecated, no_creation, no_update, successor }
}

const RUNTIMES: &[Runtime] = &[
    runtime("dotnet6", "2024-12-20", "2027-02-01", "2027-03-03", "dotnet10"),
    runtime("dotnet8", "2026-11-10", "2027-02-01", "2027-03-03", "dotnet10"),
    runtime("dotnetcore1.0", "2019-06-27", "2019-06-30", "2019-07-30", "dotnet10"),
    runtime("dotnetcore2.0", "2019-05-30", "2019-04-30", "2019-05-30", "dotnet10"),
    runtime("dotnetcore2.1", "2022-01-05", "2022-01-05", "2022-04-13", "dotnet10"),
    runtime("dotnetcore3.1", "2023-04-03", "2023-04-03", "2023-05-03", "dotnet10"),
    runtime("go1.x", "2024-01-08", "2024-02-08", "2027-03-03", "provided.al2023"),
    runtime("java11", "2027-06-30", "2027-07-31", "2027-08-31", "java25"),
    runtime("java17", "2027-06-30", "2027-07-31", "2027-08-31", "java25"),
    runtime("java8", "2024-01-08", "2024-02-08", "2027-03-03", "java25"),
    runtime("java8.al2", "2027-06-30", "2027-07-31", "2027-08-31", "java25"),
    runtime("nodejs", "2016-08-30", "2016-09-30", "2016-10-31", "nodejs24.x"),
    runtime("nodejs10.x", "2021-07-30", "2021-07-30", "2022-02-14", "nodejs24.x"),
    runtime("nodejs12.x", "2023-03-31", "2023-03-31", "2023-04-30", "nodejs24.x"),
    runtime("nodejs14.x", "2023-12-04", "2024-01-09", "2027-03-03", "nodejs24.x"),
    runtime("nodejs16.x", "2024-06-12", "2027-02-01", "2027-03-03", "nodejs24.x"),
    runtime("nodejs18.x", "2025-09-01", "2027-02-01", "2027-03-03", "nodejs24.x"),
    runtime("nodejs20.x", "2026-04-30", "2027-02-01", "2027-03-03", "nodejs24.x"),
    runtime("nodejs22.x", "2027-04-30", "2027-06-01", "2027-07-01", "nodejs24.x"),
    runtime("nodejs4.3", "2020-03-05", "2020-02-03", "2020-03-05", "nodejs24.x"),
    runtime("nodejs4.3-edge", "2020-03-05", "2019-03-31", "2019-04-30", "nodejs24.x"),
    runtime("nodejs6.10", "2019-08-12", "2019-07-12", "2019-08-12", "nodejs24.x"),
    runtime("nodejs8.10", "2020-03-06", "2020-02-04", "2020-03-06", "nodejs24.x"),
    runtime("provided", "2024-01-08", "2024-02-08", "2027-03-03", "provided.al2023"),
    runtime("provided.al2", "2026-07-31", "2027-02-01", "2027-03-03", "provided.al2023"),
    runtime("python2.7", "2021-07-15", "2021-07-15", "2022-05-30", "python3.14"),
    runtime("python3.10", "2026-10-31", "2027-02-01", "2027-03-03", "python3.14"),
    runtime("python3.11", "2027-06-30", "2027-07-31", "2027-08-31", "python3.14"),
    runtime("python3.6", "2022-07-18", "2022-07-18", "2022-08-29", "python3.14"),
    runtime("python3.7", "2023-12-04", "2024-01-09", "2027-03-03", "python3.14"),
    runtime("python3.8", "2024-10-14", "2027-02-01", "2027-03-03", "python3.14"),
    runtime("python3.9", "2025-12-15", "2027-02-01", "2027-03-03", "python3.14"),
    runtime("ruby2.5", "2021-07-30", "2021-07-30", "2022-03-31", "ruby4.0"),
    runtime("ruby2.7", "2023-12-07", "2024-01-09", "2027-03-03", "ruby4.0"),
    runtime("ruby3.2", "2026-03-31", "2027-02-01", "2027-03-03", "ruby4.0"),
    runtime("ruby3.3", "2027-03-31", "2027-04-30", "2027-05-31", "ruby4.0"),
];

impl Runtime {
    /// Whether no function can be created with it any more.
    pub(in crate::rules) fn is_blocked(&self) -> bool {
        self.no_creation <= READ_ON
    }

    /// Whether it gets no more security updates.
    pub(in crate::rules) fn is_deprecated(&self) -> bool {
        self.deprecated <= READ_ON
    }
}

/// Every place of the template that names a runtime which is known to end.
pub(in crate::rules) fn used<'a>(model: &Model<'a>) -> Vec<(Runtime, Place<'a>)> {
    let types = ["AWS::Lambda::Function", "AWS::Serverless::Function"];
    let functions = types.into_iter().flat_map(|name| model.of_type(name));
    let mut places: Vec<_> = functions.flat_map(|function| function.values("Runtime")).collect();
    places.extend(model.root().values("Globals.Function.Runtime"));
    let known = |name: &str| RUNTIMES.iter().find(|runtime| runtime.name == name).copied();
    places.into_iter().filter_map(|place| Some((known(place.text()?)?, place))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_can_be_compared_as_texts_and_come_in_order() {
        for runtime in RUNTIMES {
            for day in [runtime.deprecated, runtime.no_creation, runtime.no_update] {
                let digits = day.bytes().filter(u8::is_ascii_digit).count();
                assert!(day.len() == 10 && digits == 8, "{}: {day}", runtime.name);
            }
            assert!(runtime.no_creation <= runtime.no_update, "{}", runtime.name);
            let successor = RUNTIMES.iter().find(|other| other.name == runtime.successor);
            assert!(!successor.is_some_and(Runtime::is_deprecated), "{}", runtime.name);
        }
    }
}
