//! Legal review of major decisions (重大执法决定法制审核): handed in, accepted, reviewed within its
//! term, objected to, settled (R25; A2.20 to A2.33).
//!
//! Promises: no decision is filed in a case whose review did not pass, nor in one of which nobody
//! said that it needs none, nor one that bears a day before its review passed; the reviewer is never
//! who handed in; both terms of the text are told, the stricter one first; days on which the clocks
//! stood are not counted; time is added once.

use super::due::{About, Basis, Due, DueKind};
use super::edition;
use super::register::{self, Entry, Step, Words};
use crate::calendar::Calendar;
use crate::casefile::{self, CaseView, ContentsEntry};
use crate::catalog::Asking;
use crate::clock::Date;
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::limits::{
    DEADLINES_MAX, REVIEW_ACCEPTED_WORKING_DAYS, REVIEW_EXTENSION_WORKING_DAYS,
    REVIEW_OBJECTION_WORKING_DAYS, REVIEW_WORKING_DAYS,
};
use crate::policy::{Act, Actor, Permitted, State};
use crate::vault::Vault;
use crate::vault::change::new_record;
use std::collections::BTreeMap;
use vault_proof::{OversightBody, RecordId};

const REGISTER: &str = "review";

/// Days looked at for the end of a term, with every stop in it: a review that stands longer than
/// three years has no term any more.
const TERM_DAYS_MAX: i64 = 1_100;

/// Why a decision is a major one: the article, and a name for it.
pub const REVIEW_GROUNDS: &[(&str, &str)] = &[
    ("A2.22(一)", "public-interest"),
    ("A2.22(二)", "hearing"),
    ("A2.22(三)", "government-approval"),
    ("A2.22(四)", "disputed"),
    ("A2.22(五)", "prescribed"),
    ("A2.22(六)", "on-request"),
    ("A2.23(一)", "revocation"),
    ("A2.23(二)", "sealing"),
];

/// The name of a ground by its article; the article itself where it is none of them.
pub fn ground_name(article: &str) -> &str {
    REVIEW_GROUNDS.iter().find(|(known, _)| *known == article).map_or(article, |(_, name)| name)
}

/// What is handed in (A2.24), in its order.
pub const MATERIALS: &[&str] = &[
    "investigation-report",
    "draft-and-reasons",
    "evidence-and-basis",
    "procedure",
    "hearing-or-assessment",
    "other",
];

/// The written records of a case file in which each of these is found (A2.24).
const MATERIAL_DOCUMENTS: &[(&str, &[&str])] = &[
    ("investigation-report", &["investigation-report"]),
    ("draft-and-reasons", &["draft-decision"]),
    (
        "evidence-and-basis",
        &[
            "inquiry-record",
            "evidence-notice",
            "evidence-list",
            "inspection-record",
            "sampling-list",
            "registration-list",
            "sealing-list",
            "expert-opinion",
        ],
    ),
    (
        "procedure",
        &[
            "application",
            "acceptance",
            "complaint-record",
            "opening-approval",
            "registration-approval",
            "registration-notice",
            "statement-record",
        ],
    ),
    ("hearing-or-assessment", &["hearing-record", "expert-opinion", "expert-meeting"]),
    ("other", &[]),
];

/// How many of the first of these are always needed.
const MATERIALS_NEEDED: usize = 4;

/// The five opinions of A2.30, in their order.
pub const OPINIONS: &[&str] = &["agree", "investigate", "change", "correct", "transfer"];

/// Why the clocks stop (A2.28).
pub const STOPS: &[&str] = &["supplement", "experts"];

/// How a review stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewState {
    /// The handling unit says that none is needed.
    NotNeeded,
    /// Handed in.
    Submitted,
    /// Accepted; the clocks run.
    Accepted,
    /// The clocks stand.
    Stopped,
    /// The opinion agrees.
    Passed,
    /// The opinion does not agree.
    NotPassed,
    /// The handling unit objects; the leaders decide.
    Objected,
}

