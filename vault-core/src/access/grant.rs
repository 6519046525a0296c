//! Grants: what one holds for, and the copies handed out under it.

use super::copies::mark_of;
use super::machine::RequestState;
use super::view::{RequestView, find, load};
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::inspection::drawn_for;
use crate::intake::checked_text;
use crate::policy::{Act, Actor, Permitted, State};
use crate::preservation::require_hot;
use crate::vault::Vault;
use crate::vault::change::event;
use vault_proof::canonical::Value;
use vault_proof::{AccessBody, Body, ContentId, Event, RecordId, Subject};

/// Leave to use recordings, from an approved request with its signed notice (《调取证据通知书》).
/// Made by this flow alone, and only after the catalogue was asked whether it holds.
#[derive(Debug, Clone)]
pub struct Grant {
    request: RecordId,
    notice: (u64, u64),
    recordings: Vec<ContentId>,
    stretch_ms: Option<(u64, u64)>,
    expires_at: UtcTime,
    applicant: (String, String),
    purpose: String,
    _private: (),
}

impl Grant {
    /// Of a request whose grant holds.
    pub(super) fn of(view: &RequestView) -> Outcome<Self> {
        let incomplete = || Fault::new(Code::GrantNeeded).with("id", view.id);
        let (year, number, _) = view.notice.ok_or_else(incomplete)?;
        Ok(Self {
            request: view.id,
            notice: (year, number),
            recordings: view.recordings.clone(),
            stretch_ms: view.stretch_ms,
            expires_at: view.expires_at.ok_or_else(incomplete)?,
            applicant: (view.applicant_name.clone(), view.applicant_unit.clone()),
            purpose: view.purpose.clone(),
            _private: (),
        })
    }

    /// A grant without its request, for tests of what stands behind one.
    #[cfg(test)]
    pub(super) fn of_recording(recording: ContentId) -> Self {
        Self {
            request: RecordId::from_bytes([1; 16]),
            notice: (2026, 1),
            recordings: vec![recording],
            stretch_ms: None,
            expires_at: UtcTime::from_ms(i64::MAX),
            applicant: Default::default(),
            purpose: String::new(),
            _private: (),
        }
    }

    /// The number of the request it comes from.
    pub fn request(&self) -> &RecordId {
        &self.request
    }

    /// Year and number of its notice.
    pub fn notice(&self) -> (u64, u64) {
        self.notice
    }

    /// The recordings it is for.
    pub fn recordings(&self) -> &[ContentId] {
        &self.recordings
    }

    /// The stretch of each it is for, in milliseconds; `None` for the whole.
    pub fn stretch_ms(&self) -> Option<(u64, u64)> {
        self.stretch_ms
    }

    /// When it ends.
    pub fn expires_at(&self) -> UtcTime {
        self.expires_at
    }

    /// Name and unit of the applicant. Personal data.
    pub fn applicant(&self) -> (&str, &str) {
        (&self.applicant.0, &self.applicant.1)
    }

    /// What for. Personal data.
    pub fn purpose(&self) -> &str {
        &self.purpose
    }
}

/// The states every use of a grant shares, as the policy wants to know them; `None` where it
/// holds so far.
fn life(view: &RequestView) -> Option<State> {
    match view.state {
        RequestState::Requested
        | RequestState::Consented
        | RequestState::Refused
        | RequestState::Noticed
        | RequestState::Signed => Some(State::GrantPending),
        RequestState::Revoked => Some(State::GrantRevoked),
        RequestState::Expired => Some(State::GrantExpired),
        RequestState::UsedUp => Some(State::GrantUsedUp),
        RequestState::Granted => None,
    }
}

/// Whether the grant lets this actor read this recording.
pub(super) fn state_for_reading(view: &RequestView, actor: &Actor, recording: &ContentId) -> State {
    if let Some(state) = life(view) {
        state
    } else if !view.is_own(actor) {
        State::GrantOfAnother
    } else if !view.recordings.contains(recording) {
        State::GrantElsewhere
    } else if view.from_outside() {
        State::GrantCopiesOnly
    } else if view.stretch_ms.is_some() {
        State::GrantExcerptOnly
    } else {
        State::GrantLive
    }
}

fn state_for_copying(view: &RequestView, recordings: &[ContentId]) -> State {
    if let Some(state) = life(view) {
        state
    } else if !view.copies_asked {
        State::GrantViewOnly
    } else if recordings.iter().any(|recording| !view.recordings.contains(recording)) {
        State::GrantElsewhere
    } else {
        State::GrantLive
    }
}

