//! What stands at the head of every form of a text: of which recording, which version, by what or
//! whom, checked or not. A text never leaves without it, so that machine text cannot pass as
//! checked.

use super::{Transcript, TranscriptView};
use crate::wording::{Family, Wording};

/// The lines of the head.
pub fn notes(version: &TranscriptView, transcript: &Transcript, wording: &Wording) -> Vec<String> {
    let number = version.version.to_string();
    let origin = wording.name(Family::Origin, &version.origin);
    let heard = version.origin == "machine";
    let maker = if heard { version.engine.clone() } else { version.person.clone() };
    let mut notes = vec![
        wording.text("transcript-of", &[("recording", &transcript.recording.to_string())]),
        wording.text(
            "transcript-version",
            &[("version", &number), ("origin", &origin), ("maker", &maker)],
        ),
        state(version, wording),
    ];
    if transcript.left_out > 0 {
        let count = transcript.left_out.to_string();
        notes.push(wording.text("transcript-left-out", &[("count", &count)]));
    }
    notes
}

/// Whether somebody checked it.
fn state(version: &TranscriptView, wording: &Wording) -> String {
    match &version.checked {
        None => wording.text("transcript-unchecked", &[]),
        Some((person, at)) => {
            let time = at.in_china();
            wording.text("transcript-checked", &[("person", person), ("time", &time)])
        }
    }
}
