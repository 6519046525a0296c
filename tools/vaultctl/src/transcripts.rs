//! Versions of transcripts as people and programs see them.
//!
//! Promises: who or what made a text and whether somebody checked it stand with every form of it,
//! so that machine text never passes as checked.

use crate::media::shown_length;
use crate::table::{Lean, Table};
use crate::times::rfc3339;
use serde_json::{Value, json};
use vault_core::media::TranscriptView;
use vault_core::transcript::{Cue, Transcript};
use vault_core::wording::{Family, Wording, shown};

/// A version for programs.
pub(crate) fn version_json(version: &TranscriptView) -> Value {
    json!({
        "version": version.version,
        "origin": version.origin,
        "engine": version.engine,
        "based_on": version.based_on,
        "at": rfc3339(version.at),
        "person": version.person,
        "object": version.object.to_string(),
        "checked_by": version.checked.as_ref().map(|(person, _)| person),
        "checked": version.checked.as_ref().map(|(_, at)| rfc3339(*at)),
    })
}

/// The pieces of a text for programs.
pub(crate) fn cues_json(transcript: &Transcript) -> Vec<Value> {
    let cue = |cue: &Cue| {
        json!({
            "from_ms": cue.from_ms,
            "to_ms": cue.to_ms,
            "speaker": cue.speaker,
            "text": cue.text,
            "origin": cue.origin.as_str(),
            "confidence": cue.confidence,
        })
    };
    transcript.cues.iter().map(cue).collect()
}

/// The text for people: what it is, then a line for each piece.
pub(crate) fn transcript_lines(
    version: &TranscriptView,
    transcript: &Transcript,
    wording: &Wording,
) -> String {
    let mut table = Table::new(vec![
        ("#".to_owned(), Lean::Right),
        (wording.text("ctl-column-from", &[]), Lean::Right),
        (wording.text("ctl-column-to", &[]), Lean::Right),
        (wording.text("ctl-column-origin", &[]), Lean::Left),
        (wording.text("ctl-column-speaker", &[]), Lean::Left),
        (wording.text("ctl-column-text", &[]), Lean::Left),
    ]);
    let us = |ms: u64| i64::try_from(ms.saturating_mul(1_000)).unwrap_or(i64::MAX);
    for (number, cue) in (1..).zip(&transcript.cues) {
        let number: u32 = number;
        table.row(vec![
            number.to_string(),
            shown_length(us(cue.from_ms)),
            shown_length(us(cue.to_ms)),
            wording.name(Family::Origin, cue.origin.as_str()),
            shown(&cue.speaker),
            shown(&cue.text),
        ]);
    }
    let notes = vault_core::transcript::notes(version, transcript, wording).join("\n");
    format!("{notes}\n\n{}", table.lines())
}
