//! Inspections as they are told.

use super::said_time;
use serde::Serialize;
use utoipa::ToSchema;
use vault_core::fault::Outcome;
use vault_core::inspection::{FindingView, InspectionView, Said, Score};
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

/// A drawn recording.
#[derive(Debug, Serialize, ToSchema)]
pub struct LotSaid {
    /// Which recording.
    pub recording: String,
    /// The name of its file.
    pub name: String,
    /// Who handled it.
    pub handler: String,
    /// The answers to the three questions, where it was reviewed.
    pub answers: Option<[String; 3]>,
    /// How much of it was watched.
    pub watched_ms: Option<u64>,
    /// Who reviewed it, and what was noted.
    pub reviewed: Option<SaidSaid>,
}

/// A finding.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingSaid {
    /// Its number.
    pub finding: String,
    /// Which recording.
    pub recording: String,
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
}

fn finding_said(view: &FindingView) -> FindingSaid {
    FindingSaid {
        finding: view.id.to_string(),
        recording: view.recording.to_string(),
        article: view.article.clone(),
        from_ms: view.from_ms,
        to_ms: view.to_ms,
        due: view.due.clone(),
        found: said(&view.found),
        corrected: view.corrected.as_ref().map(said),
        rechecked: view.rechecked.as_ref().map(|(seen, _)| said(seen)),
        settled: view.settled(),
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
    let mut lots = Vec::new();
    for lot in &view.lots {
        let row = vault.catalog().recording(lot).await?;
        let review = view.reviews.iter().find(|review| review.recording == *lot);
        lots.push(LotSaid {
            recording: lot.to_string(),
            name: row.name,
            handler: row.handler,
            answers: review.map(|review| review.answers.clone()),
            watched_ms: review.map(|review| review.watched_ms),
            reviewed: review.map(|review| said(&review.said)),
        });
    }
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

/// What an inspection comes to for one stratum.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScoreSaid {
    /// The stratum.
    pub stratum: String,
    /// Recordings in it.
    pub population: u64,
    /// How many were drawn.
    pub drawn: u64,
    /// How many of those were reviewed.
    pub reviewed: u64,
    /// How many of those passed.
    pub passed: u64,
    /// The share that passed, of a hundred.
    pub points: Option<u64>,
    /// Findings.
    pub findings: u64,
    /// Those put right.
    pub settled: u64,
}

/// A score as it is told.
pub fn score_said(score: Score) -> ScoreSaid {
    let points = score.points();
    let Score { stratum, population, drawn, reviewed, passed, findings, settled } = score;
    ScoreSaid { stratum, population, drawn, reviewed, passed, points, findings, settled }
}
