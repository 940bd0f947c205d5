//! What conditions and variables may ask about a call.

use crate::calendar::extended;
use crate::keys::unique_id;
use stack_builder_local_core::{Ask, Caller, Principal};
use std::borrow::Cow;

/// One call with its surroundings. Values are made only when a policy asks for them.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    pub(super) ask: &'a Ask<'a>,
    pub(super) account: &'a str,
    pub(super) region: &'a str,
    /// Seconds since 1970.
    pub(super) now: u64,
}

impl Facts<'_> {
    /// The values of a condition key in lower case; empty when the call has no such key.
    pub(super) fn values(&self, key: &str) -> Vec<Cow<'_, str>> {
        if let Some(values) = self.ask.context.get(key) {
            return values.iter().map(|value| Cow::Borrowed(value.as_str())).collect();
        }
        self.general(key).into_iter().collect()
    }

    /// The first of them.
    pub(super) fn first(&self, key: &str) -> Option<String> {
        self.values(key).first().map(|value| value.clone().into_owned())
    }

    fn general(&self, key: &str) -> Option<Cow<'_, str>> {
        Some(match key {
            // Loopback stands for TLS: nobody else can listen.
            "aws:securetransport" => "true".into(),
            "aws:sourceip" => "127.0.0.1".into(),
            "aws:requestedregion" => self.region.into(),
            "aws:currenttime" => extended(self.now).into(),
            "aws:epochtime" => self.now.to_string().into(),
            "aws:viaawsservice" => "false".into(),
            "aws:principalisawsservice" => {
                matches!(self.ask.caller, Caller::Service { .. }).to_string().into()
            }
            "aws:resourceaccount" => self.account.into(),
            key => return self.of_caller(key),
        })
    }

    fn of_caller(&self, key: &str) -> Option<Cow<'_, str>> {
        match self.ask.caller {
            Caller::Principal(principal) => self.of_principal(principal, key),
            Caller::Service { name, source_arn } => Some(match key {
                "aws:sourcearn" => source_arn.into(),
                "aws:sourceaccount" => self.account_of(source_arn).into(),
                "aws:principalservicename" => name.into(),
                _ => return None,
            }),
            Caller::Anonymous => (key == "aws:principaltype").then_some("Anonymous".into()),
        }
    }

    fn of_principal(&self, principal: &Principal, key: &str) -> Option<Cow<'_, str>> {
        let role = match principal {
            Principal::Administrator => None,
            Principal::Role { role, session } => Some((role, session)),
        };
        Some(match (key, role) {
            ("aws:principalaccount", _) => self.account.into(),
            ("aws:principalarn", Some((role, _))) => role.to_string().into(),
            ("aws:principalarn", None) => principal.arn(self.account).into(),
            ("aws:principaltype", Some(_)) => "AssumedRole".into(),
            ("aws:principaltype", None) => "User".into(),
            ("aws:userid", _) => user_id(principal, self.account).into(),
            ("aws:username", None) => "local".into(),
            _ => return None,
        })
    }

    /// The account that an ARN names; buckets' ARNs name none.
    fn account_of<'s>(&'s self, arn: &'s str) -> &'s str {
        arn.split(':').nth(4).filter(|account| !account.is_empty()).unwrap_or(self.account)
    }
}

/// `AROA…:session` of a role, `AIDA…` of the developer.
pub(crate) fn user_id(principal: &Principal, account: &str) -> String {
    match principal {
        Principal::Administrator => unique_id("AIDA", &principal.arn(account)),
        Principal::Role { role, session } => format!("{}:{session}", unique_id("AROA", role)),
    }
}
