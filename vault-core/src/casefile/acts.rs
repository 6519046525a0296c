//! What is done with a case file: opened, ended, filled, closed.

use super::contents::{Officer, contents, digest, find, is_closed, missing};
use crate::clock::Date;
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::limits::{CASE_ITEMS_MAX, OFFICERS_MAX};
use crate::policy::{Act, Actor, State};
use crate::vault::Vault;
use crate::vault::change::{event, new_record};
use vault_proof::canonical::{self, Value};
use vault_proof::{Body, CaseBody, ContentId, RecordId, Subject};

/// A case file to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCase {
    /// 案号.
    pub case_no: String,
    /// 案由.
    pub title: String,
    /// 行政相对人.
    pub counterpart: String,
    /// The handling unit.
    pub unit: String,
    /// The officers, two at least (A2.14(一)).
    pub officers: Vec<Officer>,
    /// The day the case was opened.
    pub opened_on: Date,
}

fn checked(new: &NewCase) -> Outcome<()> {
    checked_text("case", &new.case_no, true)?;
    checked_text("title", &new.title, true)?;
    checked_text("counterpart", &new.counterpart, true)?;
    checked_text("unit", &new.unit, true)?;
    for officer in &new.officers {
        checked_text("officer", &officer.name, true)?;
        checked_text("certificate", &officer.certificate, true)?;
    }
    let mut certificates: Vec<_> =
        new.officers.iter().map(|officer| officer.certificate.as_str()).collect();
    certificates.sort_unstable();
    certificates.dedup();
    if certificates.len() < 2 || new.officers.len() > OFFICERS_MAX {
        return Err(Fault::new(Code::LabelInvalid)
            .with("label", "officer")
            .with("reason", "two-officers")
            .with("article", "A2.14(一)"));
    }
    Ok(())
}

fn officers(new: &NewCase) -> Outcome<String> {
    let one = |officer: &Officer| {
        Value::map([
            ("certificate", Value::text(&officer.certificate)),
            ("name", Value::text(&officer.name)),
        ])
    };
    let list = Value::List(new.officers.iter().map(one).collect());
    String::from_utf8(canonical::encode(&list))
        .map_err(|error| Fault::new(Code::Internal).with("what", "officers").caused_by(error))
}

/// Opens a case file; gives its number. Recordings that bear its 案号 belong to it at once.
pub async fn open(vault: &Vault, actor: &Actor, new: NewCase) -> Outcome<RecordId> {
    checked(&new)?;
    if vault.clock.now() < new.opened_on.begins_at() {
        return Err(step_refused("day-to-come", "A2.18(一)3"));
    }
    let permitted = vault.permit(actor, Act::OpenCase).await?;
    let payload = Value::map([
        ("by", Value::text(actor.person())),
        ("case_no", Value::text(&new.case_no)),
        ("counterpart", Value::text(&new.counterpart)),
        ("officers", Value::Text(officers(&new)?)),
        ("opened_on", Value::Text(new.opened_on.to_string())),
        ("title", Value::text(&new.title)),
        ("unit", Value::text(&new.unit)),
    ]);
    let payload = vault.seal_one(payload).await?;
    let case = new_record()?;
    let mut tx = vault.begin(permitted).await?;
    if tx.ask().case(&new.case_no).await?.is_some() {
        return Err(Fault::new(Code::CaseTaken).with("case", &new.case_no));
    }
    let body = Body::Case(CaseBody::Opened { case });
    tx.append(vec![event(body, Some(payload), Vec::new())]).await?;
    vault.finish(tx).await?;
    Ok(case)
}

/// Whether a case file is open, as the policy wants to know it.
pub(super) async fn state(vault: &Vault, case: &RecordId) -> Outcome<State> {
    let acts = vault.catalog.ask().await?.case_acts(case).await?;
    Ok(if is_closed(&acts) { State::CaseClosed } else { State::CaseOpen })
}

/// The act that files something in a case file of this state: an addendum once it is closed.
pub(super) const fn filing(state: State) -> Act {
    match state {
        State::CaseClosed => Act::AddAddendum,
        _ => Act::FileInCase,
    }
}

fn step_refused(reason: &'static str, article: &'static str) -> Fault {
    Fault::new(Code::CaseStepRefused).with("reason", reason).with("article", article)
}

/// Says on which day the enforcement ended; the file is to be closed thirty days later. Another day
/// than was said before takes a reason.
pub async fn end(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    on: Date,
    reason: &str,
) -> Outcome<()> {
    let case = find(vault, number).await?;
    let subjects = vec![Subject::case(&case.case_id)];
    let state = state(vault, &case.case_id).await?;
    let permitted = vault.permit_in(actor, Act::EndCase, state, subjects).await?;
    if case.opened_on.parse().is_ok_and(|opened: Date| on < opened) {
        return Err(step_refused("ended-before-opened", "A2.18(一)3"));
    }
    if vault.clock.now() < on.begins_at() {
        return Err(step_refused("day-to-come", "A2.18(一)3"));
    }
    let payload = Value::map([
        ("by", Value::text(actor.person())),
        ("note", Value::text(reason)),
        ("on", Value::Text(on.to_string())),
    ]);
    let payload = vault.seal_one(payload).await?;
    let mut tx = vault.begin(permitted).await?;
    let acts = tx.ask().case_acts(&case.case_id).await?;
    if is_closed(&acts) {
        return Err(step_refused("case-closed", "A2.18(一)3"));
    }
    checked_text("reason", reason, acts.iter().any(|act| act.kind == "case.ended"))?;
    let body = Body::Case(CaseBody::Ended { case: case.case_id });
    tx.append(vec![event(body, Some(payload), Vec::new())]).await?;
    vault.finish(tx).await
}

