//! A construct of your own: a queue, and a second one for what nobody could handle.

use stack_builder::{App, Attributes, Construct, RemovalPolicy, Scope, Stack, Value, cfn::sqs};
use std::process::ExitCode;

/// Seconds of 14 days, the longest that a queue keeps a message.
const FORTNIGHT: u32 = 1_209_600;

/// A queue whose messages move aside after `attempts` failures.
struct JobQueue {
    attempts: u32,
}

/// What others use a [`JobQueue`] by.
struct JobQueueRef(sqs::QueueRef);

impl Construct for JobQueue {
    type Handle = JobQueueRef;

    fn build(self, scope: &mut Scope) -> JobQueueRef {
        let queue = || {
            let queue = sqs::Queue::new().sqs_managed_sse_enabled(true).message_retention_period(FORTNIGHT);
            queue.removal_policy(RemovalPolicy::Delete)
        };
        let aside = scope.add("Aside", queue());
        let queue = queue().redrive_policy_with(|policy| {
            policy.dead_letter_target_arn(aside.arn()).max_receive_count(self.attempts)
        });
        JobQueueRef(scope.resource(queue))
    }
}

impl JobQueueRef {
    fn url(&self) -> Value<String> {
        self.0.reference()
    }
}

fn jobs(stack: &mut Stack) {
    let jobs = stack.add("Jobs", JobQueue { attempts: 3 });
    stack.output("QueueUrl", jobs.url());
}

fn main() -> ExitCode {
    App::new("own-construct").stack("jobs", jobs).synth()
}
