//! Transcripts (文字记录): what is said in a recording, beside its sound (R09; A2.18(一)2).
//!
//! Machine, import or typing → a version, kept for ever and bound to the recording's digest →
//! checked by a named person → shown and handed out, on record. Promises: no version is ever
//! changed or lost; machine text never passes as checked, and an edit of a checked text is
//! unchecked again; every showing is an event.

mod captions;
mod document;
mod engine;
mod notes;
mod sound;
#[cfg(feature = "whisper")]
mod whisper;

pub(crate) use captions::shown_time;
pub use captions::{Caption, read_captions, write_text, write_webvtt};
pub use document::{Cue, Origin, Transcript};
pub use engine::{CommandEngine, Heard, Sound, Transcriber};
pub use notes::notes;
#[cfg(feature = "whisper")]
pub use whisper::WhisperEngine;

use crate::access;
use crate::catalog::{NewEvent, TranscriptRow};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::TRANSCRIPT_BYTES_MAX;
use crate::media::{MediaPool, TranscriptView};
use crate::policy::{Act, Actor};
use crate::store::read::ReadBuffers;
use crate::store::stage::{StageBuffers, stage_object};
use crate::vault::{Vault, blocking};
use std::sync::Arc;
use vault_proof::canonical::Value;
use vault_proof::{Body, ContentId, MediaBody, Subject};

/// A version to be stored.
#[derive(Debug, Clone)]
pub struct NewVersion {
    /// The text.
    pub transcript: Transcript,
    /// How it came to be, as a whole.
    pub origin: Origin,
    /// The version it was made from.
    pub based_on: Option<u64>,
}

/// Stores a version of a recording's text; gives its number.
pub async fn store_version(
    vault: &Vault,
    actor: &Actor,
    id: &ContentId,
    new: NewVersion,
) -> Outcome<u64> {
    let transcript = new.transcript.checked()?;
    if transcript.recording != *id {
        return Err(Fault::new(Code::TranscriptInvalid).with("reason", "another-recording"));
    }
    let engine = transcript.engine.clone();
    let keeping = vault.clone();
    let (object, bytes, manifest) = blocking(move || keep(&keeping, &transcript)).await?;
    let permitted = vault.permit(actor, Act::StoreTranscript).await?;
    let payload = Value::map([("person", Value::text(actor.person()))]);
    let sealing = vault.clone();
    let payload = blocking(move || sealing.seal(vec![payload])).await?.into_iter().next();
    let mut tx = vault.catalog.begin(permitted, &vault.clock).await?;
    let version = tx.last_transcript(id).await? + 1;
    let body = MediaBody::TranscriptStored {
        recording: *id,
        version,
        origin: new.origin.as_str().to_owned(),
        engine,
        based_on: new.based_on.unwrap_or(0),
        object,
        bytes,
        manifest,
    };
    let subjects = vec![Subject::recording(id)];
    tx.append(vec![NewEvent { subjects, body: Body::Media(body), payload }]).await?;
    let _ = tx.commit().await?;
    vault.ledger.publish(&vault.catalog).await?;
    Ok(version)
}

fn keep(vault: &Vault, transcript: &Transcript) -> Outcome<(ContentId, u64, ContentId)> {
    let bytes = transcript.encode();
    if bytes.len() as u64 > TRANSCRIPT_BYTES_MAX {
        return Err(Fault::new(Code::TranscriptInvalid).with("reason", "too-long"));
    }
    let mut buffers = StageBuffers::new();
    let staged = stage_object(&vault.store, &mut bytes.as_slice(), &mut buffers)?;
    let manifests = vault.store.place(&vault.keys, std::iter::once(&staged))?;
    let manifest = manifests.get(&staged.id).copied();
    Ok((staged.id, staged.bytes, manifest.ok_or_else(|| Fault::new(Code::Internal))?))
}

/// A person vouches that a version agrees with the sound.
pub async fn check(vault: &Vault, actor: &Actor, id: &ContentId, version: u64) -> Outcome<()> {
    let permitted = vault.permit(actor, Act::CheckTranscript).await?;
    let row = row_of(vault, id, Some(version)).await?;
    let payload = Value::map([("person", Value::text(actor.person()))]);
    let sealing = vault.clone();
    let payload = blocking(move || sealing.seal(vec![payload])).await?.into_iter().next();
    let mut tx = vault.catalog.begin(permitted, &vault.clock).await?;
    let body = MediaBody::TranscriptChecked { recording: *id, version, object: row.object };
    let subjects = vec![Subject::recording(id)];
    tx.append(vec![NewEvent { subjects, body: Body::Media(body), payload }]).await?;
    let _ = tx.commit().await?;
    vault.ledger.publish(&vault.catalog).await
}

/// Shows a version, the newest if none is named; the showing is on record before it happens. The
/// text of an archived recording is shown under a grant only (A3.15): `show_under`.
pub async fn show(
    vault: &Vault,
    actor: &Actor,
    id: &ContentId,
    version: Option<u64>,
) -> Outcome<(TranscriptView, Transcript)> {
    show_under(vault, actor, id, version, None).await
}

