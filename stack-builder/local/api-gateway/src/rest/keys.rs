//! API keys, usage plans and throttles of a REST API.

use super::gateway_response::{INVALID_API_KEY, QUOTA, THROTTLED};
use super::{Arrived, Refused, RestApi};
use crate::exchange::Exchange;
use crate::grant::Grant;
use crate::headers;
use crate::limits::{Quota, Throttle};
use std::collections::BTreeMap;

/// A key within a usage plan.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) value: String,
    pub(crate) throttle: Option<Throttle>,
    /// By `/path/METHOD`.
    pub(crate) of_methods: BTreeMap<String, Option<Throttle>>,
    pub(crate) quota: Option<Quota>,
}

/// What a usage plan grants on one stage.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) keys: Vec<Key>,
}

impl RestApi {
    /// Counts a request for the key's plan, then for the method
    /// ([order](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html)).
    pub(super) fn admit(&self, on: &mut Exchange, arrived: &Arrived<'_>) -> Result<(), Refused> {
        if arrived.method.api_key {
            let value = self.sent_key(on, arrived);
            let key = value.as_deref().and_then(|value| find(arrived, value));
            let key = key.ok_or_else(|| {
                let why =
                    if value.is_none() { "there is no API key" } else { "the API key is not of this stage" };
                Refused::new(INVALID_API_KEY, why)
            })?;
            on.api_key = Some((key.id.clone(), key.value.clone()));
            count(key, on, arrived)?;
        }
        if arrived.throttle.is_some_and(|throttle| !throttle.take(on.at)) {
            return Err(Refused::new(THROTTLED, "the method's throttle"));
        }
        Ok(())
    }

    fn sent_key(&self, on: &Exchange, arrived: &Arrived<'_>) -> Option<String> {
        if !self.key_of_authorizer {
            return headers::last(&arrived.parts.headers, "x-api-key");
        }
        match &on.grant {
            Some(Grant::Lambda { key, .. }) => key.clone(),
            _ => None,
        }
    }
}

fn find<'a>(arrived: &Arrived<'a>, value: &str) -> Option<&'a Key> {
    arrived.stage.plans.iter().flat_map(|plan| &plan.keys).find(|key| key.value == value)
}

fn count(key: &Key, on: &Exchange, arrived: &Arrived<'_>) -> Result<(), Refused> {
    let own = |verb: &str| key.of_methods.get(&format!("{}/{verb}", arrived.method.resource));
    let own = if key.of_methods.is_empty() { None } else { own(&on.method).or_else(|| own("ANY")) };
    let throttle = own.unwrap_or(&key.throttle);
    if throttle.as_ref().is_some_and(|throttle| !throttle.take(on.at)) {
        return Err(Refused::new(THROTTLED, "the usage plan's throttle"));
    }
    if key.quota.as_ref().is_some_and(|quota| !quota.take(on.at)) {
        return Err(Refused::new(QUOTA, "the usage plan's quota"));
    }
    Ok(())
}
