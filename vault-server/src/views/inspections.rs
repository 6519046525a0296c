//! Inspections as they are told.

use super::said_time;
use serde::Serialize;
use utoipa::ToSchema;
use vault_core::fault::Outcome;
use vault_core::inspection::{
    self, Described, Evaluated, FindingView, InspectionView, Item, ReviewView, Said, Score, Tally,
    Watching,
};
use vault_core::limits::WATCHED_PERCENT_MIN;
use vault_core::vault::Vault;

/// What somebody said or did.
#[derive(Debug, Serialize, ToSchema)]
pub struct SaidSaid {
    /// Who.
    pub person: String,
    /// In words.
    pub text: String,
    /// When.
    pub at: String,
}

pub(super) fn said(said: &Said) -> SaidSaid {
    SaidSaid { person: said.person.clone(), text: said.text.clone(), at: said_time(said.at) }
}

/// A party's part in the draw.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoundSaid {
    /// `inspector` or `inspected`.
    pub party: &'static str,
    /// Who acts for it.
    pub person: String,
    /// When it bound itself.
    pub at: String,
    /// What it bound itself with.
    pub commitment: String,
    /// The number it opened.
    pub number: Option<String>,
}

/// Something that was drawn: a recording, a statement, an act that was not recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct LotSaid {
    /// Its name in the population.
    pub item: String,
    /// `recording`, `statement` or `act`.
    pub kind: &'static str,
    /// The recording, where it is one.
    pub recording: Option<String>,
    /// The name of the file of a recording.
    pub name: String,
    /// Who handled it.
    pub handler: String,
    /// What it records, or should have been recorded.
    pub activity: String,
    /// The case.
    pub case: String,
    /// The ground of a statement.
    pub ground: String,
    /// Its reason.
    pub reason: String,
    /// The answers to the three questions, where it was reviewed.
    pub answers: Option<[String; 3]>,
    /// The answers of the checklist, where they were given.
    pub checklist: Option<[String; 5]>,
    /// How much of it was watched.
    pub watched_ms: Option<u64>,
    /// Who reviewed it, and what was noted.
    pub reviewed: Option<SaidSaid>,
    /// Verdicts in whose place a later one came, the newest first.
    pub replaced: Vec<VerdictSaid>,
}

/// A verdict in whose place a later one came.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerdictSaid {
    /// The answers to the three questions.
    pub answers: [String; 3],
    /// The answers of the checklist, where they were given.
    pub checklist: Option<[String; 5]>,
    /// How much was watched.
    pub watched_ms: u64,
    /// Who reviewed it, and what was noted.
    pub reviewed: SaidSaid,
}

fn verdict_said(review: &ReviewView) -> VerdictSaid {
    VerdictSaid {
        answers: review.answers.clone(),
        checklist: review.checklist.clone(),
        watched_ms: review.watched_ms,
        reviewed: said(&review.said),
    }
}

fn kind_of(item: &Item) -> &'static str {
    match (item.recording(), item.statement()) {
        (Some(_), _) => "recording",
        (None, Some(_)) => "statement",
        (None, None) => "act",
    }
}

fn lot_said(item: &Item, known: Described, view: &InspectionView) -> LotSaid {
    let of_item = |review: &&ReviewView| review.item == *item;
    let review = view.reviews.iter().find(of_item);
    LotSaid {
        item: item.to_string(),
        kind: kind_of(item),
        recording: item.recording().map(|id| id.to_string()),
        name: known.name,
        handler: known.handler,
        activity: known.activity,
        case: known.case_no,
        ground: known.ground,
        reason: known.reason,
        answers: review.map(|review| review.answers.clone()),
        checklist: review.and_then(|review| review.checklist.clone()),
        watched_ms: review.map(|review| review.watched_ms),
        reviewed: review.map(|review| said(&review.said)),
        replaced: view.replaced.iter().rev().filter(of_item).map(verdict_said).collect(),
    }
}

/// How much of a drawn recording the reviewer watched.
#[derive(Debug, Serialize, ToSchema)]
pub struct WatchingSaid {
    /// Length of the recording; none where it is not known.
    pub duration_ms: Option<u64>,
    /// What players said they played.
    pub played_ms: u64,
    /// The share that was served, of a hundred.
    pub served_percent: u64,
    /// The share that counts as watched, of a hundred.
    pub percent: u64,
    /// The least share for a verdict without a reason.
    pub least_percent: u64,
}

/// What was watched, as it is told.
pub fn watching_said(seen: Watching) -> WatchingSaid {
    WatchingSaid {
        duration_ms: seen.duration_ms,
        played_ms: seen.played_ms,
        served_percent: seen.served_percent,
        percent: seen.percent(0),
        least_percent: WATCHED_PERCENT_MIN,
    }
}

/// A finding.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingSaid {
    /// Its number.
    pub finding: String,
    /// What it is about.
    pub item: String,
    /// The recording, where it is one.
    pub recording: Option<String>,
    /// The article.
    pub article: String,
    /// From where.
    pub from_ms: u64,
    /// To where.
    pub to_ms: u64,
    /// The last day to put it right.
    pub due: String,
    /// Who found what.
    pub found: SaidSaid,
    /// What the unit did.
    pub corrected: Option<SaidSaid>,
    /// What the inspector saw then.
    pub rechecked: Option<SaidSaid>,
    /// Whether it is put right.
    pub settled: bool,
    /// `open`, `corrected` and to be looked at again, or `settled`.
    pub state: &'static str,
}

