//! Things that end by themselves: sessions, challenges, authorization codes.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

struct Inner<T> {
    entries: HashMap<String, (u64, T)>,
    order: VecDeque<String>,
}

/// At most so many things under keys of their own, each until a moment; a new one displaces the oldest.
pub(crate) struct Expiring<T> {
    most: usize,
    inner: Mutex<Inner<T>>,
}

impl<T: Clone> Expiring<T> {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, inner: Mutex::new(Inner { entries: HashMap::new(), order: VecDeque::new() }) }
    }

    fn inner(&self) -> MutexGuard<'_, Inner<T>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps it until `until` (exclusive).
    pub(crate) fn put(&self, key: String, until: u64, thing: T) {
        let mut inner = self.inner();
        inner.order.push_back(key.clone());
        inner.entries.insert(key, (until, thing));
        if inner.order.len() > self.most
            && let Some(oldest) = inner.order.pop_front()
        {
            inner.entries.remove(&oldest);
        }
    }

    /// What is under the key, while it lasts.
    pub(crate) fn get(&self, key: &str, now: u64) -> Option<T> {
        let inner = self.inner();
        let (until, thing) = inner.entries.get(key)?;
        (now < *until).then(|| thing.clone())
    }

    /// Like [`Expiring::get`], once only.
    pub(crate) fn take(&self, key: &str, now: u64) -> Option<T> {
        let (until, thing) = self.inner().entries.remove(key)?;
        (now < until).then_some(thing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_in_time_and_is_taken_once() {
        let things = Expiring::new(10);
        things.put("a".to_owned(), 5, 1);
        assert_eq!((things.get("a", 4), things.get("a", 5)), (Some(1), None));
        assert_eq!((things.take("a", 4), things.take("a", 4)), (Some(1), None));
    }

    #[test]
    fn the_oldest_make_room() {
        let things = Expiring::new(3);
        for number in 0..10_000 {
            things.put(number.to_string(), 5, number);
        }
        assert_eq!(things.get("9996", 0), None);
        assert_eq!(things.get("9997", 0), Some(9997));
        let inner = things.inner();
        assert_eq!((inner.entries.len(), inner.order.len()), (3, 3));
    }
}
