//! Cognito's errors, in the words that its clients know.

use stack_builder_local_core::ApiError;

pub(crate) type Result<T> = std::result::Result<T, ApiError>;

pub(crate) fn not_authorized(message: impl Into<String>) -> ApiError {
    ApiError::new("NotAuthorizedException", message)
}

pub(crate) fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new("InvalidParameterException", message)
}

pub(crate) fn wrong_password() -> ApiError {
    not_authorized("Incorrect username or password.")
}

pub(crate) fn no_user() -> ApiError {
    ApiError::new("UserNotFoundException", "User does not exist.")
}

pub(crate) fn no_pool(id: &str) -> ApiError {
    ApiError::new("ResourceNotFoundException", format!("User pool {id} does not exist."))
}

pub(crate) fn no_client(id: &str) -> ApiError {
    ApiError::new("ResourceNotFoundException", format!("User pool client {id} does not exist."))
}

pub(crate) fn no_group() -> ApiError {
    ApiError::new("ResourceNotFoundException", "Group not found.")
}

pub(crate) fn expired_code() -> ApiError {
    ApiError::new("ExpiredCodeException", "Invalid code provided, please request a code again.")
}

pub(crate) fn wrong_code() -> ApiError {
    ApiError::new("CodeMismatchException", "Invalid verification code provided, please try again.")
}

pub(crate) fn too_often() -> ApiError {
    ApiError::new("LimitExceededException", "Attempt limit exceeded, please try after some time.")
}

pub(crate) fn missing(parameter: &str) -> ApiError {
    invalid(format!("Missing required parameter {parameter}"))
}

pub(crate) fn internal(message: impl Into<String>) -> ApiError {
    ApiError { status: 500, code: "InternalErrorException".to_owned(), message: message.into() }
}
