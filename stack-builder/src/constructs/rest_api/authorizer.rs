//! The authorizer of a REST API.

use super::deployment::Draft;
use crate::constructs::cognito_authorizer::CognitoAuthorizer;
use stack_builder_cfn::Value;
use stack_builder_cfn::apigateway::{self as l1, authorizer as nested};

/// An authorizer in the template, and what its methods ask for.
pub(super) struct Authorizer {
    pub(super) id: Value<String>,
    pub(super) scopes: Vec<String>,
}

pub(super) fn add(draft: &mut Draft<'_>, authorizer: CognitoAuthorizer) -> Authorizer {
    let l1 = l1::Authorizer::new()
        .rest_api_id(draft.id())
        .name("cognito")
        .type_(nested::Type::CognitoUserPools)
        .identity_source("method.request.header.Authorization")
        .provider_arns(authorizer.pools);
    Authorizer { id: draft.add("Authorizer", l1).reference(), scopes: authorizer.scopes }
}
