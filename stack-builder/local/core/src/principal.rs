//! Who calls: the identities that hold credentials.

use crate::Trace;
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Keys kept of holders that are gone.
const MOST_RETIRED: usize = 1000;

/// Somebody with credentials. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Principal {
    /// The developer: everything is allowed. ARN `arn:aws:iam::<account>:user/local`.
    Administrator,
    /// A role that a function or another resource has taken on.
    Role {
        /// ARN of the role, `arn:aws:iam::<account>:role/<name>`.
        role: Arc<str>,
        /// Name of the session, for a function its name.
        session: Arc<str>,
    },
}

impl Principal {
    /// The ARN that error messages and `GetCallerIdentity` show.
    pub fn arn(&self, account: &str) -> String {
        match self {
            Self::Administrator => format!("arn:aws:iam::{account}:user/local"),
            Self::Role { role, session } => {
                let name = role.rsplit('/').next().unwrap_or(role);
                format!("arn:aws:sts::{account}:assumed-role/{name}/{session}")
            }
        }
    }
}

/// Who sends a request to a service behind another one; an extension of the request, which the network cannot set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Somebody with credentials.
    Principal(Principal),
    /// A service of AWS on behalf of a resource, such as CloudFront reading a bucket.
    Service {
        /// Such as `cloudfront.amazonaws.com`.
        name: String,
        /// ARN of the resource on whose behalf it calls (`aws:SourceArn`).
        source_arn: String,
    },
    /// Nobody that is known.
    Anonymous,
}

/// Keys of one principal.
#[derive(Clone)]
pub struct Credentials {
    /// `AKIA…` of a user, `ASIA…` of a role.
    pub access_key: String,
    /// The secret that signs.
    pub secret_key: String,
    /// The token that a role's requests carry as well.
    pub session_token: Option<String>,
    /// Whose they are.
    pub principal: Principal,
    /// When they stop being valid, seconds since 1970; `None` for never.
    pub expires: Option<u64>,
    /// The request on whose behalf the holder works right now.
    trace: Arc<Mutex<Trace>>,
}

impl Credentials {
    /// Keys that stay valid, with no request at work.
    pub fn new(
        access_key: String,
        secret_key: String,
        session_token: Option<String>,
        principal: Principal,
    ) -> Self {
        Self { access_key, secret_key, session_token, principal, expires: None, trace: Arc::default() }
    }

    /// The same keys, valid until `at`, seconds since 1970.
    pub fn until(self, at: u64) -> Self {
        Self { expires: Some(at), ..self }
    }

    /// From now on the holder works for this request; what it calls becomes part of its trace.
    pub fn work_for(&self, trace: Trace) {
        *self.trace.lock().unwrap_or_else(PoisonError::into_inner) = trace;
    }

    /// The request that the holder works for.
    pub fn trace(&self) -> Trace {
        self.trace.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key", &self.access_key)
            .field("principal", &self.principal)
            .finish_non_exhaustive()
    }
}

/// All valid credentials, by access key. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Identities(Arc<RwLock<Valid>>);

#[derive(Debug, Default)]
struct Valid {
    by_key: HashMap<String, Credentials>,
    /// Keys whose holder is gone, oldest first.
    retired: VecDeque<String>,
}

impl Identities {
    /// Makes credentials valid.
    pub fn add(&self, credentials: Credentials) {
        let mut valid = self.0.write().unwrap_or_else(PoisonError::into_inner);
        valid.by_key.insert(credentials.access_key.clone(), credentials);
    }

    /// Makes them invalid.
    pub fn remove(&self, access_key: &str) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).by_key.remove(access_key);
    }

    /// Their holder is gone; URLs that it signed go on working until `until`, seconds since 1970, as the session of a
    /// role outlives the environment that used it. The oldest go before that when there are very many.
    pub fn retire(&self, access_key: &str, until: u64) {
        let mut valid = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Some(credentials) = valid.by_key.get_mut(access_key) else { return };
        credentials.expires = Some(until);
        credentials.work_for(Trace::default());
        valid.retired.push_back(access_key.to_owned());
        if valid.retired.len() > MOST_RETIRED
            && let Some(oldest) = valid.retired.pop_front()
        {
            valid.by_key.remove(&oldest);
        }
    }

    /// The credentials of an access key.
    pub fn find(&self, access_key: &str) -> Option<Credentials> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).by_key.get(access_key).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retired_keys_are_valid_for_a_while_and_do_not_pile_up() {
        let identities = Identities::default();
        let keys: Vec<_> = (0..=MOST_RETIRED).map(|number| number.to_string()).collect();
        for key in &keys {
            let secret = "secret".to_owned();
            identities.add(Credentials::new(key.clone(), secret, None, Principal::Administrator));
            identities.retire(key, 7);
        }
        assert!(identities.find(&keys[0]).is_none());
        assert_eq!(identities.find(&keys[1]).and_then(|kept| kept.expires), Some(7));
    }
}
