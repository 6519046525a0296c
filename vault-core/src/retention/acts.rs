//! What is done about retention: terms set, triggers found, holds placed and released.

use super::rules::{
    KeptCase, Received, Retention, TRIGGERS, case_term, effective, longer, rules_in_force,
};
use crate::casefile;
use crate::catalog::{CaseRow, RecordingRow};
use crate::clock::Date;
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::limits::CASE_TERM_YEARS_MAX;
use crate::policy::{Act, Actor, State};
use crate::vault::Vault;
use crate::vault::change::{event, new_record};
use std::collections::BTreeMap;
use vault_proof::canonical::Value;
use vault_proof::{Body, ContentId, Event, RecordId, RetentionBody, Subject};

/// What a hold is placed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoldTarget {
    /// One recording.
    Recording(ContentId),
    /// A case file and everything in it, by its number or 案号.
    Case(String),
}

pub(super) fn because(actor: &Actor, reason: &str) -> Value {
    Value::map([("by", Value::text(actor.person())), ("reason", Value::text(reason))])
}

async fn require_recording(vault: &Vault, recording: &ContentId) -> Outcome<RecordingRow> {
    let row = vault.catalog.recording(recording).await?;
    row.ok_or_else(|| Fault::new(Code::RecordingUnknown).with("id", recording))
}

/// What retention has to know of a recording. The activity of its first receipt counts even where
/// labels came later and named another.
async fn received(vault: &Vault, recording: &ContentId) -> Outcome<Received> {
    let row = require_recording(vault, recording).await?;
    let mut classes: Vec<String> = Vec::new();
    for receipt in vault.catalog.receipts_of(recording).await? {
        classes.push(receipt.activity);
    }
    let leaf = vault.catalog.event(row.accession_seq).await?.leaf;
    let damaged =
        |error| Fault::new(Code::LedgerDamaged).with("seq", row.accession_seq).caused_by(error);
    if let Body::RecordingAccessioned { activity, .. } = Event::decode(&leaf).map_err(damaged)?.body
    {
        classes.push(activity);
    }
    classes.retain(|class| !class.is_empty());
    classes.sort_unstable();
    classes.dedup();
    Ok(Received { on: Date::of(row.accessioned_at), seq: row.accession_seq, classes })
}

/// How long a recording is kept, with every reason.
pub async fn show(vault: &Vault, recording: &ContentId) -> Outcome<Retention> {
    let received = received(vault, recording).await?;
    let mut asking = vault.catalog.ask().await?;
    let rules = rules_in_force(&asking.rule_acts().await?);
    let acts = asking.retention_acts(Subject::recording(recording).as_str()).await?;
    let mut rows: BTreeMap<RecordId, CaseRow> = BTreeMap::new();
    for row in asking.cases_with(recording).await? {
        rows.insert(row.case_id, row);
    }
    for row in asking.cases_by_label(recording).await? {
        rows.insert(row.case_id, row);
    }
    let mut cases = Vec::with_capacity(rows.len());
    for (case, row) in rows {
        let done = asking.case_acts(&case).await?;
        let closed = done.iter().find(|act| act.kind == "case.closed");
        cases.push(KeptCase {
            case_no: row.case_no,
            closed_on: closed.map(|act| Date::of(act.at_ms)),
            acts: asking.retention_acts(Subject::case(&case).as_str()).await?,
        });
    }
    Ok(effective(&received, &rules, &acts, &cases))
}

