//! The whole process of a case (全过程记录): its stages, what each requires, what is there, what is
//! missing and what mends it (R27; A2.11, A2.13 to A2.17).
//!
//! Promises: it only puts together what the flows themselves require — the table of contents, what
//! has to be recorded, the legal review, publicity, the closing — and has no requirements of its
//! own; what a stage that has not begun lacks is told as ahead, not as missing. Changes nothing.

use super::edition;
use super::must_record::{self, Obligation, Recorded};
use super::publicity::{self, Publicity, PublicityState};
use super::review::{self, Review, ReviewState};
use super::statement::{self, Statement};
use crate::calendar::Calendar;
use crate::casefile::{self, CaseView};
use crate::clock::Date;
use crate::fault::Outcome;
use crate::policy::{Act, Actor};
use crate::vault::Vault;
use vault_proof::ContentId;

/// The stages of a process: those of the case file, and its closing.
pub const PROCESS_STAGES: &[&str] =
    &["opening", "investigation", "review-decision", "service-execution", "archiving"];

/// How far a requirement is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fulfilment {
    /// It is there, or lawfully is not.
    There,
    /// Somebody is at it.
    Waiting,
    /// It is not there, and its stage has begun.
    Missing,
    /// Its stage has not begun.
    Ahead,
}

impl Fulfilment {
    /// Every answer.
    pub const ALL: &'static [Self] = &[Self::There, Self::Waiting, Self::Missing, Self::Ahead];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::There => "there",
            Self::Waiting => "waiting",
            Self::Missing => "missing",
            Self::Ahead => "ahead",
        }
    }
}

/// What a stage requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequirementKind {
    /// One of these written records.
    Document,
    /// A recording of this activity, or a statement of why there is none.
    Recording,
    /// Legal review of the decision, or the word that it needs none.
    Review,
    /// The opinion of that review, in the case file.
    Opinion,
    /// The record of the leaders' discussion, in the case file.
    Discussion,
    /// Publicity of the decision, or the ground against it.
    Publicity,
    /// The end of the enforcement.
    End,
    /// The closing of the case file.
    Closing,
}

impl RequirementKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Document,
        Self::Recording,
        Self::Review,
        Self::Opinion,
        Self::Discussion,
        Self::Publicity,
        Self::End,
        Self::Closing,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Recording => "recording",
            Self::Review => "review",
            Self::Opinion => "opinion",
            Self::Discussion => "discussion",
            Self::Publicity => "publicity",
            Self::End => "end",
            Self::Closing => "closing",
        }
    }
}

/// Something that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its title.
    pub title: String,
    /// Its content, where it is a document.
    pub content: Option<ContentId>,
}

/// What is required, and how far it is met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Its stage, of `PROCESS_STAGES`.
    pub stage: &'static str,
    /// Which kind of thing.
    pub kind: RequirementKind,
    /// Types of written records, or an activity; empty for other kinds.
    pub names: Vec<&'static str>,
    /// The article that asks for it.
    pub article: &'static str,
    /// How far it is met.
    pub fulfilment: Fulfilment,
    /// The state its own register gives it; empty where there is none.
    pub state: &'static str,
    /// Whether its term was missed.
    pub late: bool,
    /// What is there of it.
    pub held: Vec<Held>,
}

/// The process of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// The case.
    pub case: CaseView,
    /// What is required, by stage.
    pub requirements: Vec<Requirement>,
}

impl Process {
    /// How many requirements of a stage are met, and how many there are.
    pub fn count(&self, stage: &str) -> (usize, usize) {
        let of_stage = self.requirements.iter().filter(|one| one.stage == stage);
        let met = of_stage.clone().filter(|one| one.fulfilment == Fulfilment::There);
        (met.count(), of_stage.count())
    }

    /// What it requires, each with the case, as rows of a table.
    pub fn lines(&self) -> Vec<(String, Requirement)> {
        let case_no = &self.case.case_no;
        self.requirements.iter().map(|one| (case_no.clone(), one.clone())).collect()
    }

    /// What is missing.
    pub fn missing(&self) -> impl Iterator<Item = &Requirement> {
        self.requirements.iter().filter(|one| one.fulfilment == Fulfilment::Missing)
    }
}