impl ReviewState {
    /// Every state.
    pub const ALL: &'static [Self] = &[
        Self::NotNeeded,
        Self::Submitted,
        Self::Accepted,
        Self::Stopped,
        Self::Passed,
        Self::NotPassed,
        Self::Objected,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotNeeded => "not-needed",
            Self::Submitted => "submitted",
            Self::Accepted => "accepted",
            Self::Stopped => "stopped",
            Self::Passed => "passed",
            Self::NotPassed => "not-passed",
            Self::Objected => "objected",
        }
    }

    /// Whether a decision may be made.
    pub const fn allows(self) -> bool {
        matches!(self, Self::NotNeeded | Self::Passed)
    }
}

/// A term of a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewTerm {
    /// The article that sets it.
    pub article: &'static str,
    /// Its working days, with what was added.
    pub working_days: u32,
    /// The last day; none while the clocks stand.
    pub due: Option<Date>,
    /// Whether it was missed: the opinion came later, or has not come and the day is over.
    pub late: bool,
}

/// Something that was handed in, and where it is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedIn {
    /// Of `MATERIALS`.
    pub material: String,
    /// Where it is, in the words of whoever handed it in; may be empty.
    pub reference: String,
    /// The written records of the case file that it is found in.
    pub documents: Vec<ContentsEntry>,
}

/// A review as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Its number.
    pub id: RecordId,
    /// The case.
    pub case_no: String,
    /// How it stands.
    pub state: ReviewState,
    /// Why the decision is a major one.
    pub grounds: Vec<String>,
    /// What was handed in.
    pub materials: Vec<String>,
    /// What is always needed and was not.
    pub materials_missing: Vec<&'static str>,
    /// Both terms, the stricter one first; none before it is accepted.
    pub terms: Vec<ReviewTerm>,
    /// Which opinion was given.
    pub opinion: Option<String>,
    /// Year and number of the opinion: counted in the order in which opinions were given.
    pub opinion_number: Option<(i64, u64)>,
    /// The last day to object.
    pub objection_due: Option<Date>,
    /// Every step.
    pub steps: Vec<Step>,
}

/// Something to be handed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewReview {
    /// The case.
    pub case_no: String,
    /// Items of `REVIEW_GROUNDS`, by the article or the name.
    pub grounds: Vec<String>,
    /// Of `MATERIALS`.
    pub materials: Vec<String>,
    /// Where each of these is, in words; what is found in the case file by its type needs none.
    pub references: BTreeMap<String, String>,
    /// What is to be decided, and why (A2.25).
    pub text: String,
}

/// A step of the reviewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reviewing {
    /// The material is complete.
    Accept,
    /// The clocks stop, for a cause of `STOPS`.
    Stop(String),
    /// The experts are done.
    Resume,
    /// The opinion, of `OPINIONS`.
    Opinion(String),
}

fn invalid(value: &str) -> Fault {
    Fault::new(Code::ArgumentInvalid).with("argument", value)
}

fn known<'a>(said: &[String], mut codes: impl Iterator<Item = &'a str> + Clone) -> Outcome<()> {
    match said.iter().find(|one| !codes.clone().any(|code| code == *one)) {
        Some(wrong) => Err(invalid(wrong)),
        None if codes.next().is_none() => Err(invalid("")),
        None => Ok(()),
    }
}

fn words<'a>(text: &'a str, case_no: &'a str) -> Words<'a> {
    Words { text, case_no, details: Vec::new() }
}

/// Hands a decision in for review; gives its number. A case has one review at a time.
pub async fn submit(vault: &Vault, actor: &Actor, new: NewReview) -> Outcome<RecordId> {
    checked_text("text", &new.text, true)?;
    known(&new.materials, MATERIALS.iter().copied())?;
    let details = references(&new.materials, &new.references)?;
    if new.grounds.is_empty() {
        return Err(invalid("grounds"));
    }
    let article = |said: &String| register::article_of(REVIEW_GROUNDS, said).map(str::to_owned);
    let grounds = new.grounds.iter().map(article).collect::<Outcome<_>>()?;
    let permitted = vault.permit(actor, Act::SubmitReview).await?;
    let review = new_record()?;
    let NewReview { case_no, materials, text, .. } = new;
    let body = OversightBody::ReviewSubmitted { review, grounds, materials };
    begin(vault, (permitted, actor), &case_no, body, (&text, details)).await?;
    Ok(review)
}

