//! An operation under way, as a stream of events.

use crate::backoff::Backoff;
use crate::findings::{findings_of_stack, speaks_of_findings};
use crate::outputs::outputs_of;
use crate::stack::describe;
use crate::{DeployFailure, Environment, Error, Outputs, StackEvent};
use aws_sdk_cloudformation::types::{Stack, StackEvent as SdkEvent, StackStatus};
use std::collections::{HashSet, VecDeque};

/// Quiet looks, about 15 seconds of them, before the stack itself is asked.
const PATIENCE: usize = 10;
/// How many times as long the first event may take.
const START: usize = 8;

/// A stack that is being created, updated or deleted.
///
/// Dropping it stops the watching, not the operation.
#[derive(Debug)]
pub struct Activity {
    environment: Environment,
    stack_name: String,
    /// By id, because a deleted stack no longer answers to its name.
    stack_id: String,
    /// CloudFormation puts it on every event of the operation.
    token: String,
    seen: HashSet<String>,
    waiting: VecDeque<StackEvent>,
    /// Every event handed out, oldest first.
    past: Vec<StackEvent>,
    backoff: Backoff,
    /// Looks in a row that brought nothing.
    idle: usize,
    /// The state the stack was found in when no event told of the end.
    rested: Option<String>,
    /// Whether the stack is to be gone in the end.
    deletion: bool,
}

impl Activity {
    pub(crate) fn follow(
        environment: Environment,
        stack_name: String,
        stack_id: String,
        token: String,
    ) -> Self {
        Self {
            environment,
            stack_name,
            stack_id,
            token,
            seen: HashSet::new(),
            waiting: VecDeque::new(),
            past: Vec::new(),
            backoff: Backoff::new(),
            idle: 0,
            rested: None,
            deletion: false,
        }
    }

    /// The same for a deletion.
    pub(crate) fn follow_deletion(
        environment: Environment,
        stack_name: String,
        stack_id: String,
        token: String,
    ) -> Self {
        Self { deletion: true, ..Self::follow(environment, stack_name, stack_id, token) }
    }

    /// Joins the operation that is under way, whoever began it; `None` when there is no such stack. Two calls.
    ///
    /// # Errors
    /// When a call fails.
    pub async fn join(environment: &Environment, stack_name: &str) -> Result<Option<Self>, Error> {
        let Some(stack) = describe(environment, stack_name).await? else { return Ok(None) };
        let id = stack.stack_id.unwrap_or_default();
        let mut activity = Self::follow(environment.clone(), stack_name.to_owned(), id, String::new());
        let (events, _) = activity.page(None).await?;
        // Of an operation that has no token, only the end is seen.
        let newest = events.into_iter().next();
        activity.token = newest.and_then(|event| event.client_request_token).unwrap_or_default();
        Ok(Some(activity))
    }

