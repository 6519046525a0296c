//! Passwords and one-time codes.
//!
//! A password is kept as its Argon2id verifier (RFC 9106), a key of one-time codes (RFC 6238, as
//! every authenticator application has it: SHA-1, six digits, thirty seconds) as it is; both in a
//! sealed payload beside their event. Promises: neither is ever shown again, logged, or taken from
//! an argument; comparisons take the same time whatever is wrong.

use super::acts::{phase, roll};
use super::roll::Account;
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN};
use crate::policy::{Act, Actor, State, administers, is_station};
use crate::store::cipher::random_bytes;
use crate::vault::change::event;
use crate::vault::{Vault, blocking};
use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::{constant_time, hmac};
use vault_proof::canonical::Value;
use vault_proof::{Body, PeopleBody, Subject};
use zeroize::Zeroizing;

/// Memory of one Argon2id pass: the first recommendation of the OWASP sheet that a small machine
/// bears with a few sign-ins at once.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A one-time code lives this long.
const CODE_SECONDS: i64 = 30;

/// Codes of this many steps before and after are taken, for clocks that differ.
const CODE_STEPS_OFF: i64 = 1;

/// A password as somebody typed it. Forgotten when dropped; never shown.
pub struct Password(Zeroizing<String>);

impl std::fmt::Debug for Password {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Password")
    }
}

impl Password {
    /// As typed; one line end is taken off.
    pub fn new(mut typed: String) -> Self {
        if typed.ends_with('\n') {
            typed.pop();
            if typed.ends_with('\r') {
                typed.pop();
            }
        }
        Self(Zeroizing::new(typed))
    }

    /// What was typed, for deriving a key. Never for logs.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    fn checked(&self) -> Outcome<()> {
        let chars = self.0.chars().count();
        if chars < PASSWORD_CHARS_MIN || self.0.len() > PASSWORD_BYTES_MAX {
            return Err(Fault::new(Code::PasswordRefused).with("limit", PASSWORD_CHARS_MIN));
        }
        Ok(())
    }
}

/// What is kept of a password that may serve, set by that person.
pub(super) async fn secret_of(password: Password, by: &str) -> Outcome<Value> {
    password.checked()?;
    let by = by.to_owned();
    blocking(move || Ok(Verifier::of(&password)?.value(&by))).await
}

/// What is kept of a password.
pub(super) struct Verifier {
    salt: Vec<u8>,
    hash: Vec<u8>,
    params: (u32, u32, u32),
}

fn hashed(password: &Password, salt: &[u8], params: (u32, u32, u32)) -> Outcome<[u8; 32]> {
    let internal = |error: argon2::Error| {
        Fault::new(Code::Internal).with("what", "password").with("reason", error.to_string())
    };
    let params = Params::new(params.0, params.1, params.2, Some(32)).map_err(internal)?;
    let mut hash = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.0.as_bytes(), salt, &mut hash)
        .map_err(internal)?;
    Ok(hash)
}

impl Verifier {
    fn of(password: &Password) -> Outcome<Self> {
        let salt: [u8; 16] = random_bytes()?;
        let params = (MEMORY_KIB, PASSES, LANES);
        let hash = hashed(password, &salt, params)?.to_vec();
        Ok(Self { salt: salt.to_vec(), hash, params })
    }

    fn value(&self, by: &str) -> Value {
        Value::map([
            ("algorithm", Value::text("argon2id")),
            ("hash", Value::Text(hex::encode(&self.hash))),
            ("lanes", Value::Integer(self.params.2.into())),
            ("memory_kib", Value::Integer(self.params.0.into())),
            ("note", Value::text(by)),
            ("passes", Value::Integer(self.params.1.into())),
            ("salt", Value::Text(hex::encode(&self.salt))),
        ])
    }

    /// Reads it out of an opened payload.
    pub(super) fn read(payload: &Value) -> Option<Self> {
        let number = |name| u32::try_from(payload.get(name)?.as_integer()?).ok();
        let bytes = |name| hex::decode(payload.get(name)?.as_text()?).ok();
        let params = (number("memory_kib")?, number("passes")?, number("lanes")?);
        Some(Self { salt: bytes("salt")?, hash: bytes("hash")?, params })
    }

    /// One that no password fits, so that an unknown account takes as long as a known one.
    pub(super) fn nobody() -> Self {
        let params = (MEMORY_KIB, PASSES, LANES);
        Self { salt: vec![0; 16], hash: vec![0; 32], params }
    }

    /// Whether this is the password.
    pub(super) fn fits(&self, password: &Password) -> Outcome<bool> {
        let hash = hashed(password, &self.salt, self.params)?;
        Ok(constant_time::verify_slices_are_equal(&hash, &self.hash).is_ok())
    }
}

/// The one-time code of a time step (RFC 4226 §5.3).
fn code(key: &[u8], step: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag.last().copied().unwrap_or(0) & 0x0f);
    let word = tag.get(at..at + 4).and_then(|four| four.try_into().ok()).unwrap_or([0; 4]);
    (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000
}