/// Where the material is, as it is said with a step: only of what is handed in with it.
fn references(
    materials: &[String],
    said: &BTreeMap<String, String>,
) -> Outcome<Vec<(&'static str, String)>> {
    let mut details = Vec::new();
    for (material, reference) in said {
        let name = MATERIALS.iter().find(|name| **name == material.as_str());
        let name =
            name.filter(|_| materials.contains(material)).ok_or_else(|| invalid(material))?;
        checked_text("material", reference, false)?;
        details.push((*name, reference.clone()));
    }
    Ok(details)
}

/// Says that the decision of a case needs no review; gives the number.
pub async fn not_needed(
    vault: &Vault,
    actor: &Actor,
    case_no: &str,
    text: &str,
) -> Outcome<RecordId> {
    checked_text("text", text, true)?;
    let permitted = vault.permit(actor, Act::SubmitReview).await?;
    let review = new_record()?;
    let body = OversightBody::ReviewNotNeeded { review };
    begin(vault, (permitted, actor), case_no, body, (text, Vec::new())).await?;
    Ok(review)
}

async fn begin(
    vault: &Vault,
    who: (Permitted, &Actor),
    case_no: &str,
    body: OversightBody,
    (text, details): (&str, Vec<(&'static str, String)>),
) -> Outcome<()> {
    let case = casefile::show(vault, case_no).await?;
    let one_at_a_time = |entries: &[Entry]| match last_of(entries, &case.case_no) {
        Some(last) => {
            let over = matches!(state_of(last), ReviewState::NotNeeded | ReviewState::NotPassed);
            last.require(over, "review-there")
        }
        None => Ok(()),
    };
    let words = Words { text, case_no: &case.case_no, details };
    register::enter(vault, who, body, words, one_at_a_time).await
}

/// The newest review of a case.
fn last_of<'a>(entries: &'a [Entry], case_no: &str) -> Option<&'a Entry> {
    entries.iter().rev().find(|entry| case_of(entry) == case_no)
}

/// The reviewer, who is not whoever handed in, takes a step.
pub async fn carry_out(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (step, text): (Reviewing, &str),
) -> Outcome<()> {
    checked_text("text", text, !matches!(step, Reviewing::Accept | Reviewing::Resume))?;
    let entry = register::find_one(vault, REGISTER, number).await?;
    let own = entry.steps.first().is_some_and(|first| first.by_actor == actor.id());
    let state = if own { State::OwnProposal } else { State::OthersProposal };
    let permitted = vault.permit_in(actor, Act::CarryOutReview, state, Vec::new()).await?;
    let review = entry.id;
    let (body, from) = match step {
        Reviewing::Accept => (OversightBody::ReviewAccepted { review }, ReviewState::Submitted),
        Reviewing::Stop(cause) => {
            known(std::slice::from_ref(&cause), STOPS.iter().copied())?;
            (OversightBody::ReviewStopped { review, cause }, ReviewState::Accepted)
        }
        Reviewing::Resume => {
            let body = OversightBody::ReviewResumed { review, materials: Vec::new() };
            (body, ReviewState::Stopped)
        }
        Reviewing::Opinion(opinion) => {
            known(std::slice::from_ref(&opinion), OPINIONS.iter().copied())?;
            (OversightBody::ReviewOpinionGiven { review, opinion }, ReviewState::Accepted)
        }
    };
    let accepts = matches!(body, OversightBody::ReviewAccepted { .. });
    let check = |entry: &Entry| {
        entry.require(state_of(entry) == from, "out-of-turn")?;
        entry.require(!accepts || missing(entry).is_empty(), "materials-missing")
    };
    let case_no = case_of(&entry);
    register::step(vault, (permitted, actor), body, words(text, case_no), check).await
}

