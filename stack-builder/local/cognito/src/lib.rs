//! Cognito on this machine: user pools, sign-in and tokens.
//!
//! [`Pools`] is made from the resources of a template. It is the API of Cognito user pools
//! (`AWSCognitoIdentityProviderService`), it tells the keys of its tokens, and it serves the sign-in pages of each domain
//! ([`Pools::domain_service`]). Tokens carry the issuer that AWS would give the pool. Passwords are never kept: what is
//! kept of them is the verifier of the Secure Remote Password protocol, and a password that arrives as it is is checked
//! against that. Codes go to the journal instead of a mailbox.

mod accounts;
mod api;
mod claims;
mod client;
mod codes;
mod definition;
mod errors;
mod expiring;
mod form;
mod group;
mod hosted;
mod input;
mod issuer;
mod keys;
mod notes;
mod password;
mod pool;
mod pools;
mod random;
mod schema;
mod sign_in;
mod srp;
mod token;
mod user;
mod users;
mod view;

#[cfg(test)]
mod tests;

pub use api::{CORS, PREFLIGHT};
pub use group::Group;
pub use hosted::HostedOptions;
pub use pools::Pools;
pub use user::Status;
pub use view::{ClientView, PoolView, UserView};

/// Types of CloudFormation that run here.
pub const RUNS: &[&str] = &[
    definition::POOL,
    definition::CLIENT,
    definition::DOMAIN,
    definition::GROUP,
    definition::USER,
    definition::MEMBER,
    definition::RESOURCE_SERVER,
];
