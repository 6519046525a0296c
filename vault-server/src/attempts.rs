//! Guessing of passwords is slowed down, by name and place together, so that nobody can lock an
//! approver out from somewhere else.

use crate::limits::{ATTEMPT_WAIT_MAX, ATTEMPTS_FREE, ATTEMPTS_REMEMBERED};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use vault_core::fault::{Code, Fault, Outcome};

/// Failed attempts by name and place.
#[derive(Default)]
pub struct Attempts(Mutex<HashMap<(String, IpAddr), (u32, Instant)>>);

/// How long to wait after so many failures.
fn wait(failures: u32) -> Duration {
    let over = failures.saturating_sub(ATTEMPTS_FREE);
    let seconds = if over == 0 { 0 } else { 1u64 << over.min(16) };
    Duration::from_secs(seconds).min(ATTEMPT_WAIT_MAX)
}

impl Attempts {
    /// Refuses an attempt that comes too early after failed ones.
    pub fn check(&self, name: &str, place: IpAddr) -> Outcome<()> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((failures, last)) = all.get(&(name.to_lowercase(), place)) else { return Ok(()) };
        let left = wait(*failures).saturating_sub(last.elapsed());
        if left.is_zero() {
            return Ok(());
        }
        Err(Fault::new(Code::TooManyAttempts).with("seconds", left.as_secs() + 1))
    }

    /// Notes what came of an attempt.
    pub fn note(&self, name: &str, place: IpAddr, succeeded: bool) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (name.to_lowercase(), place);
        if succeeded {
            all.remove(&key);
            return;
        }
        if all.len() >= ATTEMPTS_REMEMBERED {
            all.retain(|_, (_, last)| last.elapsed() < ATTEMPT_WAIT_MAX);
        }
        if all.len() < ATTEMPTS_REMEMBERED || all.contains_key(&key) {
            let entry = all.entry(key).or_insert((0, Instant::now()));
            *entry = (entry.0.saturating_add(1), Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_has_to_wait_and_other_places_do_not() {
        let attempts = Attempts::default();
        let (here, there) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        for _ in 0..ATTEMPTS_FREE {
            attempts.check("Zhao", here).unwrap();
            attempts.note("zhao", here, false);
        }
        attempts.note("zhao", here, false);
        let fault = attempts.check("zhao", here).unwrap_err();
        assert_eq!(fault.code(), Code::TooManyAttempts);
        attempts.check("zhao", there).unwrap();
        attempts.check("qian", here).unwrap();
        attempts.note("zhao", here, true);
        attempts.check("zhao", here).unwrap();
        assert_eq!(wait(1_000), ATTEMPT_WAIT_MAX);
    }
}
