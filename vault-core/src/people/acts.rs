//! What is done with accounts: proposed, confirmed, disabled, listed.

use super::roll::{Account, Roll};
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::limits::LOGIN_CHARS_MAX;
use crate::policy::{Act, Actor, Role, State, check_roles};
use crate::vault::Vault;
use crate::vault::change::{event, new_record};
use vault_proof::canonical::Value;
use vault_proof::{Body, PeopleBody, RecordId, Subject};

/// An account to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// The name to sign in with: letters, digits, `.`, `_`, `-`.
    pub login: String,
    /// The person's name.
    pub person: String,
    /// The unit.
    pub unit: String,
    /// Whether that is inside the department.
    pub inside: bool,
    /// The number of the officer's certificate (执法证件号); empty where there is none.
    pub certificate: String,
    /// The roles it is to have.
    pub roles: Vec<Role>,
}

/// The form of a login name that is compared.
pub(super) fn login_of(name: &str) -> String {
    name.trim().to_lowercase()
}

pub(crate) async fn roll(vault: &Vault) -> Outcome<Roll> {
    Roll::of(&vault.catalog.ask().await?.account_acts().await?)
}

/// Every account as it is now.
pub async fn list(vault: &Vault, actor: &Actor) -> Outcome<Roll> {
    let _ = vault.permit(actor, Act::ReadPeople).await?;
    roll(vault).await
}

/// Whether the vault is still being set up for the first time.
pub(super) fn phase(roll: &Roll) -> State {
    if roll.first_run() { State::FirstRun } else { State::SetUp }
}

pub(super) fn checked(new: &NewAccount) -> Outcome<()> {
    let invalid = |label: &'static str, reason: &'static str| {
        Fault::new(Code::LabelInvalid).with("label", label).with("reason", reason)
    };
    let fits = |character: char| character.is_alphanumeric() || "._-".contains(character);
    if new.login.is_empty() || new.login.chars().count() > LOGIN_CHARS_MAX {
        return Err(invalid("login", "length"));
    }
    if !new.login.chars().all(fits) {
        return Err(invalid("login", "characters"));
    }
    checked_text("person", &new.person, true)?;
    checked_text("unit", &new.unit, true)?;
    checked_text("certificate", &new.certificate, false)?;
    checked_roles(&new.roles, new.inside)
}

fn checked_roles(roles: &[Role], inside: bool) -> Outcome<()> {
    check_roles(roles, inside).map_err(|refused| {
        Fault::new(Code::RolesRefused).with("reason", refused.as_str()).with("article", "A3.6")
    })
}

pub(super) fn proposal(account: &RecordId, change: &str, roles: &[Role], inside: bool) -> Body {
    Body::People(PeopleBody::Proposed {
        account: *account,
        change: change.to_owned(),
        department: if inside { "inside" } else { "outside" }.to_owned(),
        roles: roles.iter().map(|role| role.as_str().to_owned()).collect(),
    })
}

/// What stands beside the proposal of an account, sealed.
pub(super) fn described(new: &NewAccount, actor: &Actor) -> Value {
    Value::map([
        ("certificate", Value::text(&new.certificate)),
        ("login", Value::text(&new.login)),
        ("note", Value::text(actor.person())),
        ("person", Value::text(&new.person)),
        ("unit", Value::text(&new.unit)),
    ])
}

/// Proposes an account; gives its number. While the vault is first set up from its terminal it
/// holds at once, afterwards when another person has confirmed it.
pub async fn propose(vault: &Vault, actor: &Actor, new: NewAccount) -> Outcome<RecordId> {
    let new = NewAccount { login: login_of(&new.login), ..new };
    checked(&new)?;
    let state = phase(&roll(vault).await?);
    let permitted = vault.permit_in(actor, Act::ProposeAccount, state, Vec::new()).await?;
    let account = new_record()?;
    let payload = vault.seal_one(described(&new, actor)).await?;
    let mut tx = vault.begin(permitted).await?;
    let now = Roll::of(&tx.ask().account_acts().await?)?;
    if now.find(&new.login).is_some() {
        return Err(Fault::new(Code::AccountTaken).with("account", &new.login));
    }
    if phase(&now) != state {
        return Err(Fault::new(Code::CatalogueBusy));
    }
    let body = proposal(&account, "create", &new.roles, new.inside);
    let appended = tx.append(vec![event(body, Some(payload), Vec::new())]).await?;
    if state == State::FirstRun {
        let seq = appended.first().map_or(0, |appended| appended.seq);
        let body = Body::People(PeopleBody::Confirmed { account, proposal: seq });
        tx.append(vec![event(body, None, Vec::new())]).await?;
    }
    vault.finish(tx).await?;
    Ok(account)
}

