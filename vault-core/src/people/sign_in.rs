//! Proving who one is.
//!
//! Promises: every attempt is on record, the failed ones with a code and never with what was
//! typed; an unknown name takes as long as a wrong password and is answered alike; a one-time code
//! serves once. An identity provider vouches for people who have an account here, and for nobody
//! else: it makes no account and gives no role, and an account's one-time code is asked for all
//! the same.

use super::acts::roll;
use super::credential::{Password, Verifier, code_key, step_of};
use super::roll::Account;
use crate::fault::{Code, Fault, Outcome};
use crate::keys;
use crate::limits::CODE_REMEMBERED;
use crate::policy::{Act, ActingAccount, Actor, Permitted, is_station};
use crate::store::cipher::random_bytes;
use crate::vault::change::event;
use crate::vault::{Vault, blocking};
use vault_proof::canonical::Value;
use vault_proof::{Body, Event, PeopleBody};

/// What somebody shows to prove who he is.
#[derive(Debug)]
pub struct SignIn {
    /// The name to sign in with.
    pub login: String,
    /// The password.
    pub password: Password,
    /// The one-time code, where the account has a key for it.
    pub code: Option<String>,
}

/// Whom the unit's identity provider vouches for. Made by who checked its answer.
#[derive(Debug)]
pub struct Vouched {
    /// The name to sign in with, as the provider has it.
    pub login: String,
    /// The provider, by its issuer's name.
    pub issuer: String,
    /// The one-time code, where the account has a key for it.
    pub code: Option<String>,
}

/// By what somebody proved who he is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// By the password of his account here.
    Password,
    /// By the word of the identity provider.
    Provider,
}

/// What came of a proof: the time step of the code, or why it failed.
type Proved = Result<Option<i64>, &'static str>;

/// Opens the secret beside an event.
pub(super) async fn secret(vault: &Vault, seq: u64) -> Outcome<Value> {
    let row = vault.catalog.event(seq).await?;
    let damaged = || Fault::new(Code::LedgerDamaged).with("what", "payload").with("seq", seq);
    let event = Event::decode(&row.leaf).map_err(|error| damaged().caused_by(error))?;
    let commitment = event.payload.ok_or_else(damaged)?;
    keys::open_payload(&vault.keys, &commitment, &row.sealed)
}

async fn proved(vault: &Vault, account: Option<&Account>, shown: SignIn) -> Outcome<Proved> {
    let acting = account.filter(|account| account.acts());
    let verifier = match acting.and_then(|account| account.password) {
        Some((seq, _)) => {
            let damaged = || Fault::new(Code::LedgerDamaged).with("what", "password");
            Verifier::read(&secret(vault, seq).await?).ok_or_else(damaged)?
        }
        None => Verifier::nobody(),
    };
    let password = shown.password;
    let fits = blocking(move || verifier.fits(&password)).await?;
    let Some(account) = acting else {
        return Ok(Err(if account.is_some() { "account-does-not-act" } else { "account-unknown" }));
    };
    if !fits {
        return Ok(Err("password-wrong"));
    }
    code_proved(vault, account, shown.code).await
}

/// Whether the code is one of the account's, where it has a key for them.
async fn code_proved(vault: &Vault, account: &Account, code: Option<String>) -> Outcome<Proved> {
    let Some(seq) = account.code_key else { return Ok(Ok(None)) };
    let damaged = || Fault::new(Code::LedgerDamaged).with("what", "one-time code");
    let key = code_key(&secret(vault, seq).await?).ok_or_else(damaged)?;
    let Some(typed) = code else { return Ok(Err("code-missing")) };
    let now_ms = vault.clock.now().as_ms();
    let Some(step) = step_of(&key, &typed, now_ms) else { return Ok(Err("code-wrong")) };
    let since = now_ms - i64::try_from(CODE_REMEMBERED.as_millis()).unwrap_or(i64::MAX);
    let used = vault.catalog.ask().await?.sign_ins(&account.id, since).await?;
    if used.iter().any(|act| act.note == step.to_string()) {
        return Ok(Err("code-used"));
    }
    Ok(Ok(Some(step)))
}

/// Proves who somebody is. `at` is the terminal or the server that asks. The answer acts in the
/// roles the account has now, for as long as the caller keeps it: keep it short.
pub async fn sign_in(vault: &Vault, at: &Actor, shown: SignIn) -> Outcome<Actor> {
    let permitted = vault.permit(at, Act::SignIn).await?;
    let roll = roll(vault).await?;
    let account = roll.find(&shown.login);
    let outcome = proved(vault, account, shown).await?;
    let Some(account) = account else {
        // Nothing is known under that name: no account's chain of custody can hold the attempt.
        return Err(refused());
    };
    recorded(vault, permitted, account, outcome, PeopleBody::SignedIn { account: account.id })
        .await?;
    actor_of(account)
}

