//! What is done with the lots: reviewed, found, put right, looked at again, counted.

use super::acts::{refused, require, said};
use super::view::{InspectionState, InspectionView, find_one, load};
use crate::clock::Date;
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::policy::{Act, Actor, Permitted};
use crate::vault::Vault;
use crate::vault::change::{event, new_record};
use std::collections::{BTreeMap, BTreeSet};
use vault_proof::{Body, ContentId, InspectionBody, RecordId, Subject};

/// The answers to a question: yes, no, or it does not arise.
pub const ANSWERS: [&str; 3] = ["yes", "no", "none"];

/// What a review says: the three questions of A3.14.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Was recorded what had to be.
    pub recorded: String,
    /// Is it without interruption.
    pub uninterrupted: String,
    /// Was it handed over, kept and used as prescribed.
    pub handled: String,
    /// How much of it was really watched or heard.
    pub watched_ms: u64,
    /// What else is to be said.
    pub note: String,
}

/// A finding to be put on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFinding {
    /// The article it goes against.
    pub article: String,
    /// From where in the recording.
    pub from_ms: u64,
    /// To where.
    pub to_ms: u64,
    /// The last day to put it right.
    pub due: Date,
    /// What was found.
    pub text: String,
}

async fn append(
    vault: &Vault,
    permitted: Permitted,
    actor: &Actor,
    text: &str,
    body: InspectionBody,
) -> Outcome<()> {
    let payload = vault.seal_one(said(actor, text)).await?;
    let mut tx = vault.begin(permitted).await?;
    let view = load(&mut tx.ask(), body.inspection()).await?;
    require(&view, InspectionState::Drawn)?;
    let about = match &body {
        InspectionBody::Reviewed { recording, .. } | InspectionBody::Found { recording, .. } => {
            vec![Subject::recording(recording)]
        }
        _ => vec![Subject::vault()],
    };
    tx.append(vec![event(Body::Inspection(body), Some(payload), about)]).await?;
    vault.finish(tx).await
}

fn require_drawn(view: &InspectionView, recording: &ContentId) -> Outcome<()> {
    require(view, InspectionState::Drawn)?;
    if view.lots.contains(recording) {
        return Ok(());
    }
    Err(refused(view, "not-drawn").with("recording", recording))
}

/// Puts a review of a drawn recording on record; a later one takes its place.
pub async fn review(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    recording: &ContentId,
    verdict: Verdict,
) -> Outcome<()> {
    checked_text("note", &verdict.note, false)?;
    let Verdict { recorded, uninterrupted, handled, watched_ms, note } = verdict;
    for answer in [&recorded, &uninterrupted, &handled] {
        if !ANSWERS.contains(&answer.as_str()) {
            return Err(Fault::new(Code::ArgumentInvalid).with("argument", answer));
        }
    }
    let view = find_one(vault, number).await?;
    let permitted = vault.permit(actor, Act::ReviewDrawn).await?;
    require_drawn(&view, recording)?;
    let (inspection, recording) = (view.id, *recording);
    let body = InspectionBody::Reviewed {
        inspection,
        recording,
        recorded,
        uninterrupted,
        handled,
        watched_ms,
    };
    append(vault, permitted, actor, &note, body).await
}

/// Puts a finding on record; gives its number.
pub async fn find(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    recording: &ContentId,
    new: NewFinding,
) -> Outcome<RecordId> {
    checked_text("text", &new.text, true)?;
    checked_text("article", &new.article, true)?;
    if new.from_ms > new.to_ms {
        return Err(Fault::new(Code::ArgumentInvalid).with("argument", new.to_ms));
    }
    let view = find_one(vault, number).await?;
    let permitted = vault.permit(actor, Act::ReviewDrawn).await?;
    require_drawn(&view, recording)?;
    let finding = new_record()?;
    let body = InspectionBody::Found {
        inspection: view.id,
        finding,
        recording: *recording,
        article: new.article,
        from_ms: new.from_ms,
        to_ms: new.to_ms,
        due: new.due.to_string(),
    };
    append(vault, permitted, actor, &new.text, body).await?;
    Ok(finding)
}

/// The unit says what it did about a finding.
pub async fn correct(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    finding: &str,
    text: &str,
) -> Outcome<()> {
    checked_text("text", text, true)?;
    let view = find_one(vault, number).await?;
    let permitted = vault.permit(actor, Act::CorrectFinding).await?;
    let found = view.finding(finding)?;
    if found.settled() {
        return Err(refused(&view, "settled-already"));
    }
    let body = InspectionBody::Corrected { inspection: view.id, finding: found.id };
    append(vault, permitted, actor, text, body).await
}

/// The inspector looks again at what was said to be put right.
pub async fn recheck(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    finding: &str,
    (settled, text): (bool, &str),
) -> Outcome<()> {
    checked_text("text", text, true)?;
    let view = find_one(vault, number).await?;
    let permitted = vault.permit(actor, Act::ReviewDrawn).await?;
    let found = view.finding(finding)?;
    if found.corrected.is_none() {
        return Err(refused(&view, "not-corrected"));
    }
    if found.settled() {
        return Err(refused(&view, "settled-already"));
    }
    let body = InspectionBody::Rechecked { inspection: view.id, finding: found.id, settled };
    append(vault, permitted, actor, text, body).await
}

/// What an inspection comes to for one stratum.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Score {
    /// The stratum.
    pub stratum: String,
    /// Recordings in it.
    pub population: u64,
    /// How many were drawn.
    pub drawn: u64,
    /// How many of those were reviewed.
    pub reviewed: u64,
    /// How many of those had `no` to none of the questions.
    pub passed: u64,
    /// Findings.
    pub findings: u64,
    /// Findings that are put right.
    pub settled: u64,
}

impl Score {
    /// The share of reviewed recordings that passed, in parts of a hundred, rounded down; none
    /// where nothing was reviewed.
    pub fn points(&self) -> Option<u64> {
        (self.passed * 100).checked_div(self.reviewed)
    }
}

/// What an inspection comes to, stratum by stratum, for the yearly evaluation (A2.6(一)6).
pub async fn scores(vault: &Vault, actor: &Actor, view: &InspectionView) -> Outcome<Vec<Score>> {
    let population = super::population(vault, actor, &view.id).await?;
    let lots: BTreeSet<&ContentId> = view.lots.iter().collect();
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    for lot in &population {
        let score = scores.entry(&lot.stratum).or_default();
        score.stratum.clone_from(&lot.stratum);
        score.population += 1;
        if !lots.contains(&lot.recording) {
            continue;
        }
        score.drawn += 1;
        if let Some(review) = view.reviews.iter().find(|one| one.recording == lot.recording) {
            score.reviewed += 1;
            score.passed += u64::from(review.answers.iter().all(|answer| answer != "no"));
        }
        let findings = view.findings.iter().filter(|one| one.recording == lot.recording);
        for finding in findings {
            score.findings += 1;
            score.settled += u64::from(finding.settled());
        }
    }
    Ok(scores.into_values().collect())
}
