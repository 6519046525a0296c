//! Search (检索): words of transcripts, labels and marks, each hit with its place in time (R07,
//! R09, R23).
//!
//! The index is a second reading of the ledger, brought up to its end before a question is
//! answered. Promises: a word of two Chinese characters is found wherever it stands; only the
//! newest version of a transcript is found; a search that showed text is on record with the
//! recordings it showed. It hands out no bytes of recordings.

mod words;

pub use crate::catalog::FoundText;

use crate::catalog::{EventRow, IndexedText, NewEvent, Outdated, Question};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{SEARCH_HITS_MAX, SEARCH_QUESTION_CHARS_MAX};
use crate::policy::{Act, Actor};
use crate::transcript;
use crate::vault::{Vault, blocking};
use std::collections::BTreeSet;
use vault_proof::canonical::Value;
use vault_proof::{Body, ContentId, DisposalBody, Event, MediaBody, Subject};

/// Events read into the index at once: few enough that a writer is not held up.
const EVENTS_AT_ONCE: u32 = 200;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchPage {
    /// The places, in the order they were indexed.
    pub hits: Vec<FoundText>,
    /// Where the next page begins; `None` behind the last.
    pub next: Option<i64>,
}

/// Finds places where all the words stand.
pub async fn search(
    vault: &Vault,
    actor: &Actor,
    question: &str,
    after: Option<i64>,
    limit: u32,
) -> Outcome<SearchPage> {
    let permitted = vault.permit(actor, Act::Search).await?;
    let phrases = words::phrases(question);
    if phrases.is_empty() || question.chars().count() > SEARCH_QUESTION_CHARS_MAX {
        return Err(Fault::new(Code::ArgumentInvalid).with("argument", question));
    }
    bring_up(vault).await?;
    let folded = words::folded(question);
    let folded: Vec<String> = folded.split(' ').map(str::to_owned).collect();
    let limit = limit.clamp(1, SEARCH_HITS_MAX);
    let asked = Question {
        phrases: phrases.into_iter().map(|phrase| (phrase.words, phrase.prefix)).collect(),
        folded: &folded,
        after: after.unwrap_or(0),
        limit: limit + 1,
    };
    let mut hits = vault.catalog.search(&asked).await?;
    let more = hits.len() > limit as usize;
    hits.truncate(limit as usize);
    let next = hits.last().filter(|_| more).map(|hit| hit.number);
    let recordings: BTreeSet<ContentId> = hits.iter().map(|hit| hit.recording).collect();
    withhold(vault, &recordings, &mut hits).await?;
    let payload =
        Value::map([("person", Value::text(actor.person())), ("question", Value::text(question))]);
    let sealing = vault.clone();
    let payload = blocking(move || sealing.seal(vec![payload])).await?.into_iter().next();
    let mut tx = vault.catalog.begin(permitted, &vault.clock).await?;
    let body = Body::Media(MediaBody::Searched { hits: hits.len() as u64 });
    let mut subjects = vec![Subject::vault()];
    subjects.extend(recordings.iter().map(Subject::recording));
    tx.append(vec![NewEvent { subjects, body, payload }]).await?;
    let _ = tx.commit().await?;
    vault.ledger.publish(&vault.catalog).await?;
    Ok(SearchPage { hits, next })
}

/// Leaves out what is said in archived recordings: that it is there may be known, what it is needs
/// a grant (A3.15).
async fn withhold(
    vault: &Vault,
    recordings: &BTreeSet<ContentId>,
    hits: &mut [FoundText],
) -> Outcome<()> {
    let mut asking = vault.catalog.ask().await?;
    for recording in recordings {
        if asking.is_archived(recording).await? {
            let said = |hit: &&mut FoundText| hit.source != "label" && hit.recording == *recording;
            hits.iter_mut().filter(said).for_each(|hit| hit.text.clear());
        }
    }
    Ok(())
}

/// Reads what the ledger has beyond the index into it.
pub(crate) async fn bring_up(vault: &Vault) -> Outcome<()> {
    loop {
        let upto = vault.catalog.indexed_upto().await?;
        let from = u64::try_from(upto + 1).unwrap_or(0);
        let rows = vault.catalog.events_from(from, EVENTS_AT_ONCE).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        let last = i64::try_from(last.seq).unwrap_or(i64::MAX);
        let (mut outdated, mut texts) = (Vec::new(), Vec::new());
        for row in &rows {
            read_event(vault, row, &mut outdated, &mut texts).await?;
        }
        // If somebody else was here first, look again from where they are.
        let _ = vault.catalog.index((upto, last), &outdated, &texts).await?;
    }
}

