//! The vault key: the one secret everything else is wrapped by.

use crate::fault::{Code, Fault, Outcome};
use crate::store::cipher::SecretKey;
use crate::store::durable;
use std::path::Path;
use zeroize::Zeroizing;

const MAGIC: &[u8; 8] = b"EVVAULT1";

/// The vault key. Kept in a file that only the operator can read, best on a medium of its own.
#[derive(Debug)]
pub(crate) struct VaultKey(SecretKey);

impl VaultKey {
    /// Makes a key and keeps it in a new file.
    pub(crate) fn create(path: &Path) -> Outcome<Self> {
        let key = SecretKey::random()?;
        let mut bytes = Zeroizing::new(MAGIC.to_vec());
        bytes.extend_from_slice(key.expose());
        let check = blake3::hash(&bytes);
        bytes.extend_from_slice(check.as_bytes());
        durable::write_file(path, &bytes, durable::SECRET)?;
        Ok(Self(key))
    }

    /// Reads the key file.
    pub(crate) fn read(path: &Path) -> Outcome<Self> {
        let missing = || Fault::new(Code::VaultKeyMissing).with("path", path.display());
        let bytes =
            Zeroizing::new(std::fs::read(path).map_err(|error| missing().caused_by(error))?);
        let (front, check) = bytes.split_at_checked(40).ok_or_else(missing)?;
        if &front[..8] != MAGIC || blake3::hash(front).as_bytes() != check {
            return Err(Fault::new(Code::VaultKeyWrong).with("path", path.display()));
        }
        let key: [u8; 32] = front[8..].try_into().map_err(|_| missing())?;
        Ok(Self(SecretKey::from_bytes(key)))
    }

    pub(super) fn wrap_key(&self) -> SecretKey {
        self.0.derive("evidence-vault 2026-11 key wrap")
    }

    /// The key that names manifests.
    pub(crate) fn name_key(&self) -> SecretKey {
        self.0.derive("evidence-vault 2026-11 manifest names")
    }
}
