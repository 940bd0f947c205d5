//! The domain of a user pool's hosted sign-in pages.

use super::user_pool::UserPoolRef;
use crate::construct::Construct;
use crate::scope::Scope;
use stack_builder_assembly::Diagnostic;
use stack_builder_cfn::{IntoValue, Value, cognito, intrinsic, pseudo};

/// Characters in a prefix.
const PREFIX: usize = 63;

/// A domain `<prefix>.auth.<region>.amazoncognito.com` for a pool's hosted sign-in pages.
///
/// The prefix is unique in the region, over all accounts; by default it is `<stack>-<account>`.
#[must_use = "a construct does nothing until it is added"]
pub struct UserPoolDomain {
    l1: cognito::UserPoolDomain,
    own_prefix: bool,
}

impl UserPoolDomain {
    #[track_caller]
    pub(super) fn of(pool: &UserPoolRef) -> Self {
        let parts = [("stack", pseudo::stack_name()), ("account", pseudo::account_id())];
        let prefix = intrinsic::sub("${stack}-${account}", parts);
        Self { l1: cognito::UserPoolDomain::new().user_pool_id(pool.id()).domain(prefix), own_prefix: false }
    }

    /// Another prefix: 1 to 63 lower-case letters, digits and hyphens, without `aws`, `amazon` or `cognito`.
    #[track_caller]
    pub fn prefix(mut self, prefix: impl IntoValue<String>) -> Self {
        self.l1 = self.l1.domain(prefix);
        self.own_prefix = true;
        self
    }

    /// Changes the CloudFormation resource underneath.
    #[track_caller]
    pub fn l1(mut self, change: impl FnOnce(cognito::UserPoolDomain) -> cognito::UserPoolDomain) -> Self {
        self.l1 = change(self.l1);
        self
    }
}

impl Construct for UserPoolDomain {
    type Handle = UserPoolDomainRef;

    fn build(self, scope: &mut Scope) -> UserPoolDomainRef {
        if !self.own_prefix {
            check_default_prefix(scope);
        }
        UserPoolDomainRef { prefix: scope.resource(self.l1).reference() }
    }
}

/// Reports a stack whose name cannot begin a domain.
///
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html>
fn check_default_prefix(scope: &mut Scope) {
    let prefix = format!("{}-{}-123456789012", scope.stack_name(), scope.stage());
    let reserved = ["amazon", "aws", "cognito"].into_iter().find(|word| prefix.contains(word));
    let problem = if let Some(word) = reserved {
        format!("it holds the reserved word `{word}`")
    } else if prefix.len() > PREFIX {
        format!("with the account it has {} characters, {PREFIX} are allowed", prefix.len())
    } else if prefix.chars().any(|c| c.is_ascii_uppercase()) {
        "it has capital letters".to_owned()
    } else {
        return;
    };
    let message = format!("the stack's name cannot begin the sign-in pages' domain: {problem}");
    let hint = "name the stack otherwise, or give the domain a `prefix`";
    scope.report(Diagnostic::error("illegal-name", message).hint(hint));
}

/// A handle on the domain of a pool's hosted pages.
#[derive(Clone, Debug)]
pub struct UserPoolDomainRef {
    prefix: Value<String>,
}

impl UserPoolDomainRef {
    /// The address of the pages, without a path: `https://<prefix>.auth.<region>.amazoncognito.com`.
    pub fn url(&self) -> Value<String> {
        let parts = [("prefix", self.prefix.clone()), ("region", pseudo::region())];
        intrinsic::sub("https://${prefix}.auth.${region}.amazoncognito.com", parts)
    }
}
