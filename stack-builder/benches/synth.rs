//! What synth of a stack of 400 resources is made of, kernel by kernel.

#![allow(missing_docs, reason = "the macros of criterion make undocumented functions")]

mod workload;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use stack_builder::cfn::{Definition, LogicalId, ResourceRef as _, Template, sqs};
use stack_builder::{App, Stack, Stage};
use std::cell::RefCell;
use std::hint::black_box;
use std::io;
use std::path::Path;
use std::rc::Rc;

/// Resources of the stack.
const RESOURCES: usize = workload::WORKERS * 10;

/// Synthesizes one stack into a folder below Cargo's for such things.
fn synth(describe: impl FnOnce(&mut Stack) + 'static) {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("assembly");
    let app = App::new("bench").stack("workers", describe);
    let manifest = app.synth_to(&directory, &Stage::new("dev"), &[]).expect("the folder can be written");
    black_box(manifest);
}

/// The template of the stack, taken out of its description.
fn template() -> Template {
    let taken = Rc::new(RefCell::new(Template::new()));
    let slot = Rc::clone(&taken);
    synth(move |stack| {
        workload::describe(stack);
        slot.replace(std::mem::take(stack.template_mut()));
    });
    let template = taken.take();
    assert_eq!(template.resources().len(), RESOURCES, "the figures are per 400 resources");
    assert!(
        template.check().is_empty(),
        "a template that is wrong takes another way: {:?}",
        template.check()
    );
    template
}

/// A template of as many resources as a stack has, in which each waits for the one after it and for one far away.
fn chain() -> Template {
    let ids: Vec<_> = (0..RESOURCES).map(|number| LogicalId::new(&format!("Queue{number}"))).collect();
    let mut template = Template::new();
    for (number, id) in ids.iter().enumerate() {
        let mut definition = Definition::new();
        definition
            .depends_on
            .extend([number + 1, number + 200].iter().filter_map(|&to| ids.get(to).cloned()));
        template.insert(id.clone(), "AWS::SQS::Queue", definition);
    }
    template
}

fn kernels(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("400 resources");
    group.throughput(Throughput::Elements(RESOURCES as u64));
    group.bench_function("describe, check, serialize, write", |b| b.iter(|| synth(workload::describe)));
    let template = template();
    group.bench_function("check", |b| b.iter(|| black_box(&template).check()));
    group.bench_function("serialize", |b| {
        b.iter(|| serde_json::to_writer(io::sink(), black_box(&template)).expect("a sink takes all"));
    });
    let chain = chain();
    group.bench_function("order, of resources without properties", |b| {
        b.iter(|| serde_json::to_writer(io::sink(), black_box(&chain)).expect("a sink takes all"));
    });
    group.bench_function("add resources of one type", |b| {
        b.iter_batched(Template::new, add, BatchSize::SmallInput);
    });
    group.finish();
}

/// Adds queues that refer to one another.
fn add(mut template: Template) -> Template {
    let mut last = template.add("Queue", sqs::Queue::new());
    for number in 1..RESOURCES {
        let queue = sqs::Queue::new()
            .queue_name(format!("queue-{number}"))
            .redrive_policy_with(|policy| policy.dead_letter_target_arn(last.arn()).max_receive_count(3));
        last = template.add(&format!("Queue{number}"), queue);
    }
    black_box(last.logical_id());
    template
}

criterion_group!(benches, kernels);
criterion_main!(benches);
