//! Sessions: who is signed in, from when, until when.
//!
//! Promises: a token is 256 random bits and only its hash is kept; a session ends after the idle
//! time, after the longest time, with a stop of the service, and at once when the account is
//! disabled or gets other roles. Never on a disk, never in a log.

use crate::limits::{CONFIRMED, SESSION_MAX, SESSIONS_MAX};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use vault_core::fault::Outcome;
use vault_core::people::Proof;
use vault_core::policy::Actor;

type Hash = [u8; 32];

/// A person who is signed in.
pub struct Session {
    /// As whom events are recorded.
    pub actor: Actor,
    /// The name to sign in with.
    pub login: String,
    /// By what he proved who he is.
    pub proof: Proof,
    hash: Hash,
    began: Instant,
    times: Mutex<Times>,
}

struct Times {
    seen: Instant,
    confirmed: Option<Instant>,
}

impl Session {
    /// Which one, for telling sessions apart.
    pub fn hash(&self) -> &Hash {
        &self.hash
    }

    /// The person proved once more who he is.
    pub fn confirm(&self) {
        self.times.lock().unwrap_or_else(PoisonError::into_inner).confirmed = Some(Instant::now());
    }

    /// Whether he did so lately.
    pub fn is_confirmed(&self) -> bool {
        let times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        times.confirmed.is_some_and(|at| at.elapsed() < CONFIRMED)
    }

    /// How long it lasts at most from now on.
    pub fn left(&self) -> Duration {
        SESSION_MAX.saturating_sub(self.began.elapsed())
    }

    fn over(&self, idle: Duration) -> bool {
        let seen = self.times.lock().unwrap_or_else(PoisonError::into_inner).seen;
        self.began.elapsed() >= SESSION_MAX || seen.elapsed() >= idle
    }
}

/// Everybody who is signed in.
pub struct Sessions {
    idle: Duration,
    all: Mutex<HashMap<Hash, Arc<Session>>>,
}

fn hash_of(token: &str) -> Hash {
    *blake3::hash(token.as_bytes()).as_bytes()
}

impl Sessions {
    /// Nobody yet.
    pub fn new(idle: Duration) -> Self {
        Self { idle, all: Mutex::default() }
    }

    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<Hash, Arc<Session>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a session; gives its token, which is not kept.
    pub fn begin(
        &self,
        actor: Actor,
        login: String,
        proof: Proof,
    ) -> Outcome<(String, Arc<Session>)> {
        let token = hex::encode(vault_core::people::random_token()?);
        let now = Instant::now();
        let session = Arc::new(Session {
            actor,
            login,
            proof,
            hash: hash_of(&token),
            began: now,
            // Whoever signed in just now has confirmed who he is.
            times: Mutex::new(Times { seen: now, confirmed: Some(now) }),
        });
        let mut all = self.all();
        if all.len() >= SESSIONS_MAX {
            all.retain(|_, session| !session.over(self.idle));
        }
        if all.len() >= SESSIONS_MAX
            && let Some(oldest) = all.values().min_by_key(|session| session.began).cloned()
        {
            all.remove(&oldest.hash);
        }
        all.insert(session.hash, Arc::clone(&session));
        Ok((token, session))
    }

    /// The session of a token, seen now; `None` where there is none or it is over.
    pub fn find(&self, token: &str) -> Option<Arc<Session>> {
        let hash = hash_of(token);
        let session = self.all().get(&hash).cloned()?;
        if session.over(self.idle) {
            self.end(&session);
            return None;
        }
        session.times.lock().unwrap_or_else(PoisonError::into_inner).seen = Instant::now();
        Some(session)
    }

    /// The session of that hash, not seen by this; `None` where there is none or it is over.
    pub fn of(&self, hash: &Hash) -> Option<Arc<Session>> {
        self.all().get(hash).filter(|session| !session.over(self.idle)).cloned()
    }

    /// Ends a session.
    pub fn end(&self, session: &Session) {
        self.all().remove(&session.hash);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.all().len()
    }
}
