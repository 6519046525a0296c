//! From request to grant: decided, made out, signed, given; and taken back.
//!
//! Each step is looked at again where nobody else writes, so that of several at once one counts
//! and the others are told how the request stands now.

use super::form::notice_form;
use super::machine::{RequestState, RequestStep};
use super::scan::{Scan, keep};
use super::view::{RequestView, load, show};
use crate::catalog::Tx;
use crate::clock::Date;
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::limits::OFFICE_HOLDERS_SHOWN;
use crate::people::{self, Account};
use crate::policy::{Act, Actor, Office, Permitted, State, entitled, permit_in};
use crate::preservation::ask_for_granted;
use crate::vault::change::event;
use crate::vault::{Vault, blocking};
use vault_proof::canonical::{self, Value};
use vault_proof::{AccessBody, Body, ContentId, Subject};

/// What the leader says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// 同意.
    Consent,
    /// 不同意.
    Refuse,
}

/// A step under way: permitted, the personal part sealed, the request as it stands inside.
struct Step {
    tx: Tx,
    payload: crate::catalog::SealedPayload,
    view: RequestView,
    next: RequestState,
}

/// That a request is not ready for a step, or past it.
pub(super) fn refused(view: &RequestView, step: RequestStep) -> Fault {
    Fault::new(Code::AccessStepRefused)
        .with("id", view.id)
        .with("state", view.state.as_str())
        .with("step", step_name(step))
        .with("article", "A3.15")
}

const fn step_name(step: RequestStep) -> &'static str {
    match step {
        RequestStep::Consent => "consent",
        RequestStep::Refuse => "refuse",
        RequestStep::IssueNotice => "issue-notice",
        RequestStep::Sign => "sign",
        RequestStep::Give => "give",
        RequestStep::HandOut => "hand-out",
        RequestStep::Revoke => "revoke",
    }
}

async fn begin(
    vault: &Vault,
    actor: &Actor,
    permitted: Permitted,
    view: &RequestView,
    (step, reason): (RequestStep, &str),
) -> Outcome<Step> {
    let payload =
        Value::map([("by", Value::text(actor.person())), ("reason", Value::text(reason))]);
    let payload = vault.seal_one(payload).await?;
    let mut tx = vault.begin(permitted).await?;
    let view = load(&mut tx.ask(), &view.id, vault.clock.now()).await?;
    let next = view.state.after(step).ok_or_else(|| refused(&view, step))?;
    Ok(Step { tx, payload, view, next })
}

async fn finish(vault: &Vault, step: Step, body: AccessBody) -> Outcome<RequestView> {
    let Step { mut tx, payload, view, next } = step;
    let about = view.subjects();
    tx.append(vec![event(Body::Access(body), Some(payload), about)]).await?;
    vault.finish(tx).await?;
    let after = show(vault, &view.id.to_string()).await?;
    debug_assert!(after.state == next || after.state != view.state);
    Ok(after)
}

/// The permit for what only the office that the request was sent to does. A refusal says which it
/// is, and to those who may look into the catalogue, who holds it and in which unit.
async fn permit_office(
    vault: &Vault,
    actor: &Actor,
    act: Act,
    view: &RequestView,
) -> Outcome<Permitted> {
    let state = office_state(view, actor);
    let refusal = match vault.permit_in(actor, act, state, view.subjects()).await {
        Ok(permitted) => return Ok(permitted),
        Err(fault) => fault.with("office", view.office.as_str()),
    };
    if permit_in(actor, Act::ReadCatalogue, State::Any).is_err() {
        return Err(refusal);
    }
    let wanted = entitled(act, of_office(view.office));
    let holder = |account: &&Account| {
        let own = view.holder == format!("account:{}", account.id);
        account.acts() && !own && account.roles.iter().any(|role| wanted.contains(role))
    };
    let roll = people::roll(vault).await?;
    let holders = roll.accounts().iter().filter(holder).take(OFFICE_HOLDERS_SHOWN);
    let named: Vec<_> =
        holders.map(|account| format!("{} ({})", account.person, account.unit)).collect();
    Err(if named.is_empty() { refusal } else { refusal.with("persons", named.join("; ")) })
}

const fn of_office(office: Office) -> State {
    match office {
        Office::InCharge => State::ForInCharge,
        Office::Principal => State::ForPrincipal,
    }
}

/// Whose consent the request takes, as the policy wants to know it.
fn office_state(view: &RequestView, actor: &Actor) -> State {
    if view.is_own(actor) {
        return State::OwnRequest;
    }
    of_office(view.office)
}

fn whose(view: &RequestView, actor: &Actor) -> State {
    if view.is_own(actor) { State::OwnRequest } else { State::OthersRequest }
}

/// The leader consents or refuses; a refusal needs its reason. Never on his own request.
pub async fn decide(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    verdict: Verdict,
    reason: &str,
) -> Outcome<RequestView> {
    checked_text("reason", reason, verdict == Verdict::Refuse)?;
    let view = show(vault, number).await?;
    let permitted = permit_office(vault, actor, Act::DecideAccess, &view).await?;
    let step = match verdict {
        Verdict::Consent => RequestStep::Consent,
        Verdict::Refuse => RequestStep::Refuse,
    };
    let step = begin(vault, actor, permitted, &view, (step, reason)).await?;
    let consent = verdict == Verdict::Consent;
    let body = AccessBody::Decided { request: view.id, consent };
    finish(vault, step, body).await
}