/// What cases are compared with.
struct Registers {
    statements: Vec<Statement>,
    reviews: Vec<Review>,
    publicity: Vec<Publicity>,
    calendar: Calendar,
    today: Date,
}

impl Registers {
    async fn read(vault: &Vault) -> Outcome<Self> {
        Ok(Self {
            statements: statement::all(vault).await?,
            reviews: review::all(vault).await?,
            publicity: publicity::all(vault).await?,
            calendar: edition::calendar(vault).await?,
            today: Date::of(vault.clock.now()),
        })
    }
}

/// The process of one case.
pub async fn case(vault: &Vault, actor: &Actor, case_no: &str) -> Outcome<Process> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let registers = Registers::read(vault).await?;
    process(vault, &registers, casefile::show(vault, case_no).await?).await
}

/// The processes of a page of cases, and where the next begins.
pub async fn list(
    vault: &Vault,
    actor: &Actor,
    after: Option<u64>,
    rows_max: u32,
) -> Outcome<(Vec<Process>, Option<u64>)> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let registers = Registers::read(vault).await?;
    let (cases, next) = casefile::list(vault, after, rows_max).await?;
    let mut found = Vec::with_capacity(cases.len());
    for case in cases {
        found.push(process(vault, &registers, case).await?);
    }
    Ok((found, next))
}

async fn process(vault: &Vault, registers: &Registers, case: CaseView) -> Outcome<Process> {
    let mut asking = vault.catalog.ask().await?;
    let recordings =
        must_record::one_case(&mut asking, &case.case_no, &registers.statements).await?;
    let mut requirements = documents(&case);
    requirements.extend(recordings.iter().map(recording));
    let review = registers.reviews.iter().rev().find(|one| one.case_no == case.case_no);
    requirements.extend(reviewed(&case, review));
    requirements.extend(published(&case, registers));
    requirements.extend(closing(&case, registers.today));
    let place = |one: &Requirement| PROCESS_STAGES.iter().position(|stage| *stage == one.stage);
    requirements.sort_by_key(place);
    let begun = begun(&case, &requirements);
    for one in &mut requirements {
        // What took place and was not recorded is missing, wherever the case stands.
        let ahead = place(one) >= Some(begun) && one.kind != RequirementKind::Recording;
        if one.fulfilment == Fulfilment::Missing && ahead && !one.late {
            one.fulfilment = Fulfilment::Ahead;
        }
    }
    Ok(Process { case, requirements })
}

/// The first stage that has not begun: after the last in which something is there or under way,
/// and none once the enforcement ended.
fn begun(case: &CaseView, requirements: &[Requirement]) -> usize {
    if case.ended_on.is_some() {
        return PROCESS_STAGES.len();
    }
    let place = |stage: &str| PROCESS_STAGES.iter().position(|known| *known == stage);
    let filed = case.contents.iter().filter_map(|entry| place(&entry.stage));
    let met = requirements.iter().filter(|one| one.fulfilment <= Fulfilment::Waiting);
    let last = filed.chain(met.filter_map(|one| place(one.stage))).max();
    last.map_or(1, |last| last + 1)
}

fn held_of(entries: &[&casefile::ContentsEntry]) -> Vec<Held> {
    let held = |entry: &&casefile::ContentsEntry| Held {
        title: entry.title.clone(),
        content: Some(entry.content),
    };
    entries.iter().map(held).collect()
}

fn required(
    kind: RequirementKind,
    (stage, article): (&'static str, &'static str),
    fulfilment: Fulfilment,
) -> Requirement {
    let (names, held) = (Vec::new(), Vec::new());
    Requirement { stage, kind, names, article, fulfilment, state: "", late: false, held }
}

const fn met(there: bool) -> Fulfilment {
    if there { Fulfilment::There } else { Fulfilment::Missing }
}

fn documents(case: &CaseView) -> Vec<Requirement> {
    let of = |one: casefile::Required<'_>| {
        let place = (one.what.stage, one.what.article);
        let requirement = required(RequirementKind::Document, place, met(!one.held.is_empty()));
        Requirement { names: one.what.any_of.to_vec(), held: held_of(&one.held), ..requirement }
    };
    casefile::required(&case.contents).into_iter().map(of).collect()
}