/// The handling unit hands in more: before the acceptance, or while the clocks stand for it.
pub async fn supplement(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (materials, said, text): (Vec<String>, &BTreeMap<String, String>, &str),
) -> Outcome<()> {
    checked_text("text", text, true)?;
    known(&materials, MATERIALS.iter().copied())?;
    let details = references(&materials, said)?;
    let entry = register::find_one(vault, REGISTER, number).await?;
    let permitted = vault.permit(actor, Act::SubmitReview).await?;
    let body = OversightBody::ReviewResumed { review: entry.id, materials };
    let check = |entry: &Entry| {
        let cause = entry.last("review.stopped").map_or("", |step| step.field("cause"));
        let awaited = match state_of(entry) {
            ReviewState::Submitted => true,
            ReviewState::Stopped => cause == "supplement",
            _ => false,
        };
        entry.require(awaited, "out-of-turn")
    };
    let case_no = case_of(&entry);
    let words = Words { text, case_no, details };
    register::step(vault, (permitted, actor), body, words, check).await
}

/// A leader adds time, once.
pub async fn extend(vault: &Vault, actor: &Actor, number: &str, text: &str) -> Outcome<()> {
    checked_text("text", text, true)?;
    let entry = register::find_one(vault, REGISTER, number).await?;
    let permitted = vault.permit(actor, Act::ExtendReview).await?;
    let body = OversightBody::ReviewExtended { review: entry.id };
    let check = |entry: &Entry| {
        let running = matches!(state_of(entry), ReviewState::Accepted | ReviewState::Stopped);
        entry.require(running, "out-of-turn")?;
        entry.require(entry.last("review.extended").is_none(), "extended-already")
    };
    let case_no = case_of(&entry);
    register::step(vault, (permitted, actor), body, words(text, case_no), check).await
}

/// The handling unit objects to an opinion that does not agree, within three working days.
pub async fn object(vault: &Vault, actor: &Actor, number: &str, text: &str) -> Outcome<()> {
    checked_text("text", text, true)?;
    let entry = register::find_one(vault, REGISTER, number).await?;
    let permitted = vault.permit(actor, Act::SubmitReview).await?;
    let today = Date::of(vault.clock.now());
    let calendar = edition::calendar(vault).await?;
    let body = OversightBody::ReviewObjected { review: entry.id };
    let check = |entry: &Entry| {
        entry.require(state_of(entry) == ReviewState::NotPassed, "out-of-turn")?;
        entry.require(entry.last("review.settled").is_none(), "settled-by-leaders")?;
        let due = objection_due(entry, &calendar);
        entry.require(due.is_some_and(|due| today <= due), "objection-late")
    };
    let case_no = case_of(&entry);
    register::step(vault, (permitted, actor), body, words(text, case_no), check).await
}

/// What the leaders decided together (集体讨论).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discussion {
    /// Whether the decision may be made.
    pub passed: bool,
    /// The day, as `2026-01-31`; empty where it is the day of the entry.
    pub on: String,
    /// Who took part; a discussion of nobody is none.
    pub members: String,
    /// What was decided, and why.
    pub text: String,
}

/// The leaders decide together: on an objection (A2.29), or on a decision that passed the review
/// and is theirs to make (A2.32).
pub async fn settle(vault: &Vault, actor: &Actor, number: &str, new: Discussion) -> Outcome<()> {
    let Discussion { passed, on, members, text } = new;
    checked_text("text", &text, true)?;
    checked_text("members", &members, true)?;
    if !on.is_empty() {
        let day: Date = on.parse().map_err(|_| invalid(&on))?;
        if Date::of(vault.clock.now()) < day {
            return Err(invalid(&on));
        }
    }
    let entry = register::find_one(vault, REGISTER, number).await?;
    let permitted = vault.permit(actor, Act::SettleReview).await?;
    let body = OversightBody::ReviewSettled { review: entry.id, passed };
    let check = |entry: &Entry| {
        let before = matches!(state_of(entry), ReviewState::Objected | ReviewState::Passed);
        entry.require(before && entry.last("review.settled").is_none(), "out-of-turn")
    };
    let details = vec![("on", on), ("members", members)];
    let words = Words { text: &text, case_no: case_of(&entry), details };
    register::step(vault, (permitted, actor), body, words, check).await
}