/// Sets the term of a case file in years from its closing; 0 is for ever. One that is shorter than
/// what was set is refused.
pub async fn set_case_term(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    years: u64,
    reason: &str,
) -> Outcome<()> {
    checked_text("reason", reason, true)?;
    if years > CASE_TERM_YEARS_MAX {
        return Err(Fault::new(Code::ArgumentInvalid)
            .with("argument", years)
            .with("limit", CASE_TERM_YEARS_MAX));
    }
    let case = casefile::find(vault, number).await?;
    let subject = Subject::case(&case.case_id);
    let permitted =
        vault.permit_in(actor, Act::SetCaseTerm, State::Any, vec![subject.clone()]).await?;
    let judged = permitted.judged(vec![subject.clone()]);
    let payload = vault.seal_one(because(actor, reason)).await?;
    let set = async {
        let mut tx = vault.begin(permitted).await?;
        let acts = tx.ask().retention_acts(subject.as_str()).await?;
        if let Some(before) = case_term(&acts)
            && longer(years) < longer(before)
        {
            return Err(Fault::new(Code::RetentionShortens)
                .with("found", years)
                .with("expected", before)
                .with("article", "A3.11"));
        }
        let body = RetentionBody::CaseTermSet { case: case.case_id, years };
        tx.append(vec![event(Body::Retention(body), Some(payload), Vec::new())]).await?;
        vault.finish(tx).await
    };
    vault.answer(judged, set.await).await
}

/// Records that a recording bears a trigger of long-term preservation, who found it and why.
pub async fn find_trigger(
    vault: &Vault,
    actor: &Actor,
    recording: &ContentId,
    trigger: &str,
    reason: &str,
) -> Outcome<()> {
    checked_text("reason", reason, true)?;
    if !TRIGGERS.iter().any(|(code, _)| *code == trigger) {
        return Err(Fault::new(Code::ArgumentInvalid).with("argument", trigger));
    }
    require_recording(vault, recording).await?;
    let about = vec![Subject::recording(recording)];
    let permitted = vault.permit_in(actor, Act::FindTrigger, State::Any, about.clone()).await?;
    let payload = vault.seal_one(because(actor, reason)).await?;
    let mut tx = vault.begin(permitted).await?;
    let trigger = trigger.to_owned();
    let body = RetentionBody::TriggerFound { recording: *recording, trigger };
    tx.append(vec![event(Body::Retention(body), Some(payload), about)]).await?;
    vault.finish(tx).await
}

/// Places a hold: nothing of the target may go until another person releases it. Gives its number.
pub async fn place_hold(
    vault: &Vault,
    actor: &Actor,
    target: HoldTarget,
    reason: &str,
) -> Outcome<RecordId> {
    checked_text("reason", reason, true)?;
    let target = match target {
        HoldTarget::Recording(recording) => {
            require_recording(vault, &recording).await?;
            Subject::recording(&recording)
        }
        HoldTarget::Case(number) => Subject::case(&casefile::find(vault, &number).await?.case_id),
    };
    let about = vec![target.clone()];
    let permitted = vault.permit_in(actor, Act::PlaceHold, State::Any, about).await?;
    let payload = vault.seal_one(because(actor, reason)).await?;
    let hold = new_record()?;
    let mut tx = vault.begin(permitted).await?;
    let body = Body::Retention(RetentionBody::HoldPlaced { hold, target });
    tx.append(vec![event(body, Some(payload), Vec::new())]).await?;
    vault.finish(tx).await?;
    Ok(hold)
}

/// Releases a hold that another person placed.
pub async fn release_hold(vault: &Vault, actor: &Actor, hold: &str, reason: &str) -> Outcome<()> {
    checked_text("reason", reason, true)?;
    let unknown = || Fault::new(Code::HoldUnknown).with("id", hold);
    let id: RecordId = hold.parse().map_err(|_| unknown())?;
    let acts = vault.catalog.ask().await?.hold_acts(hold).await?;
    let placed = acts.first().ok_or_else(unknown)?;
    let target: Subject = placed
        .target
        .parse()
        .map_err(|_| Fault::new(Code::CatalogueDamaged).with("what", "hold"))?;
    let state = if placed.by_actor == actor.id() { State::OwnHold } else { State::OthersHold };
    let about = vec![target.clone()];
    let permitted = vault.permit_in(actor, Act::ReleaseHold, state, about).await?;
    let payload = vault.seal_one(because(actor, reason)).await?;
    let mut tx = vault.begin(permitted).await?;
    if tx.ask().hold_acts(hold).await?.iter().any(|act| act.kind == "retention.hold-released") {
        return Err(unknown());
    }
    let body = Body::Retention(RetentionBody::HoldReleased { hold: id, target });
    tx.append(vec![event(body, Some(payload), Vec::new())]).await?;
    vault.finish(tx).await
}