fn finding_said(view: &FindingView) -> FindingSaid {
    FindingSaid {
        finding: view.id.to_string(),
        item: view.item.to_string(),
        recording: view.item.recording().map(|id| id.to_string()),
        article: view.article.clone(),
        from_ms: view.from_ms,
        to_ms: view.to_ms,
        due: view.due.clone(),
        found: said(&view.found),
        corrected: view.corrected.as_ref().map(said),
        rechecked: view.rechecked.as_ref().map(|(seen, _)| said(seen)),
        settled: view.settled(),
        state: view.state(),
    }
}

/// An inspection.
#[derive(Debug, Serialize, ToSchema)]
pub struct InspectionSaid {
    /// Its number.
    pub inspection: String,
    /// `planned`, `approved`, `frozen`, `drawn` or `ended`.
    pub state: &'static str,
    /// What is drawn of each stratum, in parts of ten thousand.
    pub proportion: u64,
    /// At least so many of each.
    pub minimum: u64,
    /// By what the population is divided.
    pub strata: Vec<String>,
    /// Received from this time on.
    pub from: String,
    /// Received before this time.
    pub to: String,
    /// Who planned it, and on what basis.
    pub planned: SaidSaid,
    /// Who approved it.
    pub approved: Option<SaidSaid>,
    /// The parties that bound themselves.
    pub bound: Vec<BoundSaid>,
    /// How many recordings are in the population.
    pub items: Option<u64>,
    /// The digest of the population.
    pub population: Option<String>,
    /// Root of the ledger the draw rests on.
    pub root: Option<String>,
    /// The seed.
    pub seed: Option<String>,
    /// What was drawn, in the order of review.
    pub lots: Vec<LotSaid>,
    /// Findings.
    pub findings: Vec<FindingSaid>,
    /// Who ended it, and why.
    pub ended: Option<SaidSaid>,
}

/// An inspection, with the names of what was drawn.
pub async fn inspection_said(vault: &Vault, view: InspectionView) -> Outcome<InspectionSaid> {
    let known = inspection::described(vault, &view.lots).await?;
    let lots = view.lots.iter().zip(known).map(|(item, known)| lot_said(item, known, &view));
    let lots = lots.collect();
    let bound = view.bound.iter().map(|bound| BoundSaid {
        party: bound.party.as_str(),
        person: bound.said.person.clone(),
        at: said_time(bound.said.at),
        commitment: bound.commitment.clone(),
        number: bound.number.clone(),
    });
    let (root, seed) = view.drawn.map(|(root, seed, _)| (root, seed)).unzip();
    Ok(InspectionSaid {
        inspection: view.id.to_string(),
        state: view.state.as_str(),
        proportion: view.measure.proportion,
        minimum: view.measure.minimum,
        strata: view.strata,
        from: said_time(view.from),
        to: said_time(view.to),
        planned: said(&view.planned),
        approved: view.approved.as_ref().map(said),
        bound: bound.collect(),
        items: view.frozen.as_ref().map(|frozen| frozen.items),
        population: view.frozen.map(|frozen| frozen.population),
        root,
        seed,
        lots,
        findings: view.findings.iter().map(finding_said).collect(),
        ended: view.ended.as_ref().map(said),
    })
}

/// What was drawn comes to.
#[derive(Debug, Serialize, ToSchema)]
pub struct TallySaid {
    /// How many were drawn.
    pub drawn: u64,
    /// How many of those were reviewed.
    pub reviewed: u64,
    /// How many were not.
    pub unreviewed: u64,
    /// How many of those reviewed passed.
    pub passed: u64,
    /// The share that passed, of a hundred; none while something drawn is not reviewed.
    pub points: Option<u64>,
    /// Findings.
    pub findings: u64,
    /// Those put right.
    pub settled: u64,
}

fn tally_said(tally: Tally) -> TallySaid {
    let (unreviewed, points) = (tally.unreviewed(), tally.points());
    let Tally { drawn, reviewed, passed, findings, settled } = tally;
    TallySaid { drawn, reviewed, unreviewed, passed, points, findings, settled }
}

/// What the inspections of a year come to for a unit, or for one of its officers.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvaluatedSaid {
    /// The unit; empty where none is known.
    pub unit: String,
    /// The officer; empty for the unit as a whole.
    pub handler: String,
    /// Inspections that drew something of theirs.
    pub inspections: u64,
    /// What that comes to.
    #[serde(flatten)]
    pub tally: TallySaid,
}

/// A line of the evaluation as it is told.
pub fn evaluated_said(one: Evaluated) -> EvaluatedSaid {
    let Evaluated { unit, handler, inspections, tally } = one;
    EvaluatedSaid { unit, handler, inspections, tally: tally_said(tally) }
}

/// What an inspection comes to for one stratum.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScoreSaid {
    /// The stratum.
    pub stratum: String,
    /// Recordings in it.
    pub population: u64,
    /// What its lots come to.
    #[serde(flatten)]
    pub tally: TallySaid,
}

/// A score as it is told.
pub fn score_said(score: Score) -> ScoreSaid {
    let Score { stratum, population, tally } = score;
    ScoreSaid { stratum, population, tally: tally_said(tally) }
}