/// Makes out the notice, with the next number of the year.
pub async fn issue_notice(vault: &Vault, actor: &Actor, number: &str) -> Outcome<RequestView> {
    let view = show(vault, number).await?;
    let about = view.subjects();
    let permitted = vault.permit_in(actor, Act::IssueNotice, State::Any, about).await?;
    let mut step = begin(vault, actor, permitted, &view, (RequestStep::IssueNotice, "")).await?;
    let now = step.tx.ask().last_event_at().await?.max(vault.clock.now());
    let year = u64::try_from(Date::of(now).year())
        .map_err(|error| Fault::new(Code::Internal).caused_by(error))?;
    let next = step.tx.ask().last_notice(year).await? + 1;
    finish(vault, step, AccessBody::NoticeIssued { request: view.id, year, number: next }).await
}

/// The leader signs the notice in the system; what is signed is the digest of its fields.
pub async fn sign(vault: &Vault, actor: &Actor, number: &str) -> Outcome<RequestView> {
    let view = show(vault, number).await?;
    let permitted = permit_office(vault, actor, Act::SignNotice, &view).await?;
    let step = begin(vault, actor, permitted, &view, (RequestStep::Sign, "")).await?;
    let fields = canonical::encode(&notice_form(&step.view).value());
    let digest = ContentId::from_bytes(*blake3::hash(&fields).as_bytes());
    let way = "system".to_owned();
    finish(vault, step, AccessBody::NoticeSigned { request: view.id, way, digest }).await
}

/// What this actor can do with a request as it stands now, by the names of the steps. For pages:
/// each step asks the policy again, and nothing is recorded here.
pub fn steps(view: &RequestView, actor: &Actor) -> Vec<&'static str> {
    let any = State::Any;
    let office = office_state(view, actor);
    let whose = whose(view, actor);
    let asked = [
        ("decide", RequestStep::Consent, Act::DecideAccess, office),
        ("issue-notice", RequestStep::IssueNotice, Act::IssueNotice, any),
        ("sign", RequestStep::Sign, Act::SignNotice, office),
        ("file-scan", RequestStep::Sign, Act::FileScan, any),
        ("give", RequestStep::Give, Act::GiveGrant, whose),
        ("revoke", RequestStep::Revoke, Act::RevokeAccess, whose),
    ];
    let may = |(name, step, act, state)| {
        let taken = view.state.after(step).is_some() && permit_in(actor, act, state).is_ok();
        taken.then_some(name)
    };
    let mut steps: Vec<&'static str> = asked.into_iter().filter_map(may).collect();
    let live = view.state == RequestState::Granted;
    if live && view.copies_asked && permit_in(actor, Act::HandOutCopy, State::GrantLive).is_ok() {
        steps.push("export");
    }
    if live && view.is_own(actor) && !view.from_outside() {
        steps.push("read");
    }
    steps
}

/// Files the scan of a notice signed on paper: it is kept, and its digest stands in the ledger.
pub async fn file_scan(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    scan: Scan,
) -> Outcome<RequestView> {
    let view = show(vault, number).await?;
    let about = view.subjects();
    let permitted = vault.permit_in(actor, Act::FileScan, State::Any, about).await?;
    if view.state.after(RequestStep::Sign).is_none() {
        return Err(refused(&view, RequestStep::Sign));
    }
    let keeping = vault.clone();
    let kept = blocking(move || keep(&keeping, &scan.whole()?)).await?;
    let mut step = begin(vault, actor, permitted, &view, (RequestStep::Sign, "")).await?;
    let (way, digest) = ("scan".to_owned(), kept.object);
    let body = AccessBody::ScanKept {
        request: view.id,
        object: kept.object,
        bytes: kept.bytes,
        format: kept.format.to_owned(),
        manifest: kept.manifest,
    };
    let about = vec![Subject::object(&kept.object)];
    step.tx.append(vec![event(Body::Access(body), None, about)]).await?;
    finish(vault, step, AccessBody::NoticeSigned { request: view.id, way, digest }).await
}

/// Gives the grant, for the days that were asked for and consented to.
pub async fn give(vault: &Vault, actor: &Actor, number: &str) -> Outcome<RequestView> {
    const DAY_MS: i64 = 86_400_000;
    let view = show(vault, number).await?;
    let state = whose(&view, actor);
    let permitted = vault.permit_in(actor, Act::GiveGrant, state, view.subjects()).await?;
    let mut step = begin(vault, actor, permitted, &view, (RequestStep::Give, "")).await?;
    let now = step.tx.ask().last_event_at().await?.max(vault.clock.now());
    let days = i64::try_from(view.days).unwrap_or(i64::MAX);
    let end = now.plus_ms(days.saturating_mul(DAY_MS));
    let expires_ms =
        u64::try_from(end.as_ms()).map_err(|error| Fault::new(Code::Internal).caused_by(error))?;
    let given = finish(vault, step, AccessBody::Granted { request: view.id, expires_ms }).await?;
    ask_for_granted(vault, actor, &given.recordings).await;
    Ok(given)
}

/// Takes a request or grant back; readings under way stop within two seconds.
pub async fn revoke(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    reason: &str,
) -> Outcome<RequestView> {
    checked_text("reason", reason, true)?;
    let view = show(vault, number).await?;
    let state = whose(&view, actor);
    let permitted = vault.permit_in(actor, Act::RevokeAccess, state, view.subjects()).await?;
    let step = begin(vault, actor, permitted, &view, (RequestStep::Revoke, reason)).await?;
    finish(vault, step, AccessBody::Revoked { request: view.id }).await
}