/// A copy that was handed out.
#[derive(Debug, Clone)]
pub struct HandedOut {
    /// Under which grant.
    pub grant: Grant,
    /// Its number under the grant, from 1.
    pub copy: u64,
    /// The event, which stands in the ledger for it.
    pub seq: u64,
    /// What is on it.
    pub recordings: Vec<ContentId>,
}

impl HandedOut {
    /// The mark (副本标识) that tells this copy from every other: year and number of the notice,
    /// number of the copy, number of the event.
    pub fn mark(&self) -> String {
        mark_of(self.grant.notice, self.copy, self.seq)
    }
}

/// Asks whether a copy of these may be handed out, before work is done for one. A refusal is
/// recorded.
pub(super) async fn permit_copying(
    vault: &Vault,
    actor: &Actor,
    view: &RequestView,
    recordings: &[ContentId],
) -> Outcome<Permitted> {
    let state = state_for_copying(view, recordings);
    vault.permit_in(actor, Act::HandOutCopy, state, view.subjects()).await
}

/// Hands out a copy (提供复制): takes one of the copies that the grant allows, for these of its
/// recordings or for all. `to` is who receives it. Of several at once for the last copy one has
/// it; the others are refused, on record.
pub async fn hand_out_copy(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    recordings: Vec<ContentId>,
    to: &str,
) -> Outcome<HandedOut> {
    checked_text("recipient", to, true)?;
    let id = find(vault, number).await?;
    let view = load(&mut vault.catalog.ask().await?, &id, vault.clock.now()).await?;
    let recordings = if recordings.is_empty() { view.recordings.clone() } else { recordings };
    let about = view.subjects();
    let state = state_for_copying(&view, &recordings);
    let permitted = vault.permit_in(actor, Act::HandOutCopy, state, about.clone()).await?;
    require_hot(vault, actor, &recordings).await?;
    let payload = Value::map([("by", Value::text(to)), ("reason", Value::text(actor.person()))]);
    let payload = vault.seal_one(payload).await?;
    let mut tx = vault.begin(permitted).await?;
    let view = load(&mut tx.ask(), &id, vault.clock.now()).await?;
    let state = state_for_copying(&view, &recordings);
    if state != State::GrantLive {
        // Somebody else was quicker. The refusal is recorded once the door is closed.
        drop(tx);
        let _ = vault.permit_in(actor, Act::HandOutCopy, state, about).await?;
        return Err(Fault::new(Code::GrantNeeded).with("id", id));
    }
    let copy = view.copies_out + 1;
    let body = AccessBody::CopyHandedOut { request: id, copy, recordings: recordings.clone() };
    let appended = tx.append(vec![event(Body::Access(body), Some(payload), about)]).await?;
    vault.finish(tx).await?;
    let seq = appended.first().map_or(0, |appended| appended.seq);
    Ok(HandedOut { grant: Grant::of(&view)?, copy, seq, recordings })
}

/// The units a recording belongs to: of its case files, and of those who handed it in.
async fn units(vault: &Vault, id: &ContentId) -> Outcome<Vec<String>> {
    let mut bringers = Vec::new();
    for receipt in vault.catalog.receipts_of(id).await? {
        let row = vault.catalog.event(receipt.seq).await?;
        let damaged =
            |error| Fault::new(Code::LedgerDamaged).with("seq", receipt.seq).caused_by(error);
        bringers.push(Event::decode(&row.leaf).map_err(damaged)?.actor.id);
    }
    let mut asking = vault.catalog.ask().await?;
    let mut units: Vec<String> = Vec::new();
    units.extend(asking.cases_with(id).await?.into_iter().map(|case| case.unit));
    units.extend(asking.cases_by_label(id).await?.into_iter().map(|case| case.unit));
    let roll = crate::people::roll_of(&asking.account_acts().await?)?;
    for bringer in bringers {
        let by =
            |account: &&crate::people::Account| Subject::account(&account.id).as_str() == bringer;
        units.extend(roll.accounts().iter().find(by).map(|account| account.unit.clone()));
    }
    Ok(units)
}

/// How a recording stands to somebody who has no grant.
pub(crate) async fn reading_state(vault: &Vault, actor: &Actor, id: &ContentId) -> Outcome<State> {
    let mut asking = vault.catalog.ask().await?;
    if drawn_for(&mut asking, actor, id).await?.is_some() {
        return Ok(State::Drawn);
    }
    if asking.is_archived(id).await? {
        return Ok(State::Archived);
    }
    // Given back before another is asked for: a page opens a recording in many parts at once, and
    // readers that each hold one connection and wait for a second wait for each other.
    drop(asking);
    let Some(account) = actor.account().filter(|account| account.inside) else {
        return Ok(State::OtherUnit);
    };
    let own = units(vault, id).await?.contains(&account.unit);
    Ok(if own { State::OwnUnit } else { State::OtherUnit })
}
