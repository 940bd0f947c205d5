//! A destruction under way: buckets, stack, log groups, in this order.

use super::{DestroyPlan, LogGroup, PlannedResource, RetainedResource, bucket, log_groups};
use crate::{Activity, Error, StackEvent, token};
use std::collections::VecDeque;

/// A stack that is being destroyed.
///
/// Dropping it stops the clearing; a deletion that CloudFormation has begun goes on. Destroying again is harmless.
#[derive(Debug)]
pub struct Destruction {
    plan: DestroyPlan,
    step: Step,
    /// Whether the deletion has failed before, and the buckets were emptied again.
    again: bool,
    skipped: Vec<String>,
    objects: usize,
    failure: Option<Error>,
}

#[derive(Debug)]
enum Step {
    Emptying(VecDeque<String>),
    Deleting(Box<Activity>),
    Clearing(VecDeque<LogGroup>),
    Over,
}

/// One step of a destruction.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DestroyEvent {
    /// A bucket is empty now.
    BucketEmptied {
        /// Its name.
        bucket: String,
        /// Versions and delete markers that were deleted.
        objects: usize,
    },
    /// CloudFormation did something.
    Stack(StackEvent),
    /// The deletion failed; the buckets are emptied again, and the deletion is tried once more.
    TryingAgain,
    /// A log group that no template declared is gone.
    LogGroupDeleted(LogGroup),
}

/// What a destruction did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DestroySummary {
    /// The stack's name in CloudFormation.
    pub stack_name: String,
    /// The region.
    pub region: String,
    /// Resources that are gone.
    pub gone: Vec<PlannedResource>,
    /// Resources that are still there, each with the command that removes it.
    pub retained: Vec<RetainedResource>,
    /// Versions and delete markers deleted from buckets.
    pub objects: usize,
    /// Log groups deleted beside those of the stack.
    pub log_groups: Vec<LogGroup>,
    /// Log groups of this name may be left in regions outside of the application's.
    pub log_groups_elsewhere: Vec<String>,
}

impl Destruction {
    pub(crate) fn new(plan: DestroyPlan) -> Self {
        let step = Step::Emptying(plan.buckets.iter().map(|bucket| bucket.name.clone()).collect());
        Self { plan, step, again: false, skipped: Vec::new(), objects: 0, failure: None }
    }

    /// Goes one step further; `None` when all is done, or the deletion has failed for good.
    ///
    /// # Errors
    /// When a call fails. What was begun stands, and the next call goes on from there.
    pub async fn next(&mut self) -> Result<Option<DestroyEvent>, Error> {
        loop {
            let event = match &mut self.step {
                Step::Emptying(_) => self.empty_or_delete().await?,
                Step::Deleting(activity) => match activity.next().await? {
                    Some(event) => Some(self.noted(event)),
                    None => self.judge().await?,
                },
                Step::Clearing(_) => self.clear().await?,
                Step::Over => return Ok(None),
            };
            if event.is_some() {
                return Ok(event);
            }
        }
    }

    /// Does what is left to do, and sums up.
    ///
    /// # Errors
    /// [`Error::Failed`] when the stack could not be deleted, or what a call came back with.
    pub async fn finish(mut self) -> Result<DestroySummary, Error> {
        while self.next().await?.is_some() {}
        match self.failure.take() {
            Some(failure) => Err(failure),
            None => Ok(self.summary()),
        }
    }

    async fn empty_or_delete(&mut self) -> Result<Option<DestroyEvent>, Error> {
        let Step::Emptying(buckets) = &mut self.step else { return Ok(None) };
        let Some(bucket) = buckets.front().cloned() else {
            self.step = Step::Deleting(Box::new(delete(&self.plan).await?));
            return Ok(None);
        };
        let objects = bucket::empty(self.plan.environment(), &bucket).await?;
        buckets.pop_front();
        self.objects += objects;
        Ok(Some(DestroyEvent::BucketEmptied { bucket, objects }))
    }

    fn noted(&mut self, event: StackEvent) -> DestroyEvent {
        if event.status == "DELETE_SKIPPED" {
            self.skipped.push(event.logical_id.clone());
        }
        DestroyEvent::Stack(event)
    }

    /// The deletion has ended: on to the log groups, or once more because of an object written meanwhile.
    async fn judge(&mut self) -> Result<Option<DestroyEvent>, Error> {
        let Step::Deleting(activity) = &mut self.step else { return Ok(None) };
        match activity.settle().await {
            Ok(()) => {
                self.step = Step::Clearing(self.plan.log_groups.iter().cloned().collect());
                Ok(None)
            }
            // Emptying buckets does not help against copies of a function.
            Err(Error::Failed(failure))
                if !self.again && !self.plan.buckets.is_empty() && !failure.awaits_replicas() =>
            {
                self.again = true;
                self.step = Step::Emptying(self.plan.buckets.iter().map(|b| b.name.clone()).collect());
                Ok(Some(DestroyEvent::TryingAgain))
            }
            Err(failure @ Error::Failed(_)) => {
                (self.step, self.failure) = (Step::Over, Some(failure));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    async fn clear(&mut self) -> Result<Option<DestroyEvent>, Error> {
        let Step::Clearing(groups) = &mut self.step else { return Ok(None) };
        let Some(group) = groups.front().cloned() else {
            self.step = Step::Over;
            return Ok(None);
        };
        log_groups::delete(self.plan.regions.named(&group.region), &group.name).await?;
        groups.pop_front();
        Ok(Some(DestroyEvent::LogGroupDeleted(group)))
    }

    fn summary(self) -> DestroySummary {
        let DestroyPlan {
            stack_name, region, removed, mut retained, log_groups, log_groups_elsewhere, ..
        } = self.plan;
        let functions = removed.clone();
        let kept = |resource: &PlannedResource| {
            let with_its_function = functions.iter().any(|function| resource.is_version_of(function));
            self.skipped.contains(&resource.logical_id) && !with_its_function
        };
        let (skipped, gone): (Vec<_>, Vec<_>) = removed.into_iter().partition(kept);
        retained.extend(skipped.into_iter().map(|r| r.retained("Retain".to_owned(), &region)));
        let objects = self.objects;
        DestroySummary { stack_name, region, gone, retained, objects, log_groups, log_groups_elsewhere }
    }
}

async fn delete(plan: &DestroyPlan) -> Result<Activity, Error> {
    let environment = plan.environment();
    let token = token::fresh();
    let request = environment.cloudformation.delete_stack().stack_name(&plan.stack_id);
    let answer = request.client_request_token(&token).send().await;
    answer.map_err(environment.failed("cloudformation:DeleteStack"))?;
    Ok(Activity::follow_deletion(environment.clone(), plan.stack_name.clone(), plan.stack_id.clone(), token))
}
