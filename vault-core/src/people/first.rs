//! The first set-up (初次设置) over the network: the three administrators, appointed together by
//! whoever reads a code from the machine the vault lies on.
//!
//! Promises: the code is in a file only the service's user reads, and nowhere else; without it
//! nobody is appointed, and once the three were appointed it is gone for good. All three are there
//! or none. Each sets a password of his own before he acts. Never appoints anybody else. (A3.6)

use super::acts::{NewAccount, checked, described, login_of, phase, proposal, roll};
use super::credential::{Password, secret_of};
use super::roll::Roll;
use crate::fault::{Code, Fault, Outcome};
use crate::policy::{ADMINISTRATORS, Act, Actor, State};
use crate::store::cipher::random_bytes;
use crate::store::durable::{SECRET, remove, write_file};
use crate::vault::Vault;
use crate::vault::change::{event, new_record};
use aws_lc_rs::constant_time;
use std::path::PathBuf;
use vault_proof::{Body, PeopleBody};

/// The file of the code, in the vault's directory.
const FILE: &str = "set-up-code";

/// Random bytes of a code: eighty bits, which the limits of guessing keep out of reach, and which
/// are still typed on another machine without error.
const CODE_BYTES: usize = 10;

/// One of the three, in the order of `ADMINISTRATORS`.
#[derive(Debug)]
pub struct Administrator {
    /// The name to sign in with.
    pub login: String,
    /// The person.
    pub person: String,
    /// The unit.
    pub unit: String,
    /// A first password; it serves only to set one's own.
    pub password: Password,
}

fn place(vault: &Vault) -> PathBuf {
    vault.directory().join(FILE)
}

/// Whether the three administrators were never all appointed.
pub async fn set_up_awaited(vault: &Vault) -> Outcome<bool> {
    Ok(roll(vault).await?.first_run())
}

/// Lays a code for the first set-up down, where one is awaited, and gives its file; an older one
/// stays. Takes it away where the set-up is over.
pub async fn offer_set_up(vault: &Vault) -> Outcome<Option<PathBuf>> {
    let path = place(vault);
    if !set_up_awaited(vault).await? {
        remove(&path)?;
        return Ok(None);
    }
    if !path.exists() {
        let random: [u8; CODE_BYTES] = random_bytes()?;
        let code = hex::encode_upper(random);
        let groups: Vec<&str> =
            (0..code.len()).step_by(4).filter_map(|at| code.get(at..at + 4)).collect();
        write_file(&path, format!("{}\n", groups.join("-")).as_bytes(), SECRET)?;
    }
    Ok(Some(path))
}

/// The letters and digits of a code, however it was typed.
fn bare(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Fails unless this is the code; takes the same time whatever is wrong with it.
fn check_code(vault: &Vault, code: &str) -> Outcome<()> {
    let failed = || Fault::new(Code::SetUpCodeWrong);
    let kept = std::fs::read_to_string(place(vault)).map_err(|_| failed())?;
    let (kept, shown) = (bare(&kept), bare(code));
    let same = constant_time::verify_slices_are_equal(kept.as_bytes(), shown.as_bytes());
    if same.is_err() || kept.len() != 2 * CODE_BYTES { Err(failed()) } else { Ok(()) }
}

/// Appoints the three administrators, in the order of `ADMINISTRATORS`, for somebody who showed
/// the code; all or none. Fails with `ActDenied` where they were appointed before,
/// `SetUpCodeWrong` without the code, `AccountTaken`
/// where a name is in use or told twice, `LabelInvalid`, `TextInvalid` and `PasswordRefused` for
/// what was typed.
pub async fn set_up(
    vault: &Vault,
    actor: &Actor,
    code: &str,
    three: [Administrator; 3],
) -> Outcome<()> {
    let state = phase(&roll(vault).await?);
    let permitted = vault.permit_in(actor, Act::AppointAdministrators, state, Vec::new()).await?;
    check_code(vault, code)?;
    let mut ready = Vec::new();
    let mut logins = Vec::new();
    for (one, role) in three.into_iter().zip(ADMINISTRATORS) {
        let new = NewAccount {
            login: login_of(&one.login),
            person: one.person,
            unit: one.unit,
            inside: true,
            certificate: String::new(),
            roles: vec![role],
        };
        checked(&new)?;
        if logins.contains(&new.login) {
            return Err(Fault::new(Code::AccountTaken).with("account", &new.login));
        }
        logins.push(new.login.clone());
        let secret = secret_of(one.password, actor.person()).await?;
        let about = vault.seal_one(described(&new, actor)).await?;
        ready.push((new, about, vault.seal_one(secret).await?));
    }
    let mut tx = vault.begin(permitted).await?;
    let now = Roll::of(&tx.ask().account_acts().await?)?;
    if let Some(taken) = logins.iter().find(|login| now.find(login).is_some()) {
        return Err(Fault::new(Code::AccountTaken).with("account", taken));
    }
    if phase(&now) != State::FirstRun {
        return Err(Fault::new(Code::CatalogueBusy));
    }
    for (new, about, secret) in ready {
        let account = new_record()?;
        let body = proposal(&account, "create", &new.roles, new.inside);
        let appended = tx.append(vec![event(body, Some(about), Vec::new())]).await?;
        let seq = appended.first().map_or(0, |appended| appended.seq);
        let confirmed = Body::People(PeopleBody::Confirmed { account, proposal: seq });
        let credential = "password".to_owned();
        let set = Body::People(PeopleBody::CredentialSet { account, credential, own: false });
        let both = vec![event(confirmed, None, Vec::new()), event(set, Some(secret), Vec::new())];
        tx.append(both).await?;
    }
    vault.finish(tx).await?;
    remove(&place(vault))
}