    /// The next event of this operation, oldest first; `None` after the stack has come to rest.
    ///
    /// Waits as long as the operation does; one call for each look, 0.2 to 2 seconds apart.
    ///
    /// # Errors
    /// When a look fails. The operation goes on, and so does this stream when it is asked again.
    pub async fn next(&mut self) -> Result<Option<StackEvent>, Error> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                self.past.push(event.clone());
                return Ok(Some(event));
            }
            if self.end().is_some() {
                return Ok(None);
            }
            self.look().await?;
        }
    }

    /// Waits for the end if it has not come, and reads the outputs; one call more.
    ///
    /// # Errors
    /// [`Error::Failed`] when the operation failed or was rolled back, or what a call came back with.
    pub async fn finish(mut self) -> Result<Outputs, Error> {
        self.settle().await?;
        let stack = describe(&self.environment, &self.stack_id).await?;
        Ok(stack.as_ref().map(outputs_of).unwrap_or_default())
    }

    /// Waits for the end; the failure if that is what it was.
    pub(crate) async fn settle(&mut self) -> Result<(), Error> {
        while self.next().await?.is_some() {}
        match self.end() {
            Some(status) if self.never_began() => {
                Err(Error::NeverBegan { stack: self.stack_name.clone(), status: status.to_owned() })
            }
            Some(status) if !is_success(status, self.deletion) => Err(self.failure(status).await.into()),
            _ => Ok(()),
        }
    }

    /// Whether the stack rests without a single event of an operation that was asked for.
    fn never_began(&self) -> bool {
        let ours = !self.token.is_empty();
        ours && self.past.is_empty()
            && self.rested.as_deref().is_some_and(|status| status != "DELETE_COMPLETE")
    }

    /// What went wrong, with what CloudFormation's validation found if it was that.
    async fn failure(&self, status: &str) -> Box<DeployFailure> {
        let mut events = Vec::new();
        if self.past.iter().any(|event| event.reason.as_deref().is_some_and(speaks_of_findings)) {
            events = findings_of_stack(&self.environment, &self.stack_id, &self.token).await;
        }
        events.extend(self.past.iter().cloned());
        Box::new(DeployFailure::read(&self.stack_name, &self.environment.region, status, &events))
    }

    /// The status the operation ended in, once all its events have been handed out.
    fn end(&self) -> Option<&str> {
        let last = self.past.last().filter(|event| event.is_terminal()).map(|event| event.status.as_str());
        last.or(self.rested.as_deref())
    }

    async fn look(&mut self) -> Result<(), Error> {
        let fresh = self.unseen().await?;
        if fresh.is_empty() {
            return self.wait().await;
        }
        self.backoff.reset();
        self.idle = 0;
        self.take(&fresh);
        Ok(())
    }

    fn take(&mut self, fresh: &[SdkEvent]) {
        // CloudFormation lists the newest first.
        for event in fresh.iter().rev() {
            self.seen.insert(event.event_id().unwrap_or_default().to_owned());
            self.waiting.push_back(StackEvent::read(event));
        }
    }

    /// After many quiet looks the stack itself is asked, so that a missing last event cannot keep us here for ever.
    async fn wait(&mut self) -> Result<(), Error> {
        self.backoff.pause().await;
        self.idle += 1;
        if !self.idle.is_multiple_of(PATIENCE) {
            return Ok(());
        }
        let Some(status) = resting_status(&self.environment, &self.stack_id).await? else { return Ok(()) };
        let fresh = self.unseen().await?;
        self.take(&fresh);
        if fresh.is_empty() && self.has_begun(&status) {
            self.rested = Some(status);
        }
        Ok(())
    }

    /// Before the first event, a state of rest is the one from before the operation.
    fn has_begun(&self, status: &str) -> bool {
        let joined = self.token.is_empty();
        joined || !self.past.is_empty() || status == "DELETE_COMPLETE" || self.idle >= START * PATIENCE
    }

    /// This operation's events that have not been seen, newest first; as many pages as they fill.
    async fn unseen(&self) -> Result<Vec<SdkEvent>, Error> {
        let mut fresh = Vec::new();
        let mut next = None;
        loop {
            let page = self.page(next.take()).await?;
            let before = fresh.len();
            let length = page.0.len();
            fresh.extend(page.0.into_iter().filter(|event| self.is_news(event)));
            next = page.1.filter(|token| !token.is_empty());
            // A page that is not all news reaches back to what is known or to an earlier operation.
            if next.is_none() || fresh.len() - before < length {
                return Ok(fresh);
            }
        }
    }

    async fn page(&self, next: Option<String>) -> Result<(Vec<SdkEvent>, Option<String>), Error> {
        let request = self.environment.cloudformation.describe_stack_events().stack_name(&self.stack_id);
        let answer = request.set_next_token(next).send().await;
        let answer = answer.map_err(self.environment.failed("cloudformation:DescribeStackEvents"))?;
        Ok((answer.stack_events.unwrap_or_default(), answer.next_token))
    }

    fn is_news(&self, event: &SdkEvent) -> bool {
        event.client_request_token() == Some(&self.token)
            && !self.seen.contains(event.event_id().unwrap_or_default())
    }
}

/// The stack's status, unless an operation is under way.
async fn resting_status(environment: &Environment, stack_id: &str) -> Result<Option<String>, Error> {
    let stack = describe(environment, stack_id).await?;
    let status = stack.as_ref().and_then(Stack::stack_status).map_or("DELETE_COMPLETE", StackStatus::as_str);
    // A stack that only holds change sets is at rest.
    let busy = status.ends_with("_IN_PROGRESS") && status != "REVIEW_IN_PROGRESS";
    Ok((!busy).then(|| status.to_owned()))
}

/// Whether `status` means that what was asked for is done.
fn is_success(status: &str, deletion: bool) -> bool {
    let done: &[&str] = if deletion {
        &["DELETE_COMPLETE"]
    } else {
        &["CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"]
    };
    done.contains(&status)
}

#[cfg(test)]
mod tests {
    use super::is_success;

    #[test]
    fn a_stack_that_still_stands_is_not_deleted() {
        assert!(is_success("DELETE_COMPLETE", true) && is_success("UPDATE_COMPLETE", false));
        assert!(!is_success("CREATE_COMPLETE", true) && !is_success("DELETE_COMPLETE", false));
        assert!(!is_success("UPDATE_ROLLBACK_COMPLETE", false));
    }
}
