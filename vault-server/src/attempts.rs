//! Guessing of passwords is slowed down, by name and place together, so that nobody can lock an
//! approver out from somewhere else.
//!
//! Proving a password takes a core for a while. Who proved himself before from where he is goes
//! past everybody else, and one place has only so many waiting: whoever floods from one place
//! waits behind himself.

use crate::limits::{
    ATTEMPT_WAIT_MAX, ATTEMPTS_FREE, ATTEMPTS_REMEMBERED, PROOFS_AT_ONCE, PROOFS_OF_ONE_PLACE_MAX,
    PROOFS_WAITING_MAX,
};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SemaphorePermit};
use vault_core::fault::{Code, Fault, Outcome};

/// Failed attempts by name and place, who succeeded from where, and who waits to be proved.
pub struct Attempts {
    failed: Mutex<HashMap<(String, IpAddr), (u32, Instant)>>,
    /// Hashes under a key of this process: who was here from where is nobody's business.
    succeeded: Mutex<HashSet<u64>>,
    hashing: RandomState,
    waiting: Mutex<HashMap<IpAddr, usize>>,
    strangers: Semaphore,
    known: Semaphore,
}

impl Default for Attempts {
    fn default() -> Self {
        Self {
            failed: Mutex::default(),
            succeeded: Mutex::default(),
            hashing: RandomState::new(),
            waiting: Mutex::default(),
            strangers: Semaphore::new(PROOFS_AT_ONCE),
            known: Semaphore::new(PROOFS_AT_ONCE),
        }
    }
}

/// Room for one proof; given back when dropped.
pub struct Room<'attempts> {
    attempts: &'attempts Attempts,
    place: IpAddr,
    permit: Option<SemaphorePermit<'attempts>>,
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        self.permit.take();
        let mut waiting = lock(&self.attempts.waiting);
        if let Some(count) = waiting.get_mut(&self.place) {
            *count -= 1;
            if *count == 0 {
                waiting.remove(&self.place);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn too_many(seconds: u64) -> Fault {
    Fault::new(Code::TooManyAttempts).with("seconds", seconds)
}

/// How long to wait after so many failures.
fn wait(failures: u32) -> Duration {
    let over = failures.saturating_sub(ATTEMPTS_FREE);
    let seconds = if over == 0 { 0 } else { 1u64 << over.min(16) };
    Duration::from_secs(seconds).min(ATTEMPT_WAIT_MAX)
}

impl Attempts {
    /// Refuses an attempt that comes too early after failed ones.
    pub fn check(&self, name: &str, place: IpAddr) -> Outcome<()> {
        let all = lock(&self.failed);
        let Some((failures, last)) = all.get(&(name.to_lowercase(), place)) else { return Ok(()) };
        let left = wait(*failures).saturating_sub(last.elapsed());
        if left.is_zero() {
            return Ok(());
        }
        Err(too_many(left.as_secs() + 1))
    }

    /// Waits for room to prove a password. Fails with `TooManyAttempts` where too many from this
    /// place wait already.
    pub async fn room(&self, name: &str, place: IpAddr) -> Outcome<Room<'_>> {
        let before = self.hashing.hash_one((name.to_lowercase(), place));
        let known = lock(&self.succeeded).contains(&before);
        let mut room = {
            let mut waiting = lock(&self.waiting);
            let all: usize = waiting.values().sum();
            let own = waiting.get(&place).copied().unwrap_or(0);
            if !known && (own >= PROOFS_OF_ONE_PLACE_MAX || all >= PROOFS_WAITING_MAX) {
                return Err(too_many(1));
            }
            *waiting.entry(place).or_default() += 1;
            Room { attempts: self, place, permit: None }
        };
        let lane = if known { &self.known } else { &self.strangers };
        let permit = lane.acquire().await;
        room.permit = Some(permit.map_err(|error| Fault::new(Code::Internal).caused_by(error))?);
        Ok(room)
    }

    /// Notes what came of an attempt.
    pub fn note(&self, name: &str, place: IpAddr, succeeded: bool) {
        let mut all = lock(&self.failed);
        let key = (name.to_lowercase(), place);
        if succeeded {
            let mut known = lock(&self.succeeded);
            if known.len() < ATTEMPTS_REMEMBERED {
                known.insert(self.hashing.hash_one(&key));
            }
            all.remove(&key);
            return;
        }
        if all.len() >= ATTEMPTS_REMEMBERED {
            all.retain(|_, (_, last)| last.elapsed() < ATTEMPT_WAIT_MAX);
        }
        if all.len() >= ATTEMPTS_REMEMBERED && !all.contains_key(&key) {
            // The longest ago gives way: a flood of names makes no room for guessing at others.
            let oldest = all.iter().min_by_key(|(_, (_, last))| *last).map(|(key, _)| key.clone());
            if let Some(oldest) = oldest {
                all.remove(&oldest);
            }
        }
        let entry = all.entry(key).or_insert((0, Instant::now()));
        *entry = (entry.0.saturating_add(1), Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Duration = Duration::from_millis(5);

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

    #[tokio::test]
    async fn who_floods_waits_behind_himself() {
        let attempts = Attempts::default();
        let (here, there) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        attempts.note("li", here, true);
        let mut held = Vec::new();
        for name in ["a", "b"] {
            held.push(attempts.room(name, here).await.unwrap());
        }
        let mut waiting: Vec<_> = (held.len()..PROOFS_OF_ONE_PLACE_MAX)
            .map(|_| Box::pin(attempts.room("c", here)))
            .collect();
        for one in &mut waiting {
            assert!(tokio::time::timeout(MOMENT, one).await.is_err());
        }
        let fault = attempts.room("d", here).await.err().unwrap();
        assert_eq!(fault.code(), Code::TooManyAttempts);
        assert!(attempts.room("Li", here).await.is_ok(), "who was here goes past");
        let mut other = Box::pin(attempts.room("zhao", there));
        let waits = tokio::time::timeout(MOMENT, &mut other).await;
        assert!(waits.is_err(), "another place waits, and not long");
        held.clear();
        drop(waiting);
        assert!(other.await.is_ok());
        assert!(lock(&attempts.waiting).is_empty(), "room is given back");
    }
}
