//! The thread that a function of CloudFront runs on.
//!
//! It keeps what the function does away from the threads that answer requests: should it never come back, it is left
//! behind and another takes its place, a few times.

use super::script::{Mishap, Outcome, Script};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// A call that has taken so long will not end.
const LOST: Duration = Duration::from_secs(2);
/// Threads left behind before a function is called no more.
const MOST_LOST: usize = 3;
/// Bytes of a thread's stack, well above what the interpreter allows itself.
const STACK: usize = 1 << 20;

/// Interpreters made beforehand, as a page asks for several things at once.
const SPARE: usize = 4;

struct Job {
    event: String,
    reply: oneshot::Sender<Outcome>,
}

#[derive(Clone)]
struct Worker {
    jobs: Sender<Job>,
    /// Milliseconds from the function's start to that of the present call; 0 when there is none.
    busy: Arc<AtomicU64>,
}

/// A function's code with the thread that runs it.
pub(super) struct Thread {
    source: Arc<str>,
    began: Instant,
    worker: Mutex<Option<Worker>>,
    lost: AtomicUsize,
}

impl Thread {
    /// The thread starts with the first call.
    pub(super) fn new(source: &str) -> Self {
        Self {
            source: source.into(),
            began: Instant::now(),
            worker: Mutex::default(),
            lost: AtomicUsize::new(0),
        }
    }

    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// Calls the function.
    pub(super) async fn call(&self, event: String) -> Outcome {
        let failed = |why: &str| Outcome { result: Err(Mishap::Failed(why.to_owned())), lines: Vec::new() };
        let Some(worker) = self.worker() else { return failed("it does not come back from its calls") };
        let (reply, mut answer) = oneshot::channel();
        if worker.jobs.send(Job { event, reply }).is_err() {
            return failed("it is not running");
        }
        loop {
            match tokio::time::timeout(LOST / 4, &mut answer).await {
                Ok(Ok(outcome)) => return outcome,
                Ok(Err(_)) => return failed("its interpreter broke"),
                Err(_) if self.is_lost(&worker) => {
                    self.leave(&worker);
                    return failed("it does not come back");
                }
                Err(_) => {}
            }
        }
    }

    fn is_lost(&self, worker: &Worker) -> bool {
        let since = worker.busy.load(Ordering::Relaxed);
        since > 0 && self.began.elapsed().saturating_sub(Duration::from_millis(since)) > LOST
    }

    fn leave(&self, worker: &Worker) {
        let mut current = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_some_and(|current| Arc::ptr_eq(&current.busy, &worker.busy)) {
            *current = None;
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The function's thread, started at the first call.
    fn worker(&self) -> Option<Worker> {
        let mut worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
        if worker.is_none() && self.lost.load(Ordering::Relaxed) < MOST_LOST {
            let (jobs, receiver) = channel();
            let (source, busy, began) = (self.source.clone(), Arc::new(AtomicU64::new(0)), self.began);
            let mark = busy.clone();
            let thread = thread::Builder::new().name("cloudfront-function".to_owned()).stack_size(STACK);
            thread.spawn(move || work(&source, &receiver, &mark, began)).ok()?;
            *worker = Some(Worker { jobs, busy });
        }
        worker.clone()
    }
}

/// What is wrong with a function's code, as far as that shows without a call. What stands outside of its handler runs
/// here, so it has a thread and a limit as well.
pub(super) fn fault(source: &str) -> Option<String> {
    let (sender, receiver) = channel();
    let source = source.to_owned();
    let check = move || {
        let broken = Script::new(&source).map_or_else(Some, |script| script.broken().cloned());
        let _ = sender.send(broken);
    };
    thread::Builder::new().stack_size(STACK).spawn(check).ok()?;
    match receiver.recv_timeout(LOST) {
        Ok(None) => None,
        Ok(Some(Mishap::Failed(why) | Mishap::Junk(why))) => Some(why),
        Err(_) => Some("it does not come back".to_owned()),
    }
}

/// Answers calls until nobody can call any more; makes interpreters while nobody does.
fn work(source: &str, jobs: &Receiver<Job>, busy: &AtomicU64, began: Instant) {
    let busily = |on: bool| {
        let now = u64::try_from(began.elapsed().as_millis()).unwrap_or(1).max(1);
        busy.store(if on { now } else { 0 }, Ordering::Relaxed);
    };
    let mut ready: VecDeque<Result<Script, Mishap>> = VecDeque::new();
    loop {
        busily(false);
        let job = match jobs.try_recv() {
            Ok(job) => job,
            Err(TryRecvError::Empty) if ready.len() < SPARE => {
                busily(true);
                ready.push_back(Script::new(source));
                continue;
            }
            Err(_) => match jobs.recv() {
                Ok(job) => job,
                Err(_) => return,
            },
        };
        if job.reply.is_closed() {
            continue;
        }
        busily(true);
        let script = ready.pop_front().unwrap_or_else(|| Script::new(source));
        let outcome = match &script {
            Ok(script) => script.call(&job.event),
            Err(mishap) => Outcome { result: Err(mishap.clone()), lines: Vec::new() },
        };
        // A viewer that went away does not want it.
        let _ = job.reply.send(outcome);
    }
}
