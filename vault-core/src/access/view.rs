//! A request as it stands: what was asked, who decided, what was signed, what left.

use super::machine::{RequestState, RequestStep};
use crate::catalog::{AccessAct, AccessRequest};
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::policy::{Act, Actor, Office, State, permit_in};
use crate::vault::Vault;
use vault_proof::{ContentId, RecordId, Subject};

/// What the leader said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether he consented.
    pub consent: bool,
    /// Who.
    pub person: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: UtcTime,
}

/// How the notice was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// `system` or `scan`.
    pub way: String,
    /// BLAKE3 of the notice's fields, or of the scan.
    pub digest: String,
    /// Who signed, or filed the scan.
    pub person: String,
    /// When.
    pub at: UtcTime,
}

/// A request as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestView {
    /// Its number, and that of its grant.
    pub id: RecordId,
    /// The event that made it; the key of lists.
    pub seq: u64,
    /// When it was made.
    pub at: UtcTime,
    /// The pseudonym of who made or registered it, and holds the grant.
    pub holder: String,
    /// `account`, `outside-account`, `counterpart` or `outside-body`.
    pub applicant: String,
    /// The applicant's name.
    pub applicant_name: String,
    /// The applicant's unit.
    pub applicant_unit: String,
    /// Who made or registered it.
    pub person: String,
    /// Whose consent it takes, as the system decided.
    pub office: Office,
    /// Whether copies were asked for; else viewing.
    pub copies_asked: bool,
    /// How many copies.
    pub copies: u64,
    /// For how many days.
    pub days: u64,
    /// The stretch of each recording, in milliseconds; `None` for the whole.
    pub stretch_ms: Option<(u64, u64)>,
    /// What for.
    pub purpose: String,
    /// What was asked for.
    pub recordings: Vec<ContentId>,
    /// How it stands.
    pub state: RequestState,
    /// What the leader said.
    pub decision: Option<Decision>,
    /// Year and number of the notice, and when it was made out.
    pub notice: Option<(u64, u64, UtcTime)>,
    /// How it was signed.
    pub signature: Option<Signature>,
    /// When the grant ends.
    pub expires_at: Option<UtcTime>,
    /// Copies handed out.
    pub copies_out: u64,
    /// Who took it back, why and when.
    pub revoked: Option<(String, String, UtcTime)>,
}

impl RequestView {
    /// Whether the applicant belongs to somewhere outside the department.
    pub fn from_outside(&self) -> bool {
        matches!(self.applicant.as_str(), "outside-body" | "outside-account")
    }

    /// Whether this actor made or registered it.
    pub fn is_own(&self, actor: &Actor) -> bool {
        self.holder == actor.id()
    }

    /// The subjects of its events: itself and everything asked for.
    pub(super) fn subjects(&self) -> Vec<Subject> {
        let recordings = self.recordings.iter().map(Subject::recording);
        std::iter::once(Subject::request(&self.id)).chain(recordings).collect()
    }
}

/// The step that a kind of event took.
fn step_of(act: &AccessAct) -> Option<RequestStep> {
    match (act.kind.as_str(), act.consent) {
        ("access.decided", true) => Some(RequestStep::Consent),
        ("access.decided", false) => Some(RequestStep::Refuse),
        ("access.notice-issued", _) => Some(RequestStep::IssueNotice),
        ("access.notice-signed", _) => Some(RequestStep::Sign),
        ("access.granted", _) => Some(RequestStep::Give),
        ("access.copy-handed-out", _) => Some(RequestStep::HandOut),
        ("access.revoked", _) => Some(RequestStep::Revoke),
        _ => None,
    }
}

/// Puts a request together from its rows, as of a moment.
pub(super) fn assemble(
    row: AccessRequest,
    recordings: Vec<ContentId>,
    acts: &[AccessAct],
    now: UtcTime,
) -> Outcome<RequestView> {
    let damaged = || Fault::new(Code::CatalogueDamaged).with("what", "request");
    let mut view = RequestView {
        id: row.request,
        seq: row.seq,
        at: row.at_ms,
        holder: row.by_actor,
        applicant: row.applicant,
        applicant_name: row.applicant_name,
        applicant_unit: row.applicant_unit,
        person: row.person,
        office: Office::parse(&row.office).ok_or_else(damaged)?,
        copies_asked: row.mode == "copy",
        copies: row.copies,
        days: row.days,
        stretch_ms: (row.to_ms > 0).then_some((row.from_ms, row.to_ms)),
        purpose: row.purpose,
        recordings,
        state: RequestState::Requested,
        decision: None,
        notice: None,
        signature: None,
        expires_at: None,
        copies_out: 0,
        revoked: None,
    };
    for act in acts {
        let step = step_of(act).ok_or_else(damaged)?;
        view.state = view.state.after(step).ok_or_else(damaged)?;
        note(&mut view, act, step);
    }
    if view.state == RequestState::Granted {
        if view.expires_at.is_none_or(|end| end <= now) {
            view.state = RequestState::Expired;
        } else if view.copies_asked && view.copies_out >= view.copies {
            view.state = RequestState::UsedUp;
        }
    }
    Ok(view)
}

