//! Where the passwords come from, and for how long they are believed.

use super::Passwords;
use crate::Failure;
use aws_sdk_secretsmanager::{Client, error::SdkError, operation::get_secret_value::GetSecretValueError};
use std::{
    cell::RefCell,
    future::Future,
    time::{Duration, SystemTime},
};

/// A changed password is in force after this at the latest.
const BELIEVED: Duration = Duration::from_mins(1);

/// Something that knows who may log in.
pub trait PasswordSource {
    /// The passwords of now.
    ///
    /// # Errors
    /// [`Failure::Internal`] when they cannot be had.
    fn load(&self) -> impl Future<Output = Result<Passwords, Failure>>;
}

/// A secret in Secrets Manager.
#[derive(Clone, Debug)]
pub struct SecretPasswords {
    client: Client,
    secret: String,
}

impl SecretPasswords {
    /// The secret with this ARN.
    pub fn new(client: Client, secret: String) -> Self {
        Self { client, secret }
    }
}

impl PasswordSource for SecretPasswords {
    /// A secret without a value yet is no fault: nobody can log in until it has one.
    async fn load(&self) -> Result<Passwords, Failure> {
        let answer = match self.client.get_secret_value().secret_id(&self.secret).send().await {
            Ok(answer) => answer,
            Err(error) if is_empty(&error) => return Ok(Passwords::default()),
            Err(error) => return Err(Failure::aws("GetSecretValue", &error)),
        };
        let secret = answer.secret_string().ok_or("the secret is not text");
        secret.and_then(Passwords::read).map_err(|fault| Failure::Internal(fault.into()))
    }
}

fn is_empty(error: &SdkError<GetSecretValueError>) -> bool {
    error.as_service_error().is_some_and(GetSecretValueError::is_resource_not_found_exception)
}

/// Asks a source once a minute at most, for as long as the execution environment lives; and each time as long as nobody
/// can log in, so that whoever sets the first passwords can use them at once.
#[derive(Debug)]
pub struct Remembered<S> {
    source: S,
    clock: fn() -> SystemTime,
    last: RefCell<Option<(SystemTime, Passwords)>>,
}

impl<S> Remembered<S> {
    /// Remembers what this source says.
    pub fn new(source: S, clock: fn() -> SystemTime) -> Self {
        Self { source, clock, last: RefCell::new(None) }
    }

    /// The clock on the wall, for the other one stands still while the environment is frozen. One that was set back
    /// makes everything stale.
    fn believed(&self, now: SystemTime) -> Option<Passwords> {
        let last = self.last.borrow();
        let (then, passwords) = last.as_ref()?;
        now.duration_since(*then).is_ok_and(|age| age < BELIEVED).then(|| passwords.clone())
    }
}

impl<S: PasswordSource> PasswordSource for Remembered<S> {
    async fn load(&self) -> Result<Passwords, Failure> {
        let now = (self.clock)();
        if let Some(passwords) = self.believed(now) {
            return Ok(passwords);
        }
        let passwords = self.source.load().await?;
        *self.last.borrow_mut() = Some((now, passwords.clone())).filter(|_| !passwords.is_empty());
        Ok(passwords)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::{cell::Cell, time::UNIX_EPOCH};

    impl PasswordSource for &str {
        async fn load(&self) -> Result<Passwords, Failure> {
            Passwords::read(self).map_err(|fault| Failure::Internal(fault.into()))
        }
    }

    /// Admits `picard` with the number of times that it was asked; fails the third time.
    #[derive(Default)]
    struct Counting(Cell<u32>);

    impl PasswordSource for Counting {
        async fn load(&self) -> Result<Passwords, Failure> {
            self.0.set(self.0.get() + 1);
            match self.0.get() {
                3 => Err(Failure::Internal("no secret".into())),
                n => Ok(Passwords::read(&format!("{{\"picard\": \"{n}\"}}")).unwrap()),
            }
        }
    }

    #[tokio::test]
    async fn that_nobody_can_log_in_is_not_remembered() {
        struct Filling(Cell<u32>);
        impl PasswordSource for Filling {
            async fn load(&self) -> Result<Passwords, Failure> {
                self.0.set(self.0.get() + 1);
                let secret = if self.0.get() == 1 { "{}" } else { r#"{"picard": "makeitso"}"# };
                Ok(Passwords::read(secret).unwrap())
            }
        }
        let source = Remembered::new(Filling(Cell::new(0)), || UNIX_EPOCH);
        assert!(source.load().await.unwrap().is_empty());
        assert!(source.load().await.unwrap().admit("picard", "makeitso"));
    }

    thread_local! {
        static SECONDS: Cell<u64> = const { Cell::new(0) };
    }

    async fn at(source: &Remembered<Counting>, seconds: u64) -> Result<Passwords, Failure> {
        SECONDS.set(seconds);
        source.load().await
    }

    #[tokio::test]
    async fn a_secret_is_believed_for_a_minute() {
        let clock = || UNIX_EPOCH + Duration::from_secs(SECONDS.get());
        let source = Remembered::new(Counting::default(), clock);
        assert!(at(&source, 100).await.unwrap().admit("picard", "1"));
        assert!(at(&source, 159).await.unwrap().admit("picard", "1"));
        assert!(at(&source, 160).await.unwrap().admit("picard", "2"));
        assert_eq!(at(&source, 220).await, Err(Failure::Internal("no secret".into())));
        assert!(at(&source, 220).await.unwrap().admit("picard", "4"), "a failure is not remembered");
        assert!(at(&source, 219).await.unwrap().admit("picard", "5"), "a clock that was set back");
    }
}
