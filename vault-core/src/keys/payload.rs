//! The encrypted part of an event: names and reasons, each under a key of its own, so that
//! erasing one person's data leaves every proof intact.

use super::KeyStore;
use crate::fault::{Code, Fault, Outcome};
use crate::store::cipher::{SecretKey, open_part, random_bytes, seal_part};
use vault_proof::canonical::{self, Value};
use vault_proof::{Hash256, event};

const NONCE: [u8; 12] = [0; 12];

/// A payload made ready: its key still has to be issued before it can be sealed.
pub(crate) struct ReadyPayload {
    pub(crate) commitment: Hash256,
    pub(crate) plain: Value,
    salted: Vec<u8>,
}

/// Draws the salt and commits to the payload.
pub(crate) fn ready(plain: Value) -> Outcome<ReadyPayload> {
    let salt: [u8; 32] = random_bytes()?;
    let text = canonical::encode(&plain);
    let commitment = event::commit(&salt, &text);
    let mut salted = salt.to_vec();
    salted.extend_from_slice(&text);
    Ok(ReadyPayload { commitment, plain, salted })
}

/// Seals it under its key, which lies in `slot`.
pub(crate) fn seal_payload(payload: &ReadyPayload, slot: u64, key: &SecretKey) -> Outcome<Vec<u8>> {
    let mut sealed = slot.to_le_bytes().to_vec();
    let bound = payload.commitment.as_bytes();
    sealed.extend_from_slice(&seal_part(key, NONCE, bound, &payload.salted)?);
    Ok(sealed)
}

/// Opens a sealed payload and checks it against its commitment.
pub(crate) fn open_payload(keys: &KeyStore, commitment: &Hash256, sealed: &[u8]) -> Outcome<Value> {
    let damaged = || Fault::new(Code::LedgerDamaged).with("what", "payload");
    let (slot, body) = sealed.split_first_chunk::<8>().ok_or_else(damaged)?;
    let key = keys.key(u64::from_le_bytes(*slot), commitment.as_bytes())?;
    let salted = open_part(&key, NONCE, commitment.as_bytes(), body).ok_or_else(damaged)?;
    let (salt, text) = salted.split_first_chunk::<32>().ok_or_else(damaged)?;
    if &event::commit(salt, text) != commitment {
        return Err(damaged());
    }
    canonical::parse(text).map_err(|error| damaged().caused_by(error))
}
