//! One fetch for simultaneous requests of the same object.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

type Open = Arc<Mutex<HashMap<String, watch::Receiver<()>>>>;

/// The fetches under way.
#[derive(Clone, Default)]
pub(crate) struct Flights(Open);

/// A fetch that others wait for; they wait no more once it is dropped, whatever became of it.
pub(crate) struct Flight {
    key: String,
    open: Open,
    _sender: watch::Sender<()>,
}

/// Who is to fetch.
pub(crate) enum Turn {
    /// The asker.
    Own(Flight),
    /// Somebody else, until the receiver says that it is over.
    Other(watch::Receiver<()>),
}

impl Flights {
    /// Takes part in the fetch of a key.
    pub(crate) fn join(&self, key: &str) -> Turn {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(receiver) = open.get(key) {
            return Turn::Other(receiver.clone());
        }
        let (sender, receiver) = watch::channel(());
        open.insert(key.to_owned(), receiver);
        Turn::Own(Flight { key: key.to_owned(), open: self.0.clone(), _sender: sender })
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

/// Waits until the other's fetch is over.
pub(crate) async fn over(mut receiver: watch::Receiver<()>) {
    // The sender never sends: it goes away.
    while receiver.changed().await.is_ok() {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_abandoned_fetch_lets_the_others_go() {
        let flights = Flights::default();
        let Turn::Own(flight) = flights.join("a") else { panic!("own") };
        let Turn::Other(receiver) = flights.join("a") else { panic!("other") };
        drop(flight);
        over(receiver).await;
        assert!(matches!(flights.join("a"), Turn::Own(_)));
    }
}
