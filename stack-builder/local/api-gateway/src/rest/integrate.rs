//! What stands behind a method of a REST API, and what comes of calling it.

use super::gateway_response::{self, Refused};
use super::{Arrived, Integration, RestApi, event};
use crate::call::NoAnswer;
use crate::exchange::Exchange;
use crate::gateway::MALFORMED;
use crate::headers;
use crate::proxy_answer::{self, Rules};
use crate::reply::Reply;
use bytes::Bytes;

impl RestApi {
    /// Calls the function, or answers from templates.
    pub(super) async fn integrate(
        &self,
        on: &mut Exchange,
        arrived: &Arrived<'_>,
        body: Bytes,
    ) -> Result<Reply, Refused> {
        let function = match &arrived.method.integration {
            Integration::Function(function) => function,
            Integration::Mock(mock) => return mock.answer(on, arrived, &body),
            Integration::None(why) => return Err(Refused::new(gateway_response::CONFIGURATION, why.clone())),
        };
        let binary = self.is_binary(headers::last(&arrived.parts.headers, "content-type").as_deref());
        let event = event::integration(on, arrived, &body, binary).to_string().into_bytes();
        drop(body);
        let caller = on.facts.caller(&format!("{}/{}{}", on.stage, on.method, arrived.method.resource));
        let began = self.shared.world.clock.millis();
        let answer = function.call(&self.shared.invoker, event, caller, &on.trace).await;
        on.latency = Some(self.shared.world.clock.millis().saturating_sub(began));
        let answer = answer.map_err(|error| no_answer(on, &error))?;
        let accept = headers::last(&arrived.parts.headers, "accept");
        let rules = Rules::Rest { binary: self.is_binary(accept.as_deref()) };
        proxy_answer::read(&answer, rules).ok_or_else(|| {
            self.shared.malformed(on, function);
            Refused::new(gateway_response::FAILED, MALFORMED)
        })
    }

    /// Whether a type, or the first of several, is one of `BinaryMediaTypes`.
    fn is_binary(&self, types: Option<&str>) -> bool {
        let first = types.and_then(|types| types.split([',', ';']).next()).unwrap_or_default().trim();
        let one = |known: &String| {
            let family =
                known.strip_suffix('*').is_some_and(|family| first.starts_with(family) && !first.is_empty());
            known == "*/*" || known.eq_ignore_ascii_case(first) || family
        };
        self.binary.iter().any(one)
    }
}

fn no_answer(on: &mut Exchange, error: &NoAnswer) -> Refused {
    let why = error.reason();
    on.failed.integration = Some(why.clone());
    let kind = match error {
        NoAnswer::Late => gateway_response::LATE,
        NoAnswer::TooLarge => gateway_response::TOO_LARGE,
        NoAnswer::Rejected(_) => gateway_response::REJECTED,
        NoAnswer::Failed(_) => gateway_response::FAILED,
    };
    Refused::new(kind, why)
}
