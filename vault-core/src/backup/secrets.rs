//! The secrets of a vault in one sealed file: what opens its keys, and what signs for it.
//!
//! The file is opened with words that a person knows (Argon2id, RFC 9106, then AES-256-GCM), and is
//! never part of a backup: whoever holds both and the words holds the vault. Format:
//! docs/formats/backup.md. Promises: words are never logged or kept; a file that was changed by one
//! bit, or other words, open nothing.

use crate::fault::{Code, Fault, Outcome};
use crate::limits::{PASSWORD_CHARS_MIN, SEAL_MEMORY_KIB};
use crate::people::Password;
use crate::policy::{Act, Actor};
use crate::store::cipher::{SecretKey, open_part, random_bytes, seal_part};
use crate::store::durable;
use crate::vault::{Vault, blocking};
use argon2::{Algorithm, Argon2, Params, Version};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

const MAGIC: &[u8; 8] = b"EVSEAL01";

/// Passes over the memory.
const PASSES: u32 = 3;

/// Magic, salt, nonce.
const FRONT_BYTES: usize = 8 + 16 + 12;

/// The longest secret file, and the longest sealed file.
const SECRET_BYTES_MAX: usize = 4_096;

/// What is sealed, by the name of its file.
const NAMES: [&str; 2] = ["vault.key", "ledger.key"];

fn key_of(words: &Password, salt: &[u8]) -> Outcome<SecretKey> {
    let failed = |error: argon2::Error| {
        Fault::new(Code::Internal).with("what", "seal").with("reason", error)
    };
    let params = Params::new(SEAL_MEMORY_KIB, PASSES, 1, Some(32)).map_err(failed)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(words.expose().as_bytes(), salt, &mut *key)
        .map_err(failed)?;
    Ok(SecretKey::from_bytes(*key))
}

/// Seals the secrets of a vault into a new file.
pub async fn seal_secrets(
    vault: &Vault,
    actor: &Actor,
    into: &Path,
    words: Password,
) -> Outcome<()> {
    let _ = vault.permit(actor, Act::BackUp).await?;
    if words.expose().chars().count() < PASSWORD_CHARS_MIN {
        return Err(Fault::new(Code::PasswordRefused).with("limit", PASSWORD_CHARS_MIN));
    }
    let (secrets, into) = (vault.secrets()?, into.to_owned());
    blocking(move || seal(&secrets, &into, &words)).await
}

fn seal(secrets: &Path, into: &Path, words: &Password) -> Outcome<()> {
    if into.exists() {
        return Err(Fault::new(Code::TargetTaken).with("path", into.display()));
    }
    let mut plain = Zeroizing::new(Vec::new());
    for name in NAMES {
        let path = secrets.join(name);
        let bytes = std::fs::read(&path).map_err(|error| Fault::from_file(error, &path))?;
        let bytes = Zeroizing::new(bytes);
        let length = u16::try_from(bytes.len()).ok().filter(|_| bytes.len() <= SECRET_BYTES_MAX);
        let length = length.ok_or_else(|| Fault::new(Code::Internal).with("what", "secret"))?;
        plain.extend_from_slice(&length.to_le_bytes());
        plain.extend_from_slice(&bytes);
    }
    let (salt, nonce): ([u8; 16], [u8; 12]) = (random_bytes()?, random_bytes()?);
    let front = [&MAGIC[..], &salt, &nonce].concat();
    let sealed = seal_part(&key_of(words, &salt)?, nonce, &front, &plain)?;
    durable::write_file(into, &[front, sealed].concat(), durable::SECRET)
}

/// Opens a sealed file into a directory of secrets.
pub(super) fn unseal(file: &Path, words: &Password, into: &Path) -> Outcome<PathBuf> {
    let wrong = || Fault::new(Code::VaultKeyWrong).with("path", file.display());
    let missing =
        |error| Fault::new(Code::VaultKeyMissing).with("path", file.display()).caused_by(error);
    let length = std::fs::metadata(file).map_err(missing)?.len();
    if length > 4 * SECRET_BYTES_MAX as u64 {
        return Err(wrong());
    }
    let bytes = std::fs::read(file).map_err(missing)?;
    let (front, sealed) = bytes.split_at_checked(FRONT_BYTES).ok_or_else(wrong)?;
    let (salt, nonce) = front[MAGIC.len()..].split_at(16);
    if !front.starts_with(MAGIC) {
        return Err(wrong());
    }
    let nonce: [u8; 12] = nonce.try_into().map_err(|_| wrong())?;
    let plain = open_part(&key_of(words, salt)?, nonce, front, sealed).ok_or_else(wrong)?;
    let plain = Zeroizing::new(plain);
    durable::make_directory(into)?;
    let mut rest = plain.as_slice();
    for name in NAMES {
        let (length, after) = rest.split_first_chunk::<2>().ok_or_else(wrong)?;
        let length = usize::from(u16::from_le_bytes(*length));
        let (secret, after) = after.split_at_checked(length).ok_or_else(wrong)?;
        durable::write_file(&into.join(name), secret, durable::SECRET)?;
        rest = after;
    }
    Ok(into.to_owned())
}