fn recording(one: &Obligation) -> Requirement {
    let stage = match one.activity {
        "complaint" => "opening",
        "service" | "retained-service" | "posted-notice" => "service-execution",
        _ => "investigation",
    };
    let fulfilment = match one.state {
        Recorded::Recorded | Recorded::Stated => Fulfilment::There,
        Recorded::Waiting => Fulfilment::Waiting,
        Recorded::Neither => Fulfilment::Missing,
    };
    let requirement = required(RequirementKind::Recording, (stage, one.article), fulfilment);
    let held = one.documents.iter().map(|title| Held { title: title.clone(), content: None });
    let (names, held) = (vec![one.activity], held.collect());
    Requirement { names, held, state: one.state.as_str(), ..requirement }
}

fn of_type<'a>(case: &'a CaseView, document: &str) -> Vec<&'a casefile::ContentsEntry> {
    case.contents.iter().filter(|entry| entry.document == document).collect()
}

fn reviewed(case: &CaseView, review: Option<&Review>) -> Vec<Requirement> {
    let place = "review-decision";
    let fulfilment = match review.map(|one| one.state) {
        Some(state) if state.allows() => Fulfilment::There,
        None | Some(ReviewState::NotPassed) => Fulfilment::Missing,
        Some(_) => Fulfilment::Waiting,
    };
    let late = review.and_then(|one| one.terms.first()).is_some_and(|term| term.late);
    let first = required(RequirementKind::Review, (place, "A2.21"), fulfilment);
    let state = review.map_or("none", |one| one.state.as_str());
    let mut found = vec![Requirement { state, late, ..first }];
    if review.is_some_and(|one| one.opinion.is_some()) {
        let held = of_type(case, "legal-review-opinion");
        let opinion = required(RequirementKind::Opinion, (place, "A2.31"), met(!held.is_empty()));
        let names = vec!["legal-review-opinion"];
        found.push(Requirement { names, held: held_of(&held), ..opinion });
    }
    let settled = |one: &Review| one.steps.iter().any(|step| step.kind == "review.settled");
    if review.is_some_and(settled) {
        let held = of_type(case, "collective-discussion");
        let there = met(!held.is_empty());
        let discussion = required(RequirementKind::Discussion, (place, "A2.15(四)"), there);
        let names = vec!["collective-discussion"];
        found.push(Requirement { names, held: held_of(&held), ..discussion });
    }
    found
}

fn published(case: &CaseView, registers: &Registers) -> Vec<Requirement> {
    let place = ("service-execution", "A2.7(一)");
    let of_case = registers.publicity.iter().filter(|one| one.case_no == case.case_no);
    let entries: Vec<&Publicity> = of_case.collect();
    let mut found: Vec<Requirement> = entries
        .iter()
        .map(|one| {
            let fulfilment = match one.state {
                PublicityState::Published
                | PublicityState::Withheld
                | PublicityState::Withdrawn
                | PublicityState::TakenDown => Fulfilment::There,
                _ => Fulfilment::Waiting,
            };
            let late = one.withdrawal.as_ref().unwrap_or(&one.term).late;
            let held = vec![Held { title: one.draft.title.clone(), content: None }];
            let requirement = required(RequirementKind::Publicity, place, fulfilment);
            Requirement { state: one.state.as_str(), late, held, ..requirement }
        })
        .collect();
    let owed = publicity::unentered(case, entries.len(), &registers.calendar, registers.today);
    found.extend(owed.into_iter().map(|due| Requirement {
        late: due.term.late,
        held: Vec::new(),
        ..required(RequirementKind::Publicity, place, Fulfilment::Missing)
    }));
    if found.is_empty() {
        found.push(required(RequirementKind::Publicity, place, Fulfilment::Missing));
    }
    found
}

fn closing(case: &CaseView, today: Date) -> Vec<Requirement> {
    let place = ("archiving", "A2.18(一)3");
    let ended = required(RequirementKind::End, place, met(case.ended_on.is_some()));
    let closed = required(RequirementKind::Closing, place, met(case.closed.is_some()));
    let done = case.closed.as_ref().map_or(today, |closing| Date::of(closing.at));
    let late = case.due_on.is_some_and(|due| due < done);
    vec![ended, Requirement { late, ..closed }]
}
