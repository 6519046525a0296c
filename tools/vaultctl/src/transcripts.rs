//! Versions of transcripts as people and programs see them.
//!
//! Promises: who or what made a text and whether somebody checked it stand with every form of it,
//! so that machine text never passes as checked.

use crate::media::shown_length;
use crate::table::{Lean, Table};
use crate::times::{Zone, rfc3339, shown_time};
use serde_json::{Value, json};
use vault_core::clock::UtcTime;
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

/// What stands at the head of every form of a text: of which recording, which version, by what or
/// whom, checked or not.
pub(crate) fn notes(
    version: &TranscriptView,
    transcript: &Transcript,
    wording: &Wording,
) -> Vec<String> {
    let number = version.version.to_string();
    let origin = wording.name(Family::Origin, &version.origin);
    let heard = version.origin == "machine";
    let maker = if heard { version.engine.clone() } else { version.person.clone() };
    let mut notes = vec![
        wording.text("ctl-transcript-of", &[("recording", &transcript.recording.to_string())]),
        wording.text(
            "ctl-transcript-version",
            &[("version", &number), ("origin", &origin), ("maker", &maker)],
        ),
        state(version, wording),
    ];
    if transcript.left_out > 0 {
        let count = transcript.left_out.to_string();
        notes.push(wording.text("ctl-transcript-left-out", &[("count", &count)]));
    }
    notes
}

/// Whether somebody checked it.
fn state(version: &TranscriptView, wording: &Wording) -> String {
    match &version.checked {
        None => wording.text("ctl-transcript-unchecked", &[]),
        Some((person, at)) => {
            let time = shown_time(UtcTime::from_ms(at.as_ms()), Zone::Beijing);
            wording.text("ctl-transcript-checked", &[("person", person), ("time", &time)])
        }
    }
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
    let notes = notes(version, transcript, wording).join("\n");
    format!("{notes}\n\n{}", table.lines())
}
