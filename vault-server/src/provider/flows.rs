//! Sign-ins under way at the identity provider.
//!
//! Promises: each belongs to the browser that began it, by a cookie of which only the hash is kept;
//! it serves once, for a while; whoever begins many displaces his own and nobody else's. Never on
//! a disk.

use crate::limits::{FLOWS_MAX, FLOWS_OF_ONE_PLACE_MAX, PROVIDER_WAIT};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use vault_core::fault::Outcome;

type Hash = [u8; 32];

/// What is to come of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// A session.
    SignIn,
    /// A confirmation for this session.
    Confirm(Hash),
}

/// How far it is.
pub enum Stage {
    /// The browser is at the provider.
    Away {
        /// What it must bring back.
        state: String,
        /// What the provider must put into its token.
        nonce: String,
        /// What proves to the provider that the code is ours.
        proof: String,
    },
    /// The provider vouched for a person, whose one-time code is awaited.
    Vouched {
        /// The login name.
        login: String,
    },
}

/// A sign-in under way.
pub struct Flow {
    /// What is to come of it.
    pub purpose: Purpose,
    /// Where the browser goes then, a path of this service.
    pub next: String,
    /// How far it is.
    pub stage: Stage,
    /// When it began, by the system's clock, in seconds of the epoch.
    pub began_s: i64,
    place: IpAddr,
    began: Instant,
}

impl Flow {
    /// One that begins now.
    pub fn new(purpose: Purpose, next: String, stage: Stage, place: IpAddr, now_s: i64) -> Self {
        Self { purpose, next, stage, began_s: now_s, place, began: Instant::now() }
    }
}

/// All of them.
#[derive(Default)]
pub struct Flows(Mutex<HashMap<Hash, Flow>>);

fn hash_of(token: &str) -> Hash {
    *blake3::hash(token.as_bytes()).as_bytes()
}

impl Flows {
    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<Hash, Flow>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps one; gives the token of its browser.
    pub fn put(&self, flow: Flow) -> Outcome<String> {
        let token = hex::encode(vault_core::people::random_token()?);
        let mut all = self.all();
        all.retain(|_, flow| flow.began.elapsed() < PROVIDER_WAIT);
        let own = all.values().filter(|other| other.place == flow.place).count();
        if own >= FLOWS_OF_ONE_PLACE_MAX {
            remove_oldest(&mut all, |other| other.place == flow.place);
        } else if all.len() >= FLOWS_MAX {
            remove_oldest(&mut all, |_| true);
        }
        all.insert(hash_of(&token), flow);
        Ok(token)
    }

    /// Puts one back under the same token, to be gone on with.
    pub fn put_back(&self, token: &str, flow: Flow) {
        self.all().insert(hash_of(token), flow);
    }

    /// Takes the one of this browser away; it serves once.
    pub fn take(&self, token: &str) -> Option<Flow> {
        let flow = self.all().remove(&hash_of(token))?;
        (flow.began.elapsed() < PROVIDER_WAIT).then_some(flow)
    }
}

fn remove_oldest(all: &mut HashMap<Hash, Flow>, which: impl Fn(&Flow) -> bool) {
    let oldest = all.iter().filter(|(_, flow)| which(flow)).min_by_key(|(_, flow)| flow.began);
    if let Some(hash) = oldest.map(|(hash, _)| *hash) {
        all.remove(&hash);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(place: u8) -> Flow {
        let stage = Stage::Vouched { login: String::new() };
        let place = IpAddr::from([10, 0, 0, place]);
        Flow::new(Purpose::SignIn, "/".into(), stage, place, 0)
    }

    #[test]
    fn one_serves_once_and_who_begins_many_displaces_his_own() {
        let flows = Flows::default();
        let others = flows.put(flow(1)).unwrap();
        let first = flows.put(flow(2)).unwrap();
        for _ in 0..FLOWS_OF_ONE_PLACE_MAX {
            flows.put(flow(2)).unwrap();
        }
        assert!(flows.take(&first).is_none(), "displaced by its own place");
        assert!(flows.take("another").is_none());
        assert!(flows.take(&others).is_some());
        assert!(flows.take(&others).is_none(), "it serves once");
    }
}
