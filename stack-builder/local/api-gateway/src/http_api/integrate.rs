//! The function behind a route of an HTTP API, and what comes of calling it.

use super::{HttpApi, Integration, Refused, broken};
use crate::call::NoAnswer;
use crate::exchange::Exchange;
use crate::gateway::MALFORMED;
use crate::proxy_answer::{self, Rules};
use crate::reply::Reply;
use serde_json::Value;

impl HttpApi {
    /// Calls the function.
    pub(super) async fn integrate(
        &self,
        on: &mut Exchange,
        to: &Integration,
        event: Value,
    ) -> Result<Reply, Refused> {
        let (method, path) = on.route.split_once(' ').unwrap_or(("", &on.route));
        let method = if method == "ANY" { on.method.as_str() } else { method };
        let arn = format!("{}/{method}{path}", on.stage);
        let arn = if method.is_empty() { format!("{}/{path}", on.stage) } else { arn };
        let payload = event.to_string().into_bytes();
        let began = self.shared.world.clock.millis();
        let answer = to.function.call(&self.shared.invoker, payload, on.facts.caller(&arn), &on.trace).await;
        on.latency = Some(self.shared.world.clock.millis().saturating_sub(began));
        let answer = answer.map_err(|error| no_answer(on, &error))?;
        let rules = if to.modern { Rules::Http2 } else { Rules::Http1 };
        proxy_answer::read(&answer, rules).ok_or_else(|| {
            self.shared.malformed(on, &to.function);
            broken(MALFORMED)
        })
    }
}

fn no_answer(on: &mut Exchange, error: &NoAnswer) -> Refused {
    let why = error.reason();
    on.failed.integration = Some(why.clone());
    match error {
        NoAnswer::Late => Refused::new(503, "Service Unavailable", why),
        NoAnswer::TooLarge => Refused::new(413, "Request Entity Too Large", why),
        NoAnswer::Rejected(_) | NoAnswer::Failed(_) => broken(why),
    }
}