/// The case stands in each step, so that a case finds its reviews.
fn case_of(entry: &Entry) -> &str {
    entry.steps.first().map_or("", |step| &step.case_no)
}

fn state_of(entry: &Entry) -> ReviewState {
    if let Some(settled) = entry.last("review.settled") {
        let passed = settled.field("passed") == "true";
        return if passed { ReviewState::Passed } else { ReviewState::NotPassed };
    }
    if entry.last("review.objected").is_some() {
        return ReviewState::Objected;
    }
    if let Some(given) = entry.last("review.opinion-given") {
        let agrees = given.field("opinion") == "agree";
        return if agrees { ReviewState::Passed } else { ReviewState::NotPassed };
    }
    if entry.stands("review.stopped", "review.resumed") {
        ReviewState::Stopped
    } else if entry.last("review.accepted").is_some() {
        ReviewState::Accepted
    } else if entry.last("review.submitted").is_some() {
        ReviewState::Submitted
    } else {
        ReviewState::NotNeeded
    }
}

fn materials(entry: &Entry) -> Vec<String> {
    let of = |step: &Step| step.field("materials").split_whitespace().map(str::to_owned).collect();
    let mut all: Vec<String> =
        entry.steps.iter().flat_map(|step| -> Vec<String> { of(step) }).collect();
    all.sort_by_key(|one| MATERIALS.iter().position(|known| known == one));
    all.dedup();
    all
}

fn missing(entry: &Entry) -> Vec<&'static str> {
    let held = materials(entry);
    let needed = MATERIALS.iter().take(MATERIALS_NEEDED);
    needed.filter(|one| !held.iter().any(|had| had == *one)).copied().collect()
}

/// The stretches in which the clocks stood, the last one perhaps without an end.
fn stops(entry: &Entry) -> Vec<(Date, Option<Date>)> {
    let mut stops: Vec<(Date, Option<Date>)> = Vec::new();
    for step in &entry.steps {
        match (step.kind.as_str(), stops.last_mut()) {
            ("review.stopped", _) => stops.push((Date::of(step.at), None)),
            ("review.resumed", Some((_, end @ None))) => *end = Some(Date::of(step.at)),
            _ => {}
        }
    }
    stops
}

/// The last of so many working days after a day; days from a stop until the clocks run again are
/// not counted. None while they stand.
pub fn last_day(
    calendar: &Calendar,
    since: Date,
    working_days: u32,
    stops: &[(Date, Option<Date>)],
) -> Option<Date> {
    if stops.iter().any(|(_, end)| end.is_none()) {
        return None;
    }
    let stood =
        |day: Date| stops.iter().any(|(from, to)| *from <= day && to.is_some_and(|to| day < to));
    let mut counted = 0;
    let days = (1..=TERM_DAYS_MAX).map(|days| since.plus_days(days));
    days.into_iter().find(|day| {
        counted += u32::from(calendar.kind(*day).is_worked() && !stood(*day));
        counted == working_days
    })
}

fn terms(entry: &Entry, calendar: &Calendar, today: Date) -> Vec<ReviewTerm> {
    let Some(accepted) = entry.last("review.accepted") else { return Vec::new() };
    let since = Date::of(accepted.at);
    let more = u32::from(entry.last("review.extended").is_some()) * REVIEW_EXTENSION_WORKING_DAYS;
    let given = entry.last("review.opinion-given").map(|step| Date::of(step.at));
    let stops = stops(entry);
    let rules = [("A2.26", REVIEW_WORKING_DAYS), ("A2.28", REVIEW_ACCEPTED_WORKING_DAYS)];
    let term = |(article, days): (&'static str, u32)| {
        let due = last_day(calendar, since, days + more, &stops);
        let late = due.is_some_and(|due| given.unwrap_or(today) > due);
        ReviewTerm { article, working_days: days + more, due, late }
    };
    rules.map(term).to_vec()
}

fn objection_due(entry: &Entry, calendar: &Calendar) -> Option<Date> {
    let given = entry.last("review.opinion-given")?;
    Some(calendar.deadline(Date::of(given.at), REVIEW_OBJECTION_WORKING_DAYS).due)
}

