//! What an edge handler is.

use super::{EdgeError, EdgeRequest, EdgeResponse};
use serde::de::DeserializeOwned;
use std::future::{Future, ready};

/// What becomes of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum RequestAction {
    /// It goes on, perhaps changed.
    Forward(EdgeRequest),
    /// It is answered here and now.
    Respond(EdgeResponse),
}

/// The functions of one binary, one a trigger; a trigger that is not overridden passes everything through.
///
/// An `Err` is for what could not be decided: see [`respond`](super::respond).
pub trait EdgeHandler {
    /// The binary target's name, as it stands in the log.
    const NAME: &'static str;

    /// Decides about a visitor's request, before the cache is asked.
    fn viewer_request(&self, request: EdgeRequest) -> impl Future<Output = Result<RequestAction, EdgeError>> {
        ready(Ok(RequestAction::Forward(request)))
    }

    /// Decides about a request that is not in the cache.
    fn origin_request(&self, request: EdgeRequest) -> impl Future<Output = Result<RequestAction, EdgeError>> {
        ready(Ok(RequestAction::Forward(request)))
    }

    /// May change the origin's response, before it is cached.
    fn origin_response(
        &self,
        _request: &EdgeRequest,
        response: EdgeResponse,
    ) -> impl Future<Output = Result<EdgeResponse, EdgeError>> {
        ready(Ok(response))
    }

    /// May change the headers of a response, cached or not.
    fn viewer_response(
        &self,
        _request: &EdgeRequest,
        response: EdgeResponse,
    ) -> impl Future<Output = Result<EdgeResponse, EdgeError>> {
        ready(Ok(response))
    }
}

/// A handler that can be made from what a stack baked into its archive.
pub trait FromConfig: EdgeHandler + Sized {
    /// The type of `config.json`.
    type Config: DeserializeOwned;

    /// Makes the AWS clients, once for all events.
    fn from_config(config: Self::Config) -> impl Future<Output = Self>;
}
