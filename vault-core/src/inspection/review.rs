//! What is done with the lots: reviewed, found, put right, looked at again, counted.

use super::acts::{refused, require, said};
use super::item::Item;
use super::view::{InspectionState, InspectionView, find_one, load};
use super::watching::{require_watched, watching};
use crate::articles::articles;
use crate::clock::Date;
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::limits::WATCHED_PERCENT_MIN;
use crate::policy::{Act, Actor, Permitted};
use crate::vault::Vault;
use crate::vault::change::{event, new_record};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use vault_proof::{Body, ContentId, InspectionBody, RecordId, Subject};

/// The answers to a question: yes, no, or it does not arise.
pub const ANSWERS: [&str; 3] = ["yes", "no", "none"];

/// What is looked for in each recording (A3.8, A3.9, A2.14(四)): it begins at the door, shows the
/// certificates first, shows what has to be seen, goes on without interruption, agrees with the
/// times of the written record.
pub const CHECKLIST: [&str; 5] = ["door", "credentials", "subjects", "uninterrupted", "times"];

/// What a review says: the three questions of A3.14.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Was recorded what had to be.
    pub recorded: String,
    /// Is it without interruption.
    pub uninterrupted: String,
    /// Was it handed over, kept and used as prescribed.
    pub handled: String,
    /// The answers to `CHECKLIST` in its order, where they are given.
    pub checklist: Option<[String; 5]>,
    /// How much of it was watched or heard, by the reviewer's own word: it counts where no player
    /// said it, and never for more than was served.
    pub watched_ms: u64,
    /// What else is to be said; needed where less than the least share was watched.
    pub note: String,
}

/// A finding to be put on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFinding {
    /// The article of the regulation it goes against; more than one with commas.
    pub article: String,
    /// From where in the recording.
    pub from_ms: u64,
    /// To where.
    pub to_ms: u64,
    /// The last day to put it right, today or later.
    pub due: Date,
    /// What was found.
    pub text: String,
}

async fn append(
    vault: &Vault,
    permitted: Permitted,
    actor: &Actor,
    text: &str,
    bodies: Vec<InspectionBody>,
) -> Outcome<()> {
    let Some(inspection) = bodies.first().map(InspectionBody::inspection).copied() else {
        return Ok(());
    };
    // What was found stays to be put right, and looked at again, when the inspection is over.
    let of_finding = |body: &InspectionBody| {
        matches!(body, InspectionBody::Corrected { .. } | InspectionBody::Rechecked { .. })
    };
    let goes_on = bodies.iter().all(of_finding);
    let mut events = Vec::with_capacity(bodies.len());
    for body in bodies {
        let payload = vault.seal_one(said(actor, text)).await?;
        let about = match &body {
            InspectionBody::Reviewed { recording, .. }
            | InspectionBody::Checked { recording, .. }
            | InspectionBody::Found { recording, .. } => vec![Subject::recording(recording)],
            _ => vec![Subject::vault()],
        };
        events.push(event(Body::Inspection(body), Some(payload), about));
    }
    let mut tx = vault.begin(permitted).await?;
    let view = load(&mut tx.ask(), &inspection).await?;
    if !(goes_on && view.state == InspectionState::Ended) {
        require(&view, InspectionState::Drawn)?;
    }
    tx.append(events).await?;
    vault.finish(tx).await
}

pub(super) fn require_drawn(view: &InspectionView, recording: &ContentId) -> Outcome<()> {
    require_lot(view, &Item::of_recording(recording))
}

fn require_lot(view: &InspectionView, item: &Item) -> Outcome<()> {
    require(view, InspectionState::Drawn)?;
    if view.lots.contains(item) {
        return Ok(());
    }
    Err(refused(view, "not-drawn").with("recording", item))
}