async fn read_event(
    vault: &Vault,
    row: &EventRow,
    outdated: &mut Vec<Outdated>,
    texts: &mut Vec<IndexedText>,
) -> Outcome<()> {
    let event = Event::decode(&row.leaf)
        .map_err(|error| Fault::new(Code::LedgerDamaged).with("seq", row.seq).caused_by(error))?;
    match &event.body {
        Body::RecordingAccessioned { recording, .. }
        | Body::DuplicateReceived { recording, .. }
        | Body::RecordingLabelled { recording, .. } => {
            labels(vault, recording, row.seq, texts).await
        }
        Body::Media(MediaBody::TranscriptStored { recording, version, .. }) => {
            // A batch may hold several versions: only the newest of all is to be found.
            texts.retain(|text| text.recording != *recording || text.source != "transcript");
            let recording = *recording;
            outdated.push(Outdated { recording, source: "transcript", reference: None });
            let rows = vault.catalog.transcripts_of(&recording).await?;
            let newest = rows.iter().rfind(|row| row.version >= *version);
            let Some(newest) = newest.filter(|newest| newest.version == *version) else {
                return Ok(());
            };
            let transcript = match transcript::load(vault, &recording, newest).await {
                Ok(transcript) => transcript,
                // What is damaged or was destroyed is not found, and does not stop the search.
                Err(fault) => {
                    tracing::warn!(fault = %fault, "a transcript could not be indexed");
                    return Ok(());
                }
            };
            let reference = version.to_string();
            texts.extend(transcript.cues.iter().map(|cue| {
                let text = format!("{} {}", cue.speaker, cue.text);
                let mut found = text_of(&recording, "transcript", &reference, text.trim());
                (found.from_ms, found.to_ms) = (cue.from_ms, cue.to_ms);
                found
            }));
            Ok(())
        }
        Body::Media(MediaBody::MarkerSet { recording, marker, from_ms, to_ms, .. }) => {
            if let Some(row) = vault.catalog.marker(marker).await? {
                let mut found = text_of(recording, "marker", marker, &row.note);
                (found.from_ms, found.to_ms) = (*from_ms, *to_ms);
                texts.push(found);
            }
            Ok(())
        }
        // What was said and shown goes with the recording; its labels stay for the record.
        Body::Disposal(DisposalBody::Begun { recordings, .. }) => {
            for recording in recordings {
                texts.retain(|text| text.recording != *recording || text.source == "label");
                for source in ["transcript", "marker"] {
                    outdated.push(Outdated { recording: *recording, source, reference: None });
                }
            }
            Ok(())
        }
        Body::Media(MediaBody::MarkerRemoved { recording, marker }) => {
            texts.retain(|text| text.reference != *marker);
            let (recording, reference) = (*recording, Some(marker.clone()));
            outdated.push(Outdated { recording, source: "marker", reference });
            Ok(())
        }
        _ => Ok(()),
    }
}

fn text_of(
    recording: &ContentId,
    source: &'static str,
    reference: &str,
    text: &str,
) -> IndexedText {
    IndexedText {
        recording: *recording,
        source,
        reference: reference.to_owned(),
        from_ms: 0,
        to_ms: 0,
        text: text.to_owned(),
        folded: words::folded(text),
        words: words::words(text),
    }
}

/// The labels of one receipt, as one text.
async fn labels(
    vault: &Vault,
    recording: &ContentId,
    seq: u64,
    texts: &mut Vec<IndexedText>,
) -> Outcome<()> {
    let receipts = vault.catalog.receipts_of(recording).await?;
    if let Some(receipt) = receipts.iter().find(|receipt| receipt.seq == seq) {
        let labels = [
            &receipt.name,
            &receipt.case_no,
            &receipt.counterpart,
            &receipt.handler,
            &receipt.device,
            &receipt.maker,
            &receipt.proves,
        ];
        let labels: Vec<&str> =
            labels.into_iter().map(String::as_str).filter(|label| !label.is_empty()).collect();
        texts.push(text_of(recording, "label", &seq.to_string(), &labels.join(" · ")));
    }
    Ok(())
}
