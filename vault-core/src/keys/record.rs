//! One record of the key store: 128 bytes, checked, wrapped.

use super::NewKey;
use crate::fault::Outcome;
use crate::store::cipher::{SecretKey, open_part, random_bytes, seal_part};

pub(super) const RECORD_BYTES: usize = 128;
const MAGIC: &[u8; 4] = b"EVK1";
const CHECKED: usize = 108;
const LIVE: u8 = 1;
const DESTROYED: u8 = 2;

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The bytes of one recording.
    Object,
    /// The personal part of one event.
    Payload,
}

impl Purpose {
    const fn code(self) -> u8 {
        match self {
            Self::Object => 1,
            Self::Payload => 2,
        }
    }
}

/// A record whose check held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    slot: u64,
    state: u8,
    purpose: u8,
    pub(super) owner: [u8; 32],
    nonce: [u8; 12],
    wrapped: [u8; 48],
}

impl Record {
    pub(super) fn wrap(slot: u64, new: &NewKey, wrap_key: &SecretKey) -> Outcome<Self> {
        let mut record = Self {
            slot,
            state: LIVE,
            purpose: new.purpose.code(),
            owner: new.owner,
            nonce: random_bytes()?,
            wrapped: [0; 48],
        };
        let sealed = seal_part(wrap_key, record.nonce, &record.front(), new.key.expose())?;
        record.wrapped.copy_from_slice(&sealed);
        Ok(record)
    }

    /// A record that keeps its number and holds no key.
    pub(super) const fn void(slot: u64) -> Self {
        Self {
            slot,
            state: DESTROYED,
            purpose: 0,
            owner: [0; 32],
            nonce: [0; 12],
            wrapped: [0; 48],
        }
    }

    pub(super) const fn is_void(&self) -> bool {
        self.state == DESTROYED
    }

    pub(super) fn unwrap(&self, wrap_key: &SecretKey) -> Option<SecretKey> {
        if self.state != LIVE {
            return None;
        }
        let key = open_part(wrap_key, self.nonce, &self.front(), &self.wrapped)?;
        Some(SecretKey::from_bytes(key.try_into().ok()?))
    }

    fn front(&self) -> [u8; 48] {
        let mut front = [0; 48];
        front[..4].copy_from_slice(MAGIC);
        front[4] = self.state;
        front[5] = self.purpose;
        front[8..16].copy_from_slice(&self.slot.to_le_bytes());
        front[16..48].copy_from_slice(&self.owner);
        front
    }

    pub(super) fn encode(&self) -> [u8; RECORD_BYTES] {
        let mut bytes = [0; RECORD_BYTES];
        bytes[..48].copy_from_slice(&self.front());
        bytes[48..60].copy_from_slice(&self.nonce);
        bytes[60..CHECKED].copy_from_slice(&self.wrapped);
        let check = blake3::hash(&bytes[..CHECKED]);
        bytes[CHECKED..].copy_from_slice(&check.as_bytes()[..RECORD_BYTES - CHECKED]);
        bytes
    }

    pub(super) fn parse(bytes: &[u8; RECORD_BYTES], slot: u64) -> Option<Self> {
        let check = blake3::hash(&bytes[..CHECKED]);
        let record = Self {
            slot: u64::from_le_bytes(bytes[8..16].try_into().ok()?),
            state: bytes[4],
            purpose: bytes[5],
            owner: bytes[16..48].try_into().ok()?,
            nonce: bytes[48..60].try_into().ok()?,
            wrapped: bytes[60..CHECKED].try_into().ok()?,
        };
        let whole = check.as_bytes()[..RECORD_BYTES - CHECKED] == bytes[CHECKED..]
            && &bytes[..4] == MAGIC
            && record.slot == slot;
        whole.then_some(record)
    }
}