/// Year and number of each opinion: in a year they are counted in the order in which they were given.
fn opinion_numbers(entries: &[Entry]) -> BTreeMap<RecordId, (i64, u64)> {
    let given = entries.iter().filter_map(|entry| {
        let step = entry.last("review.opinion-given")?;
        Some((step.seq, Date::of(step.at).year(), entry.id))
    });
    let mut given: Vec<_> = given.collect();
    given.sort_unstable_by_key(|(seq, ..)| *seq);
    let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
    let numbered = given.into_iter().map(|(_, year, id)| {
        let count = counts.entry(year).or_default();
        *count += 1;
        (id, (year, *count))
    });
    numbered.collect()
}

/// What was handed in for a review, with the documents of its case file.
pub(super) fn handed_in(view: &Review, case: &CaseView) -> Vec<HandedIn> {
    let of = |material: &String| {
        let types = MATERIAL_DOCUMENTS.iter().find(|(name, _)| name == material);
        let types = types.map_or(&[][..], |(_, types)| types);
        let fits = |entry: &&ContentsEntry| types.contains(&entry.document.as_str());
        let said = view.steps.iter().rev().map(|step| step.field(material));
        HandedIn {
            material: material.clone(),
            reference: said.into_iter().find(|said| !said.is_empty()).unwrap_or("").to_owned(),
            documents: case.contents.iter().filter(fits).cloned().collect(),
        }
    };
    view.materials.iter().map(of).collect()
}

/// What was handed in for a review, and where it is found.
pub async fn materials_of(vault: &Vault, actor: &Actor, view: &Review) -> Outcome<Vec<HandedIn>> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    Ok(handed_in(view, &casefile::show(vault, &view.case_no).await?))
}

fn view(
    entry: Entry,
    calendar: &Calendar,
    (today, numbers): (Date, &BTreeMap<RecordId, (i64, u64)>),
) -> Option<Review> {
    let first = entry.steps.first()?;
    let state = state_of(&entry);
    let grounds = first.field("grounds").split_whitespace().map(str::to_owned).collect();
    let missing = if state == ReviewState::NotNeeded { Vec::new() } else { missing(&entry) };
    Some(Review {
        id: entry.id,
        case_no: first.case_no.clone(),
        state,
        grounds,
        materials: materials(&entry),
        materials_missing: missing,
        terms: terms(&entry, calendar, today),
        opinion_number: numbers.get(&entry.id).copied(),
        opinion: entry.last("review.opinion-given").map(|step| step.field("opinion").to_owned()),
        objection_due: match state {
            ReviewState::NotPassed => objection_due(&entry, calendar),
            _ => None,
        },
        steps: entry.steps,
    })
}

/// Reviews that are to come to their opinion, by the stricter of the two rules.
pub(super) async fn dues(vault: &Vault, calendar: &Calendar, today: Date) -> Outcome<Vec<Due>> {
    let entries = register::entries(&mut vault.catalog.ask().await?, REGISTER).await?;
    let mut found = Vec::new();
    for entry in entries {
        let entry = register::whole(&mut vault.catalog.ask().await?, REGISTER, &entry.id).await?;
        if state_of(&entry) != ReviewState::Accepted {
            continue;
        }
        let Some(accepted) = entry.last("review.accepted") else { continue };
        let (since, case_no) = (Date::of(accepted.at), entry.steps[0].case_no.clone());
        let last = terms(&entry, calendar, today).into_iter().filter_map(|term| term.due).min();
        let Some(last) = last else { continue };
        let about = About {
            subject: entry.id.to_string(),
            name: String::new(),
            unit: String::new(),
            case_no,
        };
        // Days on which the clocks stood are not counted, so the day alone is told here.
        let due = Due::on(DueKind::Review, about, (since, Basis::Accepted), last, today);
        let provisional = calendar.deadline(since, REVIEW_WORKING_DAYS).provisional;
        found.push(Due { provisional, ..due });
    }
    found.truncate(DEADLINES_MAX);
    Ok(found)
}