/// Files a recording that does not bear the case's 案号, or came after the closing; then with the
/// reason, as an addendum.
pub async fn file_recording(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    recording: &ContentId,
    note: &str,
) -> Outcome<()> {
    let case = find(vault, number).await?;
    let state = state(vault, &case.case_id).await?;
    checked_text("note", note, state == State::CaseClosed)?;
    let about = vec![Subject::case(&case.case_id), Subject::recording(recording)];
    let permitted = vault.permit_in(actor, filing(state), state, about.clone()).await?;
    let receipts = vault.catalog.receipts_of(recording).await?;
    let name = receipts.first().map(|receipt| receipt.name.clone());
    let name = name.ok_or_else(|| Fault::new(Code::RecordingUnknown).with("id", recording))?;
    let payload = vault.seal_one(filed(actor, &name, note)).await?;
    let mut tx = vault.begin(permitted).await?;
    let acts = tx.ask().case_acts(&case.case_id).await?;
    let addendum = is_closed(&acts);
    if addendum != (state == State::CaseClosed) {
        return Err(step_refused("case-closed", "A2.18(一)3"));
    }
    if acts.iter().any(|act| act.content == recording.to_string()) {
        return Err(step_refused("already-filed", "A2.18(一)3"));
    }
    let body = CaseBody::RecordingAdded { case: case.case_id, recording: *recording, addendum };
    tx.append(vec![event(Body::Case(body), Some(payload), about)]).await?;
    vault.finish(tx).await
}

fn filed(actor: &Actor, name: &str, note: &str) -> Value {
    Value::map([
        ("by", Value::text(actor.person())),
        ("name", Value::text(name)),
        ("note", Value::text(note)),
    ])
}

/// Closes a case file (归档). Recordings that bear its 案号 are filed with it now. What a complete
/// file would hold and this one lacks must be explained.
pub async fn close(vault: &Vault, actor: &Actor, number: &str, note: &str) -> Outcome<ContentId> {
    checked_text("note", note, false)?;
    let case = find(vault, number).await?;
    let subjects = vec![Subject::case(&case.case_id)];
    let found = state(vault, &case.case_id).await?;
    let permitted = vault.permit_in(actor, Act::CloseCase, found, subjects).await?;
    // Sealing comes before the transaction: one payload for each recording that joins now.
    let labelled = vault.catalog.ask().await?.labelled(&case.case_no).await?;
    let mut plains: Vec<Value> = labelled.iter().map(|(_, name)| filed(actor, name, "")).collect();
    plains.push(filed(actor, "", note));
    let sealing = vault.clone();
    let mut payloads = crate::vault::blocking(move || sealing.seal(plains)).await?;
    let closing = payloads.pop();
    let mut tx = vault.begin(permitted).await?;
    let acts = tx.ask().case_acts(&case.case_id).await?;
    if is_closed(&acts) {
        return Err(step_refused("case-closed", "A2.18(一)3"));
    }
    if !acts.iter().any(|act| act.kind == "case.ended") {
        return Err(step_refused("not-ended", "A2.18(一)3"));
    }
    if tx.ask().labelled(&case.case_no).await? != labelled {
        // A recording came in between: the archivist is to see it first.
        return Err(Fault::new(Code::CatalogueBusy));
    }
    let entries = contents(&acts, &labelled)?;
    if entries.is_empty() || entries.len() > CASE_ITEMS_MAX {
        return Err(step_refused("nothing-filed", "A2.18(一)3").with("limit", CASE_ITEMS_MAX));
    }
    if note.trim().is_empty()
        && let Some(first) = missing(&entries).first()
    {
        return Err(step_refused("documents-missing", first.article));
    }
    let mut events = Vec::new();
    for ((recording, _), payload) in labelled.iter().zip(payloads) {
        if entries.iter().any(|entry| entry.content == *recording && entry.seq.is_some()) {
            continue;
        }
        let body =
            CaseBody::RecordingAdded { case: case.case_id, recording: *recording, addendum: false };
        let about = vec![Subject::recording(recording)];
        events.push(event(Body::Case(body), Some(payload), about));
    }
    let contents = digest(&entries);
    let items = entries.len() as u64;
    let body = Body::Case(CaseBody::Closed { case: case.case_id, items, contents });
    events.push(event(body, closing, Vec::new()));
    tx.append(events).await?;
    vault.finish(tx).await?;
    Ok(contents)
}
