//! A construct of your own: a queue, and a second one for what nobody could handle.

use stack_builder::{App, Construct, Scope, Stack, Value, cfn::sqs};
use std::process::ExitCode;

/// A queue whose messages move aside after `attempts` failures, and stay there for 14 days.
struct JobQueue {
    attempts: u32,
}

/// What others use a [`JobQueue`] by.
struct JobQueueRef(sqs::QueueRef);

impl Construct for JobQueue {
    type Handle = JobQueueRef;

    fn build(self, scope: &mut Scope) -> JobQueueRef {
        let aside = scope.add("Aside", sqs::Queue::new().message_retention_period(1_209_600));
        let queue = sqs::Queue::new().sqs_managed_sse_enabled(true).redrive_policy_with(|policy| {
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