fn note(view: &mut RequestView, act: &AccessAct, step: RequestStep) {
    let (person, reason, at) = (act.person.clone(), act.reason.clone(), act.at_ms);
    match step {
        RequestStep::Consent | RequestStep::Refuse => {
            view.decision = Some(Decision { consent: act.consent, person, reason, at });
        }
        RequestStep::IssueNotice => view.notice = Some((act.year, act.number, at)),
        RequestStep::Sign => {
            let (way, digest) = (act.way.clone(), act.digest.clone());
            view.signature = Some(Signature { way, digest, person, at });
        }
        RequestStep::Give => {
            view.expires_at = i64::try_from(act.expires_ms).ok().map(UtcTime::from_ms);
        }
        RequestStep::HandOut => view.copies_out += 1,
        RequestStep::Revoke => view.revoked = Some((person, reason, at)),
    }
}

/// The number of a request by its beginning.
pub(super) async fn find(vault: &Vault, number: &str) -> Outcome<RecordId> {
    let unknown = || Fault::new(Code::RequestUnknown).with("id", number);
    let hex = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
    if number.is_empty() || number.len() > 32 || !number.bytes().all(hex) {
        return Err(unknown());
    }
    let found = vault.catalog.ask().await?.requests_like(number).await?;
    match found.as_slice() {
        [one] => Ok(one.request),
        [] => Err(unknown()),
        _ => Err(Fault::new(Code::RequestAmbiguous).with("id", number)),
    }
}

/// A request by its number, or the beginning of it.
pub async fn show(vault: &Vault, number: &str) -> Outcome<RequestView> {
    let id = find(vault, number).await?;
    load(&mut vault.catalog.ask().await?, &id, vault.clock.now()).await
}

/// A request as the catalogue has it, or a change under way. The time is that of the clock or of
/// the last event, whichever is later: a clock that is set back revives no grant.
pub(super) async fn load(
    asking: &mut crate::catalog::Asking<'_>,
    id: &RecordId,
    clock_now: UtcTime,
) -> Outcome<RequestView> {
    let unknown = || Fault::new(Code::RequestUnknown).with("id", id);
    let row = asking.requests_like(&id.to_string()).await?.into_iter().next();
    let row = row.ok_or_else(unknown)?;
    let recordings = asking.request_items(id).await?;
    let acts = asking.access_acts(id).await?;
    let now = asking.last_event_at().await?.max(clock_now);
    assemble(row, recordings, &acts, now)
}

/// A page of requests, and where the next begins.
pub async fn list(
    vault: &Vault,
    after: Option<u64>,
    rows_max: u32,
) -> Outcome<(Vec<RequestView>, Option<u64>)> {
    let mut asking = vault.catalog.ask().await?;
    let now = asking.last_event_at().await?.max(vault.clock.now());
    let rows = asking.requests(after, rows_max).await?;
    let next = rows.last().map(|row| row.seq);
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let recordings = asking.request_items(&row.request).await?;
        let acts = asking.access_acts(&row.request).await?;
        views.push(assemble(row, recordings, &acts, now)?);
    }
    Ok((views, next))
}

/// A request, for somebody who may look into the catalogue or who made it himself.
pub async fn show_for(vault: &Vault, actor: &Actor, number: &str) -> Outcome<RequestView> {
    let view = show(vault, number).await?;
    if !view.is_own(actor) {
        vault.admit(actor, Act::ReadCatalogue).await?;
    }
    Ok(view)
}

/// A page of requests, and where the next begins: every one for those who may look into the
/// catalogue, their own for everybody else.
pub async fn list_for(
    vault: &Vault,
    actor: &Actor,
    after: Option<u64>,
    rows_max: u32,
) -> Outcome<(Vec<RequestView>, Option<u64>)> {
    let (mut views, next) = list(vault, after, rows_max).await?;
    let next = next.filter(|_| views.len() >= rows_max as usize);
    if permit_in(actor, Act::ReadCatalogue, State::Any).is_err() {
        views.retain(|view| view.is_own(actor));
    }
    Ok((views, next))
}
