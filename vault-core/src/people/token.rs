//! Tokens of collecting stations (采集工作站): a program that brings recordings in, and does nothing
//! else, proves itself with one.
//!
//! Promises: only an account in the one role of a station has a token; its hash alone is kept, in a
//! sealed payload beside its event; a new token ends the one before. A token is shown once, never
//! logged, and takes the same time to be refused whatever is wrong with it.

use super::acts::roll;
use super::credential::store;
use super::random_token;
use super::roll::Account;
use super::sign_in::{acting, secret};
use crate::fault::{Code, Fault, Outcome};
use crate::policy::{Actor, is_station};
use crate::store::cipher::random_bytes;
use crate::vault::Vault;
use aws_lc_rs::constant_time;
use vault_proof::RecordId;
use vault_proof::canonical::Value;

/// What a token begins with, so that people and scanners of leaked secrets know one.
const PREFIX: &str = "vault-station";

fn hash_of(secret: &[u8]) -> [u8; 32] {
    *blake3::hash(secret).as_bytes()
}

/// Makes a new token for a station's account and gives it; the one before ends. Fails with
/// `RolesRefused` for an account of any other kind.
pub async fn new_token(vault: &Vault, actor: &Actor, name: &str) -> Outcome<String> {
    let roll = roll(vault).await?;
    let unknown = || Fault::new(Code::AccountUnknown).with("account", name);
    let account = roll.find(name).filter(|account| !account.disabled).ok_or_else(unknown)?;
    let proposed = account.proposal.as_ref().map(|proposal| &proposal.roles);
    if !is_station(&account.roles) || proposed.is_some_and(|roles| !is_station(roles)) {
        let fault = Fault::new(Code::RolesRefused).with("reason", "roles-no-station");
        return Err(fault.with("article", "A3.6"));
    }
    let token = random_token()?;
    let kept = Value::map([
        ("hash", Value::Text(hex::encode(hash_of(&token)))),
        ("note", Value::text(actor.person())),
    ]);
    store(vault, actor, name, "token", kept).await?;
    Ok(format!("{PREFIX}.{}.{}", account.id, hex::encode(token)))
}

/// The station a token belongs to. Nothing is put on record: what it brings in is.
pub async fn by_token(vault: &Vault, token: &str) -> Outcome<Actor> {
    let refused = || Fault::new(Code::SignInFailed);
    let mut parts = token.split('.');
    let (Some(PREFIX), Some(id), Some(shown), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(refused());
    };
    let id: RecordId = id.parse().map_err(|_| refused())?;
    let shown = hash_of(&hex::decode(shown).map_err(|_| refused())?);
    let roll = roll(vault).await?;
    let account = roll.get(&id).filter(|account| account.acts() && is_station(&account.roles));
    let kept = match account.and_then(|account| account.token) {
        Some(seq) => kept(vault, seq).await?,
        None => [0; 32],
    };
    let fits = constant_time::verify_slices_are_equal(&kept, &shown).is_ok();
    account.filter(|_| fits).map(station).ok_or_else(refused)?
}

async fn kept(vault: &Vault, seq: u64) -> Outcome<[u8; 32]> {
    let damaged = || Fault::new(Code::LedgerDamaged).with("what", "token");
    let payload = secret(vault, seq).await?;
    let text = payload.get("hash").and_then(Value::as_text).ok_or_else(damaged)?;
    let hash = hex::decode(text).map_err(|_| damaged())?;
    hash.try_into().map_err(|_| damaged())
}

fn station(account: &Account) -> Outcome<Actor> {
    let roles = account.roles.clone();
    Ok(Actor::signed_in(acting(account), roles, &account.person, random_bytes()?))
}
