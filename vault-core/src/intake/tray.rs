//! The tray (待补标签): recordings that were taken in without the labels of R08, until somebody
//! gives them. Labels are given once; nothing here changes labels that are there. (A2.18(一)1)

use super::{LabelInput, Labels};
use crate::catalog::Cursor;
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::holdings::Holding;
use crate::policy::{Act, Actor};
use crate::vault::Vault;
use crate::vault::change::event;
use vault_proof::canonical::Value;
use vault_proof::{Body, ContentId, Subject};

/// The case of a receipt without labels.
const WAITING: &str = "";

/// A page of the recordings that wait for their labels, the longest first.
pub async fn tray(
    vault: &Vault,
    actor: &Actor,
    after: Option<Cursor>,
    rows_max: u32,
) -> Outcome<(Vec<Holding>, Option<Cursor>)> {
    let _ = vault.permit(actor, Act::ReadCatalogue).await?;
    unlabelled(vault, after, rows_max).await
}

/// The same, for flows that were admitted.
pub(crate) async fn unlabelled(
    vault: &Vault,
    after: Option<Cursor>,
    rows_max: u32,
) -> Outcome<(Vec<Holding>, Option<Cursor>)> {
    vault.catalog().list(Some(WAITING), after, rows_max).await
}

/// Gives a recording its labels; every required one.
pub async fn label(
    vault: &Vault,
    actor: &Actor,
    recording: &ContentId,
    labels: LabelInput,
) -> Outcome<()> {
    let labels = Labels::checked(labels)?;
    let about = vec![Subject::recording(recording)];
    let permitted =
        vault.permit_in(actor, Act::Label, crate::policy::State::Any, about.clone()).await?;
    waiting(vault, recording).await?;
    let payload = vault.seal_one(payload(&labels, actor)).await?;
    let tx = vault.begin(permitted).await?;
    // Asked again where nobody else writes.
    waiting(vault, recording).await?;
    let body = Body::RecordingLabelled {
        recording: *recording,
        activity: labels.get().activity.clone(),
        secrecy: labels.get().secrecy.clone(),
    };
    let mut tx = tx;
    tx.append(vec![event(body, Some(payload), about)]).await?;
    vault.finish(tx).await
}

async fn waiting(vault: &Vault, recording: &ContentId) -> Outcome<()> {
    let receipts = vault.catalog.receipts_of(recording).await?;
    if receipts.is_empty() {
        return Err(Fault::new(Code::RecordingUnknown).with("id", recording));
    }
    // A duplicate has the labels that its recording was given.
    if receipts.iter().all(|receipt| receipt.duplicate || receipt.case_no != WAITING) {
        return Err(Fault::new(Code::LabelsGiven).with("recording", recording));
    }
    Ok(())
}

fn payload(labels: &Labels, actor: &Actor) -> Value {
    let input = labels.get();
    Value::map([
        ("case", Value::text(&input.case)),
        ("clock_offset_ms", Value::Integer(labels.clock_offset_ms())),
        ("counterpart", Value::text(&input.counterpart)),
        ("declared_ms", Value::Integer(labels.declared().map_or(-1, UtcTime::as_ms))),
        ("device", Value::text(&input.device)),
        ("handler", Value::text(&input.handler)),
        ("maker", Value::text(&input.maker)),
        ("method", Value::text(&input.method)),
        ("name", Value::text("")),
        ("name_bytes", Value::text("")),
        ("person", Value::text(actor.person())),
        ("proves", Value::text(&input.proves)),
        ("source_modified_ms", Value::Integer(0)),
    ])
}
