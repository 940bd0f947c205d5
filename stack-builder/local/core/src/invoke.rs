//! Calling a function.

use crate::{Caller, Trace};
use bytes::Bytes;
use std::future::Future;
use std::pin::Pin;

/// One synchronous call of a function.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// ARN of the function or of a version of it (`…:function:name` or `…:function:name:3`), or its name.
    pub function: String,
    /// The event.
    pub payload: Bytes,
    /// Who calls; a service is checked against the function's resource policy (`AWS::Lambda::Permission`).
    pub caller: Caller,
    /// The request it belongs to.
    pub trace: Trace,
}

/// Why there is no answer of the handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvokeError {
    /// No such function.
    Absent,
    /// The caller may not; the text says which permission is missing.
    Denied(String),
    /// All environments are busy (`TooManyRequestsException`).
    Throttled,
    /// The payload is too large: 6 MB for a synchronous call.
    TooLarge,
    /// The handler returned an error, crashed, did not start or took too long. The bytes are the document that Lambda
    /// answers with `X-Amz-Function-Error: Unhandled`: `{"errorMessage": …, "errorType": …}`.
    Function(Bytes),
}

/// What calls functions.
pub trait Invoker: Send + Sync {
    /// Calls, and waits for the answer.
    fn invoke(
        &self,
        invocation: Invocation,
    ) -> Pin<Box<dyn Future<Output = Result<Bytes, InvokeError>> + Send + '_>>;
}
