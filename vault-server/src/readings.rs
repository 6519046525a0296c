//! Readings under way, by person: each holds a thread while its client is slow, so that one person
//! has only so many, and others are served whatever he leaves hanging.

use crate::limits::READINGS_OF_ONE_MAX;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use vault_core::fault::{Code, Fault, Outcome};

/// How many each person has.
#[derive(Default, Clone)]
pub struct Readings(Arc<Mutex<HashMap<String, usize>>>);

/// One of them; it ends when dropped.
pub struct Reading {
    all: Readings,
    actor: String,
}

impl Readings {
    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more of this actor. Fails with `ReadingsTooMany`.
    pub fn begin(&self, actor: &str) -> Outcome<Reading> {
        let mut all = self.all();
        let count = all.entry(actor.to_owned()).or_default();
        if *count >= READINGS_OF_ONE_MAX {
            return Err(Fault::new(Code::ReadingsTooMany).with("limit", READINGS_OF_ONE_MAX));
        }
        *count += 1;
        Ok(Reading { all: self.clone(), actor: actor.to_owned() })
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        let mut all = self.all.all();
        if let Some(count) = all.get_mut(&self.actor) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.actor);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_has_so_many_and_another_his_own() {
        let readings = Readings::default();
        let mut held: Vec<_> =
            (0..READINGS_OF_ONE_MAX).map(|_| readings.begin("a").unwrap()).collect();
        let fault = readings.begin("a").err().unwrap();
        assert_eq!(fault.code(), Code::ReadingsTooMany);
        assert!(readings.begin("b").is_ok());
        held.pop();
        assert!(readings.begin("a").is_ok());
        held.clear();
        assert!(readings.all().is_empty());
    }
}
