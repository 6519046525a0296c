//! Marks on the time line (R07; A2.14(四)1–6): where the things are that must be seen.
//!
//! Set by a person, taken back by a person; both stay on record. A mark lies inside the recording
//! as far as its length is known.

use crate::catalog::NewEvent;
use crate::fault::{Code, Fault, Outcome};
use crate::limits::LABEL_BYTES_MAX;
use crate::policy::{Act, Actor};
use crate::store::cipher::random_bytes;
use crate::vault::{Vault, blocking};
use vault_proof::canonical::Value;
use vault_proof::{Body, ContentId, MediaBody, Subject};

/// What there is to be seen: scene, persons, objects, measures, service of documents, other.
pub const MARKER_KINDS: &[&str] = &["scene", "persons", "objects", "measures", "service", "other"];

/// A mark to be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMarker {
    /// What is to be seen; one of [`MARKER_KINDS`].
    pub kind: String,
    /// Begin, in milliseconds from the beginning of the recording.
    pub from_ms: u64,
    /// End; the begin, for a moment.
    pub to_ms: u64,
    /// In the person's words.
    pub note: String,
}

/// Sets a mark; gives its id.
pub async fn set_marker(
    vault: &Vault,
    actor: &Actor,
    id: &ContentId,
    new: NewMarker,
) -> Outcome<String> {
    let invalid = |argument: &str| Fault::new(Code::ArgumentInvalid).with("argument", argument);
    if !MARKER_KINDS.contains(&new.kind.as_str()) {
        return Err(invalid(&new.kind));
    }
    if new.note.len() > LABEL_BYTES_MAX {
        return Err(invalid("note"));
    }
    let facts = vault.media_facts(id).await?;
    let length_ms = facts.report().and_then(|report| report.duration_us).map(|us| us / 1_000);
    let length_ms = length_ms.and_then(|length| u64::try_from(length).ok()).unwrap_or(u64::MAX);
    if new.from_ms > new.to_ms || new.to_ms > length_ms {
        return Err(invalid(&new.to_ms.to_string()).with("limit", length_ms));
    }
    let marker = hex::encode(random_bytes::<16>()?);
    let body = MediaBody::MarkerSet {
        recording: *id,
        marker: marker.clone(),
        kind: new.kind,
        from_ms: new.from_ms,
        to_ms: new.to_ms,
    };
    let payload =
        Value::map([("note", Value::Text(new.note)), ("person", Value::text(actor.person()))]);
    record(vault, actor, id, body, Some(payload)).await?;
    Ok(marker)
}

/// Takes a mark back.
pub async fn remove_marker(vault: &Vault, actor: &Actor, marker: &str) -> Outcome<()> {
    let row = vault.catalog.marker(marker).await?;
    let row = row.ok_or_else(|| Fault::new(Code::MarkerUnknown).with("id", marker))?;
    let body = MediaBody::MarkerRemoved { recording: row.recording, marker: marker.to_owned() };
    record(vault, actor, &row.recording, body, None).await
}

async fn record(
    vault: &Vault,
    actor: &Actor,
    id: &ContentId,
    body: MediaBody,
    payload: Option<Value>,
) -> Outcome<()> {
    let permitted = vault.permit(actor, Act::MarkRecording).await?;
    let sealing = vault.clone();
    let payloads = payload.into_iter().collect();
    let payload = blocking(move || sealing.seal(payloads)).await?.into_iter().next();
    let mut tx = vault.catalog.begin(permitted, &vault.clock).await?;
    let subjects = vec![Subject::recording(id)];
    tx.append(vec![NewEvent { subjects, body: Body::Media(body), payload }]).await?;
    let _ = tx.commit().await?;
    vault.ledger.publish(&vault.catalog).await
}