/// The time step a code belongs to, if it is one of the steps around now.
pub(super) fn step_of(key: &[u8], typed: &str, now_ms: i64) -> Option<i64> {
    let now = now_ms.div_euclid(1_000 * CODE_SECONDS);
    let steps = now - CODE_STEPS_OFF..=now + CODE_STEPS_OFF;
    steps.into_iter().find(|step| {
        let expected = format!("{:06}", code(key, *step));
        constant_time::verify_slices_are_equal(expected.as_bytes(), typed.trim().as_bytes()).is_ok()
    })
}

/// Reads the key of one-time codes out of an opened payload.
pub(super) fn code_key(payload: &Value) -> Option<Zeroizing<Vec<u8>>> {
    Some(Zeroizing::new(hex::decode(payload.get("key")?.as_text()?).ok()?))
}

fn state_of(first_run: bool, account: &Account, actor: &Actor) -> State {
    if first_run && actor.account().is_none() {
        State::FirstRun
    } else if Subject::account(&account.id).as_str() == actor.id() {
        State::OwnAccount
    } else if administers(&account.roles) {
        State::AdministratorsAccount
    } else {
        State::OthersAccount
    }
}

pub(super) async fn store(
    vault: &Vault,
    actor: &Actor,
    name: &str,
    credential: &'static str,
    secret: Value,
) -> Outcome<()> {
    let roll = roll(vault).await?;
    let unknown = || Fault::new(Code::AccountUnknown).with("account", name);
    let account = roll.find(name).filter(|account| !account.disabled).ok_or_else(unknown)?;
    let state = state_of(phase(&roll) == State::FirstRun, account, actor);
    let subjects = vec![Subject::account(&account.id)];
    let permitted = vault.permit_in(actor, Act::SetCredential, state, subjects).await?;
    let payload = vault.seal_one(secret).await?;
    // At the first set-up people sit at the terminal together with the operator.
    let own = matches!(state, State::OwnAccount | State::FirstRun);
    let mut tx = vault.begin(permitted).await?;
    let credential = credential.to_owned();
    let body = PeopleBody::CredentialSet { account: account.id, credential, own };
    tx.append(vec![event(Body::People(body), Some(payload), Vec::new())]).await?;
    vault.finish(tx).await
}

/// Sets the password of an account. One that another person set serves only to set one's own.
pub async fn set_password(
    vault: &Vault,
    actor: &Actor,
    name: &str,
    password: Password,
) -> Outcome<()> {
    password.checked()?;
    let station = roll(vault).await?.find(name).is_some_and(|account| is_station(&account.roles));
    if station {
        let fault = Fault::new(Code::RolesRefused).with("reason", "roles-station");
        return Err(fault.with("article", "A3.6"));
    }
    let secret = secret_of(password, actor.person()).await?;
    store(vault, actor, name, "password", secret).await
}

/// Makes a new key of one-time codes for an account; gives it in Base32, as authenticator
/// applications take it. It is not shown again.
pub async fn new_code_key(vault: &Vault, actor: &Actor, name: &str) -> Outcome<String> {
    let key: [u8; 20] = random_bytes()?;
    let secret =
        Value::map([("key", Value::Text(hex::encode(key))), ("note", Value::text(actor.person()))]);
    store(vault, actor, name, "one-time-code", secret).await?;
    Ok(base32(&key))
}

/// Base32 (RFC 4648 §6) without padding.
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::new();
    let (mut held, mut bits) = (0u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(LETTERS[(held >> bits) as usize & 31]));
        }
    }
    if bits > 0 {
        text.push(char::from(LETTERS[(held << (5 - bits)) as usize & 31]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        let key = b"12345678901234567890";
        // RFC 4226, appendix D.
        let codes = [755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922];
        for (step, expected) in (0..).zip(codes) {
            assert_eq!(code(key, step), expected);
        }
        // RFC 6238, appendix B: the last six of its eight digits.
        assert_eq!(step_of(key, "287082", 59_000), Some(1));
        assert_eq!(step_of(key, "081804", 1_111_111_109_000), Some(37_037_036));
        assert_eq!(step_of(key, "081804", 1_111_111_109_000 + 90_000), None, "too late");
        assert_eq!(step_of(key, "81804", 1_111_111_109_000), None, "too short");
    }

    #[test]
    fn keys_are_given_as_applications_take_them() {
        // RFC 4648, §10.
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
        assert_eq!(base32(b"foo"), "MZXW6");
        assert_eq!(base32(b""), "");
    }

    #[test]
    fn only_the_password_fits_and_two_verifiers_differ() {
        let password = || Password::new("correct horse 电池\n".to_owned());
        let (first, second) =
            (Verifier::of(&password()).unwrap(), Verifier::of(&password()).unwrap());
        assert_ne!(first.hash, second.hash);
        let read = Verifier::read(&first.value("某")).unwrap();
        assert!(read.fits(&password()).unwrap());
        assert!(!read.fits(&Password::new("correct horse 电".to_owned())).unwrap());
        assert!(!Verifier::nobody().fits(&password()).unwrap());
        assert_eq!(format!("{:?}", password()), "Password");
    }
}
