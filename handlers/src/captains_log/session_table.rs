//! What the handlers ask of the table of sessions.

use super::{Session, SessionId, clock::Seconds};
use crate::Failure;
use std::future::Future;

/// What the table says of one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Whose it is; none when only its end was asked for.
    pub user_name: Option<String>,
    /// When it ends, in seconds since 1970.
    pub ttl: Seconds,
}

/// The table of sessions.
pub trait SessionTable {
    /// When a session ends, if the table has it. Its end may have passed.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the table cannot be asked.
    fn end(&self, id: &SessionId) -> impl Future<Output = Result<Option<Seconds>, Failure>>;

    /// Whose a session is and when it ends, if the table has it. Its end may have passed.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the table cannot be asked.
    fn find(&self, id: &SessionId) -> impl Future<Output = Result<Option<Found>, Failure>>;

    /// Adds a session; never replaces one.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the table cannot be asked, or has the id already.
    fn add(&self, session: &Session) -> impl Future<Output = Result<(), Failure>>;

    /// Removes a session; one that is not there is no fault.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the table cannot be asked.
    fn remove(&self, id: &SessionId) -> impl Future<Output = Result<(), Failure>>;
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

    /// Sessions in memory.
    #[derive(Clone, Debug, Default)]
    pub(crate) struct MemorySessions {
        pub(crate) sessions: Rc<RefCell<BTreeMap<String, Session>>>,
        pub(crate) broken: bool,
    }

    impl MemorySessions {
        pub(crate) fn with(id: &str, user_name: &str, ttl: Seconds) -> Self {
            let table = Self::default();
            let session = Session {
                id: SessionId::parse(id).unwrap(),
                user_name: user_name.into(),
                creation_time: 0,
                ttl,
            };
            table.sessions.borrow_mut().insert(id.into(), session);
            table
        }

        fn whole(&self) -> Result<(), Failure> {
            if self.broken { Err(Failure::Internal("GetItem: no such table".into())) } else { Ok(()) }
        }
    }

    impl SessionTable for MemorySessions {
        async fn end(&self, id: &SessionId) -> Result<Option<Seconds>, Failure> {
            Ok(self.find(id).await?.map(|found| found.ttl))
        }

        async fn find(&self, id: &SessionId) -> Result<Option<Found>, Failure> {
            self.whole()?;
            let sessions = self.sessions.borrow();
            let session = sessions.get(id.as_str());
            Ok(session.map(|session| Found { user_name: Some(session.user_name.clone()), ttl: session.ttl }))
        }

        async fn add(&self, session: &Session) -> Result<(), Failure> {
            self.whole()?;
            self.sessions.borrow_mut().insert(session.id.as_str().into(), session.clone());
            Ok(())
        }

        async fn remove(&self, id: &SessionId) -> Result<(), Failure> {
            self.whole()?;
            self.sessions.borrow_mut().remove(id.as_str());
            Ok(())
        }
    }
}