/// As `show`, under the grant of that number.
pub async fn show_under(
    vault: &Vault,
    actor: &Actor,
    id: &ContentId,
    version: Option<u64>,
    grant: Option<&str>,
) -> Outcome<(TranscriptView, Transcript)> {
    let permitted = if grant.is_some() {
        access::permit_reading(vault, actor, id, grant).await?.0
    } else {
        let state = access::reading_state(vault, actor, id).await?;
        let about = vec![Subject::recording(id)];
        vault.permit_in(actor, Act::ShowTranscript, state, about).await?
    };
    let row = row_of(vault, id, version).await?;
    let mut tx = vault.catalog.begin(permitted, &vault.clock).await?;
    let body = MediaBody::TranscriptShown { recording: *id, version: row.version };
    let subjects = vec![Subject::recording(id)];
    tx.append(vec![NewEvent { subjects, body: Body::Media(body), payload: None }]).await?;
    let _ = tx.commit().await?;
    vault.ledger.publish(&vault.catalog).await?;
    let transcript = load(vault, id, &row).await?;
    Ok((row.into(), transcript))
}

async fn row_of(vault: &Vault, id: &ContentId, version: Option<u64>) -> Outcome<TranscriptRow> {
    let rows = vault.catalog.transcripts_of(id).await?;
    let wanted = |row: &TranscriptRow| version.is_none_or(|version| version == row.version);
    let unknown = || {
        let fault = Fault::new(Code::TranscriptUnknown).with("recording", id);
        match version {
            Some(version) => fault.with("version", version),
            None => fault,
        }
    };
    rows.into_iter().rfind(wanted).ok_or_else(unknown)
}

/// The newest version of a recording's text, for what is handed out under a grant.
pub(crate) async fn newest(
    vault: &Vault,
    id: &ContentId,
) -> Outcome<Option<(TranscriptView, Transcript)>> {
    match vault.catalog.transcripts_of(id).await?.pop() {
        Some(row) => {
            let transcript = load(vault, id, &row).await?;
            Ok(Some((row.into(), transcript)))
        }
        None => Ok(None),
    }
}

/// Reads a version inside the vault, verified, and bound to its recording.
pub(crate) async fn load(
    vault: &Vault,
    id: &ContentId,
    row: &TranscriptRow,
) -> Outcome<Transcript> {
    let (reading, object) = (vault.clone(), row.object);
    let transcript = blocking(move || {
        let stored = reading.store.open(&object, &reading.keys)?;
        if stored.bytes() > TRANSCRIPT_BYTES_MAX {
            return Err(Fault::new(Code::StoredBytesDamaged).with("class", "transcript"));
        }
        let mut bytes = Vec::new();
        stored.read_range(0..stored.bytes(), &mut ReadBuffers::default(), &mut |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        })?;
        Transcript::decode(&bytes)
    })
    .await?;
    if transcript.recording != *id {
        return Err(Fault::new(Code::StoredBytesDamaged)
            .with("class", "transcript")
            .with("recording", id));
    }
    Ok(transcript)
}

/// What came of listening to a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transcribed {
    /// Number of the version.
    pub version: u64,
    /// Pieces of text in it.
    pub cues: usize,
    /// Pieces that lay in silence and were left out.
    pub left_out: u64,
}

/// Has an engine listen to a recording and stores what it heard as a version nobody vouches for.
pub async fn transcribe(
    vault: &Vault,
    actor: &Actor,
    id: &ContentId,
    pool: &Arc<MediaPool>,
    engine: &Arc<dyn Transcriber>,
) -> Outcome<Transcribed> {
    let mut wav = crate::media::sound_of(vault, pool, id).await?;
    let listening = Arc::clone(engine);
    let (heard, silent) = blocking(move || {
        let silent = sound::silent_stretches(&mut wav)?;
        Ok((listening.transcribe(&mut Sound::new(&mut wav))?, silent))
    })
    .await?;
    let before = heard.len();
    let cues: Vec<Cue> = heard
        .into_iter()
        .filter(|one| !one.caption.text.is_empty())
        .filter(|one| !sound::lies_in_silence(one.caption.from_ms, one.caption.to_ms, &silent))
        .map(|one| one.caption.into_cue(Origin::Machine, one.confidence))
        .collect();
    let (cues_kept, left_out) = (cues.len(), (before - cues.len()) as u64);
    let transcript = Transcript {
        recording: *id,
        language: engine.language(),
        engine: engine.identity(),
        left_out,
        cues,
    };
    let new = NewVersion { transcript, origin: Origin::Machine, based_on: None };
    let version = store_version(vault, actor, id, new).await?;
    Ok(Transcribed { version, cues: cues_kept, left_out })
}

/// Makes a version of captions from a file: pieces that stand in the version it is based on word
/// for word keep their origin, all others are the person's, or imported.
pub fn version_from_captions(
    id: &ContentId,
    captions: Vec<Caption>,
    base: Option<(u64, &Transcript)>,
    origin: Origin,
) -> NewVersion {
    let same = |caption: &Caption| {
        base.and_then(|(_, base)| {
            base.cues.iter().find(|cue| {
                (cue.from_ms, cue.to_ms) == (caption.from_ms, caption.to_ms)
                    && cue.text == caption.text
                    && cue.speaker == caption.speaker
            })
        })
    };
    let cues = captions
        .into_iter()
        .map(|caption| match same(&caption) {
            Some(cue) => cue.clone(),
            None => caption.into_cue(origin, None),
        })
        .collect();
    let transcript = Transcript {
        recording: *id,
        language: base.map(|(_, base)| base.language.clone()).unwrap_or_default(),
        engine: base.map(|(_, base)| base.engine.clone()).unwrap_or_default(),
        left_out: base.map_or(0, |(_, base)| base.left_out),
        cues,
    };
    NewVersion { transcript, origin, based_on: base.map(|(version, _)| version) }
}