/// Puts a review of something drawn on record; a later one takes its place, and the earlier one is
/// shown beside it. Of what was not recorded the first question alone is asked: whether the ground
/// holds.
pub async fn review(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    item: &Item,
    verdict: Verdict,
) -> Outcome<()> {
    checked_text("note", &verdict.note, false)?;
    let given = [&verdict.recorded, &verdict.uninterrupted, &verdict.handled];
    let all = given.into_iter().chain(verdict.checklist.iter().flatten());
    for answer in all {
        if !ANSWERS.contains(&answer.as_str()) {
            return Err(Fault::new(Code::ArgumentInvalid).with("argument", answer));
        }
    }
    let view = find_one(vault, number).await?;
    let permitted = vault.permit(actor, Act::ReviewDrawn).await?;
    require_lot(&view, item)?;
    let inspection = view.id;
    let Some(recording) = item.recording() else {
        let lacking = match verdict.recorded.as_str() {
            "yes" => "no",
            "no" => "yes",
            _ => "none",
        };
        let (act, lacking) = (item.to_string(), lacking.to_owned());
        let body = InspectionBody::ActReviewed { inspection, act, lacking };
        return append(vault, permitted, actor, &verdict.note, vec![body]).await;
    };
    let seen = watching(vault, actor, &inspection, &recording).await?;
    let percent = seen.percent(verdict.watched_ms);
    require_watched(&view, (percent, WATCHED_PERCENT_MIN), &verdict.note)?;
    let watched_ms = seen.watched_ms(verdict.watched_ms);
    let Verdict { recorded, uninterrupted, handled, checklist, note, .. } = verdict;
    let mut bodies = vec![InspectionBody::Reviewed {
        inspection,
        recording,
        recorded,
        uninterrupted,
        handled,
        watched_ms,
    }];
    bodies.extend(checklist.map(|[door, credentials, subjects, uninterrupted, times]| {
        InspectionBody::Checked {
            inspection,
            recording,
            door,
            credentials,
            subjects,
            uninterrupted,
            times,
        }
    }));
    append(vault, permitted, actor, &note, bodies).await
}

/// Puts a finding on record; gives its number.
pub async fn find(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    item: &Item,
    new: NewFinding,
) -> Outcome<RecordId> {
    checked_text("text", &new.text, true)?;
    checked_text("article", &new.article, true)?;
    let invalid =
        |said: &dyn fmt::Display| Fault::new(Code::ArgumentInvalid).with("argument", said);
    let article =
        articles(&new.article).ok_or_else(|| invalid(&new.article).with("reason", "no-article"))?;
    if new.from_ms > new.to_ms {
        return Err(invalid(&new.to_ms));
    }
    if new.due < Date::of(vault.clock.now()) {
        return Err(invalid(&new.due).with("reason", "day-over"));
    }
    let view = find_one(vault, number).await?;
    let permitted = vault.permit(actor, Act::ReviewDrawn).await?;
    require_lot(&view, item)?;
    let (inspection, finding) = (view.id, new_record()?);
    let NewFinding { from_ms, to_ms, due, text, .. } = new;
    let due = due.to_string();
    let body = if let Some(recording) = item.recording() {
        InspectionBody::Found { inspection, finding, recording, article, from_ms, to_ms, due }
    } else {
        let act = item.to_string();
        InspectionBody::ActFound { inspection, finding, act, article, due }
    };
    append(vault, permitted, actor, &text, vec![body]).await?;
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
    append(vault, permitted, actor, text, vec![body]).await
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
    append(vault, permitted, actor, text, vec![body]).await
}

/// What became of things that were drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
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

impl Tally {
    /// How many of what was drawn were not reviewed.
    pub const fn unreviewed(&self) -> u64 {
        self.drawn.saturating_sub(self.reviewed)
    }

    /// The share that passed, in parts of a hundred, rounded down; none while something that was
    /// drawn is not reviewed: nobody is marked up or down for what nobody looked at.
    pub fn points(&self) -> Option<u64> {
        let whole = self.unreviewed() == 0;
        (self.passed * 100).checked_div(self.drawn).filter(|_| whole)
    }

    /// Counts something that this inspection drew.
    pub(super) fn count(&mut self, view: &InspectionView, item: &Item) {
        self.drawn += 1;
        if let Some(review) = view.reviews.iter().find(|one| one.item == *item) {
            self.reviewed += 1;
            self.passed += u64::from(review.answers.iter().all(|answer| answer != "no"));
        }
        for finding in view.findings.iter().filter(|one| one.item == *item) {
            self.findings += 1;
            self.settled += u64::from(finding.settled());
        }
    }
}

/// What an inspection comes to for one stratum.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Score {
    /// The stratum.
    pub stratum: String,
    /// Items in it.
    pub population: u64,
    /// What became of those that were drawn.
    pub tally: Tally,
}

/// What an inspection comes to, stratum by stratum, for the yearly evaluation (A2.6(一)6).
pub async fn scores(vault: &Vault, actor: &Actor, view: &InspectionView) -> Outcome<Vec<Score>> {
    let population = super::population(vault, actor, &view.id).await?;
    let lots: BTreeSet<&Item> = view.lots.iter().collect();
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    for lot in &population {
        let score = scores.entry(&lot.stratum).or_default();
        score.stratum.clone_from(&lot.stratum);
        score.population += 1;
        if lots.contains(&lot.item) {
            score.tally.count(view, &lot.item);
        }
    }
    Ok(scores.into_values().collect())
}
