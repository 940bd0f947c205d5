//! A stack of 400 resources: 40 job workers, each of ten resources that refer to one another.

use stack_builder::cfn::{cloudwatch, lambda, sqs};
use stack_builder::{Bucket, Construct, Function, FunctionRef, Grant, RemovalPolicy, Scope, Stack, Table};

/// Workers in a stack; each makes ten resources.
pub(crate) const WORKERS: usize = 40;

/// Describes the stack.
pub(crate) fn describe(stack: &mut Stack) {
    stack.describe("Workers that take jobs from queues");
    for number in 0..WORKERS {
        let queue = stack.add(&format!("Worker{number}"), Worker { number });
        stack.output(&format!("Queue{number}"), queue.queue_url());
    }
}

/// A function that takes jobs from a queue, and keeps files and their state.
struct Worker {
    number: usize,
}

impl Construct for Worker {
    type Handle = sqs::QueueRef;

    fn build(self, scope: &mut Scope) -> sqs::QueueRef {
        let files = scope.add("Files", Bucket::new().removal_policy(RemovalPolicy::Delete));
        let state = scope.add("State", Table::keyed_by("Job").sorted_by("Step").expires_by("Expires"));
        let failed = scope.add("Failed", sqs::Queue::new().message_retention_period(1_209_600));
        let jobs = scope.add(
            "Jobs",
            sqs::Queue::new().visibility_timeout(180).redrive_policy_with(|policy| {
                policy.dead_letter_target_arn(failed.arn()).max_receive_count(3)
            }),
        );
        let receive = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
        let function = scope.add(
            "Function",
            Function::rust("worker")
                .description(format!("Does the jobs of queue {}", self.number))
                .timeout(30)
                .env("BUCKET_NAME", files.name())
                .env("TABLE_NAME", state.name())
                .grant(files.read_objects().and(files.write_objects()))
                .grant(state.read().and(state.write()))
                .grant(Grant::allow(receive, jobs.arn())),
        );
        scope.add(
            "Source",
            lambda::EventSourceMapping::new()
                .function_name(function.arn())
                .event_source_arn(jobs.arn())
                .batch_size(10),
        );
        scope.add("Alarm", alarm(&function));
        jobs
    }
}

/// Tells of jobs that failed.
fn alarm(function: &FunctionRef) -> cloudwatch::Alarm {
    use cloudwatch::alarm::{ComparisonOperator, Dimension, Statistic};
    cloudwatch::Alarm::new()
        .namespace("AWS/Lambda")
        .metric_name("Errors")
        .dimensions([Dimension::new().name("FunctionName").value(function.name())])
        .statistic(Statistic::Sum)
        .period(300)
        .evaluation_periods(1)
        .threshold(1)
        .comparison_operator(ComparisonOperator::GreaterThanOrEqualToThreshold)
}