/// As `sign_in`, for somebody the identity provider vouches for. Fails with
/// `ProviderLoginUnknown` where there is no such account, and with `CodeNeeded` where its code is
/// to be shown as well; neither is an attempt that anybody's chain of custody holds.
pub async fn sign_in_vouched(vault: &Vault, at: &Actor, vouched: Vouched) -> Outcome<Actor> {
    let permitted = vault.permit(at, Act::SignIn).await?;
    let roll = roll(vault).await?;
    let unknown = || Fault::new(Code::ProviderLoginUnknown).with("account", &vouched.login);
    let account = roll.find_login(&vouched.login).ok_or_else(unknown)?;
    let outcome = if !account.acts() || is_station(&account.roles) {
        Err("account-does-not-act")
    } else if account.code_key.is_some() && vouched.code.is_none() {
        return Err(Fault::new(Code::CodeNeeded));
    } else {
        code_proved(vault, account, vouched.code).await?
    };
    let body = PeopleBody::SignedInByProvider { account: account.id, issuer: vouched.issuer };
    recorded(vault, permitted, account, outcome, body).await?;
    Ok(Actor::signed_in(acting(account), account.roles.clone(), &account.person, random_bytes()?))
}

/// Puts an attempt on record: `body` where it succeeded, else why not, which is then the answer.
async fn recorded(
    vault: &Vault,
    permitted: Permitted,
    account: &Account,
    outcome: Proved,
    body: PeopleBody,
) -> Outcome<()> {
    let (body, note) = match &outcome {
        Ok(step) => (body, step.map(|step| step.to_string()).unwrap_or_default()),
        Err(reason) => {
            let reason = (*reason).to_owned();
            (PeopleBody::SignInRefused { account: account.id, reason }, String::new())
        }
    };
    let payload = vault.seal_one(Value::map([("note", Value::Text(note))])).await?;
    let mut tx = vault.begin(permitted).await?;
    if let Ok(Some(step)) = outcome {
        // Asked again where nobody else writes: the same code twice at once serves one.
        let used = tx.ask().sign_ins(&account.id, 0).await?;
        if used.iter().rev().any(|act| act.note == step.to_string()) {
            return Err(refused());
        }
    }
    tx.append(vec![event(Body::People(body), Some(payload), Vec::new())]).await?;
    vault.finish(tx).await?;
    if outcome.is_err() { Err(refused()) } else { Ok(()) }
}

fn refused() -> Fault {
    Fault::new(Code::SignInFailed)
}

/// The same person later: the actor in the roles the account has now. `None` where the account was
/// disabled or got other roles since, or, where its password was the proof, another person's.
pub async fn still(vault: &Vault, actor: &Actor, proof: Proof) -> Outcome<Option<Actor>> {
    let Some(acting) = actor.account() else { return Ok(None) };
    let roll = roll(vault).await?;
    let Some(account) = roll.get(&acting.id) else { return Ok(None) };
    let own = proof == Proof::Provider || account.password.is_some_and(|(_, own)| own);
    let same = account.acts() && account.roles == actor.roles() && own;
    Ok(same.then(|| actor.clone()))
}

/// The account as what acts.
pub(super) fn acting(account: &Account) -> ActingAccount {
    ActingAccount { id: account.id, unit: account.unit.clone(), inside: account.inside }
}

/// The actor of an account. Where another person set the password, in no role: it can only set its
/// own.
fn actor_of(account: &Account) -> Outcome<Actor> {
    let own = account.password.is_some_and(|(_, own)| own);
    if !own {
        return Err(Fault::new(Code::PasswordNotOwn).with("account", &account.login));
    }
    Ok(Actor::signed_in(acting(account), account.roles.clone(), &account.person, random_bytes()?))
}

/// Changes a password that another person set: it proves who one is for nothing but this.
pub async fn replace_password(
    vault: &Vault,
    at: &Actor,
    shown: SignIn,
    new: Password,
) -> Outcome<()> {
    let login = shown.login.clone();
    match sign_in(vault, at, shown).await {
        Ok(actor) => super::set_password(vault, &actor, &login, new).await,
        Err(fault) if fault.code() == Code::PasswordNotOwn => {
            let roll = roll(vault).await?;
            let unknown = || Fault::new(Code::AccountUnknown).with("account", &login);
            let account = roll.find(&login).ok_or_else(unknown)?;
            let roles = account.roles.clone();
            let actor = Actor::signed_in(acting(account), roles, &account.person, random_bytes()?);
            super::set_password(vault, &actor, &login, new).await
        }
        Err(fault) => Err(fault),
    }
}