/// Proposes other roles for an account; another person confirms them.
pub async fn propose_roles(
    vault: &Vault,
    actor: &Actor,
    name: &str,
    roles: Vec<Role>,
) -> Outcome<()> {
    let before = roll(vault).await?;
    let state = phase(&before);
    let permitted = vault.permit_in(actor, Act::ProposeAccount, state, Vec::new()).await?;
    let account = known(&before, name)?.clone();
    if account.disabled {
        return Err(Fault::new(Code::AccountUnknown).with("account", name));
    }
    checked_roles(&roles, account.inside)?;
    let payload = Value::map([
        ("certificate", Value::text(&account.certificate)),
        ("login", Value::text(&account.login)),
        ("note", Value::text(actor.person())),
        ("person", Value::text(&account.person)),
        ("unit", Value::text(&account.unit)),
    ]);
    let payload = vault.seal_one(payload).await?;
    let mut tx = vault.begin(permitted).await?;
    let now = Roll::of(&tx.ask().account_acts().await?)?;
    if phase(&now) != state {
        return Err(Fault::new(Code::CatalogueBusy));
    }
    let body = proposal(&account.id, "roles", &roles, account.inside);
    let appended = tx.append(vec![event(body, Some(payload), Vec::new())]).await?;
    if state == State::FirstRun {
        let seq = appended.first().map_or(0, |appended| appended.seq);
        let body = PeopleBody::Confirmed { account: account.id, proposal: seq };
        tx.append(vec![event(Body::People(body), None, Vec::new())]).await?;
    }
    vault.finish(tx).await
}

fn known<'roll>(roll: &'roll Roll, name: &str) -> Outcome<&'roll Account> {
    roll.find(name).ok_or_else(|| Fault::new(Code::AccountUnknown).with("account", name))
}

/// Confirms what another person proposed for an account. Roles that came to exclude each other in
/// the meantime are refused here as well.
pub async fn confirm(vault: &Vault, actor: &Actor, name: &str) -> Outcome<()> {
    let before = roll(vault).await?;
    let account = known(&before, name)?.clone();
    let none = || Fault::new(Code::ProposalUnknown).with("account", name);
    let proposal = account.proposal.clone().ok_or_else(none)?;
    let concerned = Subject::account(&account.id).as_str() == actor.id();
    let state = match (before.first_run(), concerned || proposal.by_actor == actor.id()) {
        (true, _) => State::FirstRun,
        (false, true) => State::OwnProposal,
        (false, false) => State::OthersProposal,
    };
    let subjects = vec![Subject::account(&account.id)];
    let permitted = vault.permit_in(actor, Act::ConfirmAccount, state, subjects).await?;
    checked_roles(&proposal.roles, account.inside)?;
    let payload = vault.seal_one(Value::map([("note", Value::text(actor.person()))])).await?;
    let mut tx = vault.begin(permitted).await?;
    let now = Roll::of(&tx.ask().account_acts().await?)?;
    let still = now.get(&account.id).and_then(|account| account.proposal.clone());
    if still.as_ref() != Some(&proposal) {
        return Err(none());
    }
    let body = PeopleBody::Confirmed { account: account.id, proposal: proposal.seq };
    tx.append(vec![event(Body::People(body), Some(payload), Vec::new())]).await?;
    vault.finish(tx).await
}

/// Disables an account, at once and for good.
pub async fn disable(vault: &Vault, actor: &Actor, name: &str, reason: &str) -> Outcome<()> {
    checked_text("reason", reason, true)?;
    let before = roll(vault).await?;
    let permitted = vault.permit_in(actor, Act::DisableAccount, phase(&before), Vec::new()).await?;
    let account = known(&before, name)?.clone();
    let payload = vault.seal_one(Value::map([("note", Value::text(reason))])).await?;
    let mut tx = vault.begin(permitted).await?;
    let now = Roll::of(&tx.ask().account_acts().await?)?;
    if now.get(&account.id).is_some_and(|account| account.disabled) {
        return Ok(());
    }
    let body = Body::People(PeopleBody::Disabled { account: account.id });
    tx.append(vec![event(body, Some(payload), Vec::new())]).await?;
    vault.finish(tx).await
}
