//! What the login asks of the table of failed attempts.

use super::attempts::Attempts;
use crate::Failure;
use std::future::Future;

/// The table of failed attempts.
pub trait AttemptTable {
    /// What is known of a name, read consistently. It may have passed its end.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the table cannot be asked, or holds something else.
    fn read(&self, user_name: &str) -> impl Future<Output = Result<Option<Attempts>, Failure>>;

    /// Writes `after` if the table still says `before`; false if it says something else by now.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the table cannot be asked.
    fn replace(
        &self,
        user_name: &str,
        before: Option<&Attempts>,
        after: &Attempts,
    ) -> impl Future<Output = Result<bool, Failure>>;

    /// Forgets a name's failures.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the table cannot be asked.
    fn forget(&self, user_name: &str) -> impl Future<Output = Result<(), Failure>>;
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::{
        cell::{Cell, RefCell},
        collections::BTreeMap,
        rc::Rc,
    };

    /// Attempts in memory; so many rivals attempt to log in each just before a write.
    #[derive(Clone, Debug, Default)]
    pub(crate) struct MemoryAttempts {
        pub(crate) attempts: Rc<RefCell<BTreeMap<String, Attempts>>>,
        pub(crate) rivals: Cell<u32>,
        pub(crate) broken: bool,
    }

    impl MemoryAttempts {
        fn whole(&self) -> Result<(), Failure> {
            if self.broken { Err(Failure::Internal("no such table".into())) } else { Ok(()) }
        }
    }

    impl AttemptTable for MemoryAttempts {
        async fn read(&self, user_name: &str) -> Result<Option<Attempts>, Failure> {
            self.whole()?;
            Ok(self.attempts.borrow().get(user_name).cloned())
        }

        async fn replace(
            &self,
            user_name: &str,
            before: Option<&Attempts>,
            after: &Attempts,
        ) -> Result<bool, Failure> {
            self.whole()?;
            let mut attempts = self.attempts.borrow_mut();
            if self.rivals.get() > 0 {
                self.rivals.set(self.rivals.get() - 1);
                attempts.insert(user_name.into(), after.clone());
            }
            let same = attempts.get(user_name) == before;
            if same {
                attempts.insert(user_name.into(), after.clone());
            }
            Ok(same)
        }

        async fn forget(&self, user_name: &str) -> Result<(), Failure> {
            self.whole()?;
            self.attempts.borrow_mut().remove(user_name);
            Ok(())
        }
    }
}