/// The day on which a review passed; none where none was needed.
fn passed_on(entry: &Entry) -> Option<Date> {
    let given = entry.last("review.opinion-given").map(|step| Date::of(step.at));
    let settled = entry.last("review.settled");
    let settled =
        settled.map(|step| step.field("on").parse().unwrap_or_else(|_| Date::of(step.at)));
    // What the leaders discussed before the opinion was there was not decided before it either.
    given.max(settled)
}

/// Refuses a decision whose review did not pass, one of which nobody said that it needs none, and
/// one that bears a day before its review passed; other written records are let through.
pub(crate) async fn require_passed(
    asking: &mut Asking<'_>,
    case_no: &str,
    (document, on): (&str, Option<Date>),
) -> Outcome<()> {
    if document != "decision" {
        return Ok(());
    }
    let entries = register::entries(asking, REGISTER).await?;
    let last = last_of(&entries, case_no);
    let state = last.map(state_of);
    if !state.is_some_and(ReviewState::allows) {
        let state = state.map_or("none", ReviewState::as_str);
        return Err(Fault::new(Code::ReviewNeeded).with("case", case_no).with("review", state));
    }
    match (on, last.and_then(passed_on)) {
        (Some(on), Some(passed)) if on < passed => {
            let fault = Fault::new(Code::DecisionBeforeReview).with("case", case_no);
            Err(fault.with("on", on).with("passed", passed).with("article", "A2.21"))
        }
        _ => Ok(()),
    }
}

/// Every review, the oldest first.
pub(super) async fn all(vault: &Vault) -> Outcome<Vec<Review>> {
    let (calendar, today) = (edition::calendar(vault).await?, Date::of(vault.clock.now()));
    let entries = register::whole_entries(&mut vault.catalog.ask().await?, REGISTER).await?;
    let numbers = opinion_numbers(&entries);
    let entries = entries.into_iter();
    Ok(entries.filter_map(|entry| view(entry, &calendar, (today, &numbers))).collect())
}

/// Reviews, the newest first.
pub async fn list(vault: &Vault, actor: &Actor) -> Outcome<Vec<Review>> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let mut found = all(vault).await?;
    found.reverse();
    Ok(found)
}

/// A review by its number, or the beginning of it.
pub async fn show(vault: &Vault, actor: &Actor, number: &str) -> Outcome<Review> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    one(vault, number).await
}

pub(super) async fn one(vault: &Vault, number: &str) -> Outcome<Review> {
    let unknown = || Fault::new(Code::EntryUnknown).with("id", number);
    let id = register::find_one(vault, REGISTER, number).await?.id;
    all(vault).await?.into_iter().find(|review| review.id == id).ok_or_else(unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn every_material_is_found_in_types_that_there_are() {
        let names: Vec<&str> = MATERIAL_DOCUMENTS.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, MATERIALS.to_vec());
        for document in MATERIAL_DOCUMENTS.iter().flat_map(|(_, types)| *types) {
            assert!(casefile::document_stage(document).is_some(), "{document}");
        }
    }

    #[test]
    fn days_on_which_the_clocks_stood_are_not_counted() {
        let calendar = Calendar::official();
        let last = |stops: &[(&str, Option<&str>)], days| {
            let stops: Vec<_> = stops.iter().map(|(from, to)| (date(from), to.map(date))).collect();
            last_day(&calendar, date("2026-03-02"), days, &stops)
        };
        // 2026-03-02 is a Monday without a festival near.
        assert_eq!(last(&[], 5), Some(date("2026-03-09")));
        assert_eq!(last(&[], 7), Some(date("2026-03-11")));
        let stood = [("2026-03-04", Some("2026-03-06"))];
        assert_eq!(last(&stood, 5), Some(date("2026-03-11")), "Wednesday and Thursday stood");
        assert_eq!(last(&[("2026-03-04", None)], 5), None);
        let twice = [("2026-03-04", Some("2026-03-06")), ("2026-03-09", Some("2026-03-10"))];
        assert_eq!(last(&twice, 5), Some(date("2026-03-12")));
        // Across 国庆 with its worked Saturday.
        let autumn = last_day(&calendar, date("2026-09-29"), 5, &[]);
        assert_eq!(autumn, Some(date("2026-10-12")));
    }
}
