//! The register of lapses (执法过错情形): raised from a finding, an alarm, a deadline or by a person,
//! answered by whom it concerns, closed (R24; A2.10(四), A2.19(二), A3.16).
//!
//! Promises: a lapse that was raised stays on record, upheld or not; nobody closes what he
//! answered himself; it is not closed before it was answered or its day is over, and its day is not
//! over when it is raised.

use super::deadlines::deadlines;
use super::due::{About, Basis, Due, DueKind};
use super::must_record::Recorded;
use super::register::{self, Entry, Step, Words};
use super::{annual, must_record, publicity, term};
use crate::clock::{Date, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::limits::{ALARM_DAYS, DEADLINES_MAX, LAPSE_ITEMS_MAX};
use crate::policy::{Act, Actor, State};
use crate::vault::Vault;
use crate::vault::change::new_record;
use std::collections::BTreeSet;
use vault_proof::{ContentId, OversightBody, RecordId};

const REGISTER: &str = "lapse";

/// The items of A2.10(四), of A2.19(二) and of A3.16: the article, and a name for it.
pub const CLAUSES: &[(&str, &str)] = &[
    ("A2.19(二)1", "record-not-made"),
    ("A2.19(二)2", "record-leaked-gravely"),
    ("A2.19(二)3", "record-tampered"),
    ("A2.19(二)4", "record-lost-gravely"),
    ("A2.19(二)5", "record-rules-gravely"),
    ("A2.10(四)1", "not-published"),
    ("A2.10(四)2", "publicity-unchecked"),
    ("A2.10(四)3", "publicity-uncorrected"),
    ("A2.10(四)4", "figures-not-reported"),
    ("A3.16(一)", "device-not-used"),
    ("A3.16(二)", "conduct"),
    ("A3.16(三)", "leaked"),
    ("A3.16(四)", "falsified"),
    ("A3.16(五)", "lost"),
    ("A3.16(六)", "device-rules-gravely"),
];

/// The name of an item by its article; the article itself where it is none of them.
pub fn clause_name(article: &str) -> &str {
    CLAUSES.iter().find(|(known, _)| *known == article).map_or(article, |(_, name)| name)
}

/// Where a lapse comes from.
pub const SOURCES: &[&str] = &["finding", "alarm", "deadline", "person"];

/// A lapse to be raised.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewLapse {
    /// Of `CLAUSES`, by the article or the name.
    pub clause: String,
    /// Of `SOURCES`.
    pub source: String,
    /// What the suspicion was known by; empty where a person raises it.
    pub key: String,
    /// The unit it concerns.
    pub unit: String,
    /// The person it concerns; may be empty.
    pub concerned: String,
    /// The case it concerns; may be empty.
    pub case_no: String,
    /// The recordings it concerns.
    pub recordings: Vec<ContentId>,
    /// The last day to answer, as `2026-01-31`.
    pub due: String,
    /// What happened.
    pub text: String,
}

/// How a lapse stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LapseState {
    /// Waits for an answer.
    Raised,
    /// Answered, and waits to be closed.
    Answered,
    /// Closed: it was one.
    Upheld,
    /// Closed: it was none.
    Dismissed,
}

impl LapseState {
    /// Every state.
    pub const ALL: &'static [Self] = &[Self::Raised, Self::Answered, Self::Upheld, Self::Dismissed];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Answered => "answered",
            Self::Upheld => "upheld",
            Self::Dismissed => "dismissed",
        }
    }
}

/// A lapse as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lapse {
    /// Its number.
    pub id: RecordId,
    /// What was raised.
    pub raised: NewLapse,
    /// Who raised it.
    pub person: String,
    /// When.
    pub at: UtcTime,
    /// How it stands.
    pub state: LapseState,
    /// Whether it waits for an answer and its day is over.
    pub overdue: bool,
    /// Who answered last, what, and when.
    pub answered: Option<(String, String, UtcTime)>,
    /// Who closed it, with what, and when.
    pub closed: Option<(String, String, UtcTime)>,
    /// Every step.
    pub steps: Vec<Step>,
}

/// Something that may be a lapse, found in what the vault knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspicion {
    /// By what it is known again.
    pub key: String,
    /// What was found: `late-label`, `late-case`, `damaged`, `not-recorded`, `finding-overdue`,
    /// `late-publicity`, `late-withdrawal`, `late-figures`.
    pub kind: &'static str,
    /// Of `SOURCES`.
    pub source: &'static str,
    /// The item that fits it first.
    pub clause: &'static str,
    /// What it is about, by its name.
    pub about: String,
    /// The recording, where it is one.
    pub recording: Option<ContentId>,
    /// The case, where it is one.
    pub case_no: String,
    /// The unit, where it is known.
    pub unit: String,
}

/// Raises a lapse; gives its number.
pub async fn raise(vault: &Vault, actor: &Actor, new: NewLapse) -> Outcome<RecordId> {
    let clause = register::article_of(CLAUSES, &new.clause)?.to_owned();
    if !SOURCES.contains(&new.source.as_str()) {
        return Err(Fault::new(Code::ArgumentInvalid).with("argument", &new.source));
    }
    checked_text("unit", &new.unit, true)?;
    checked_text("concerned", &new.concerned, false)?;
    checked_text("case", &new.case_no, false)?;
    checked_text("text", &new.text, true)?;
    checked_text("key", &new.key, false)?;
    let invalid = |said: &str| Fault::new(Code::ArgumentInvalid).with("argument", said);
    let day: Date = new.due.parse().map_err(|_| invalid(&new.due))?;
    if day < Date::of(vault.clock.now()) {
        return Err(invalid(&new.due).with("reason", "day-over"));
    }
    if new.recordings.len() > LAPSE_ITEMS_MAX {
        return Err(invalid(&new.recordings.len().to_string()));
    }
    for recording in &new.recordings {
        vault.find(&recording.to_string()).await?;
    }
    let permitted = vault.permit(actor, Act::RaiseLapse).await?;
    let lapse = new_record()?;
    let NewLapse { source, key, unit, concerned, case_no, recordings, due, text, .. } = new;
    let details =
        vec![("key", key.clone()), ("unit", unit), ("concerned", concerned), ("due", due)];
    let words = Words { text: &text, case_no: &case_no, details };
    let body = OversightBody::LapseRaised { lapse, clause, source, recordings };
    let suspicion = key.as_str();
    let once = |entries: &[Entry]| {
        let same = entries.iter().find(|entry| !suspicion.is_empty() && key_of(entry) == suspicion);
        same.map_or(Ok(()), |same| Err(same.refused("raised-already")))
    };
    register::enter(vault, (permitted, actor), body, words, once).await?;
    Ok(lapse)
}

/// Whom it concerns answers; a later answer takes the place of an earlier one.
pub async fn answer(vault: &Vault, actor: &Actor, number: &str, text: &str) -> Outcome<()> {
    checked_text("text", text, true)?;
    let entry = register::find_one(vault, REGISTER, number).await?;
    let permitted = vault.permit(actor, Act::AnswerLapse).await?;
    let body = OversightBody::LapseAnswered { lapse: entry.id };
    let words = Words { text, ..Words::default() };
    let open =
        |entry: &Entry| entry.require(entry.last("lapse.closed").is_none(), "closed-already");
    register::step(vault, (permitted, actor), body, words, open).await
}

/// Closes a lapse: upheld, with what follows from it, or not.
pub async fn close(
    vault: &Vault,
    actor: &Actor,
    number: &str,
    (upheld, text): (bool, &str),
) -> Outcome<()> {
    checked_text("text", text, true)?;
    let entry = register::find_one(vault, REGISTER, number).await?;
    let answers = |entry: &Entry| {
        entry.steps.iter().any(|step| step.kind == "lapse.answered" && step.by_actor == actor.id())
    };
    let state = if answers(&entry) { State::OwnProposal } else { State::OthersProposal };
    let permitted = vault.permit_in(actor, Act::CloseLapse, state, Vec::new()).await?;
    let today = Date::of(vault.clock.now());
    let body = OversightBody::LapseClosed { lapse: entry.id, upheld };
    let words = Words { text, ..Words::default() };
    let ready = |entry: &Entry| {
        entry.require(entry.last("lapse.closed").is_none(), "closed-already")?;
        let answered = entry.last("lapse.answered").is_some();
        entry.require(answered || day_over(entry, today), "not-answered")
    };
    register::step(vault, (permitted, actor), body, words, ready).await
}

fn key_of(entry: &Entry) -> &str {
    entry.last("lapse.raised").map_or("", |step| step.field("key"))
}

fn day_over(entry: &Entry, today: Date) -> bool {
    let due = entry.last("lapse.raised").and_then(|step| step.field("due").parse().ok());
    due.is_some_and(|due: Date| due < today)
}

fn view(entry: Entry, today: Date) -> Option<Lapse> {
    let raised = entry.last("lapse.raised")?;
    let text = |name| raised.field(name).to_owned();
    let recordings = raised.field("recordings").split(' ').filter_map(|id| id.parse().ok());
    let said = |step: &Step| (step.person.clone(), step.text.clone(), step.at);
    let (answered, closed) = (entry.last("lapse.answered"), entry.last("lapse.closed"));
    let state = match (answered, closed.map(|step| step.field("upheld"))) {
        (_, Some("true")) => LapseState::Upheld,
        (_, Some(_)) => LapseState::Dismissed,
        (Some(_), None) => LapseState::Answered,
        (None, None) => LapseState::Raised,
    };
    Some(Lapse {
        id: entry.id,
        raised: NewLapse {
            clause: text("clause"),
            source: text("source"),
            key: text("key"),
            unit: text("unit"),
            concerned: text("concerned"),
            case_no: raised.case_no.clone(),
            recordings: recordings.collect(),
            due: text("due"),
            text: raised.text.clone(),
        },
        person: raised.person.clone(),
        at: raised.at,
        state,
        overdue: state == LapseState::Raised && day_over(&entry, today),
        answered: answered.map(said),
        closed: closed.map(said),
        steps: entry.steps,
    })
}

/// Lapses, the newest first.
pub async fn list(vault: &Vault, actor: &Actor) -> Outcome<Vec<Lapse>> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let today = Date::of(vault.clock.now());
    let entries = register::entries(&mut vault.catalog.ask().await?, REGISTER).await?;
    Ok(entries.into_iter().rev().filter_map(|entry| view(entry, today)).collect())
}

/// A lapse by its number, or the beginning of it.
pub async fn show(vault: &Vault, actor: &Actor, number: &str) -> Outcome<Lapse> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let unknown = || Fault::new(Code::EntryUnknown).with("id", number);
    let entry = register::find_one(vault, REGISTER, number).await?;
    view(entry, Date::of(vault.clock.now())).ok_or_else(unknown)
}

/// Lapses that are to be answered.
pub(super) async fn dues(vault: &Vault, today: Date) -> Outcome<Vec<Due>> {
    let entries = register::entries(&mut vault.catalog.ask().await?, REGISTER).await?;
    let views = entries.into_iter().filter_map(|entry| view(entry, today));
    let due = |lapse: Lapse| {
        let about = About {
            subject: lapse.id.to_string(),
            name: String::new(),
            unit: lapse.raised.unit,
            case_no: lapse.raised.case_no,
        };
        let since = (Date::of(lapse.at), Basis::Set);
        Some(Due::on(DueKind::AnswerLapse, about, since, lapse.raised.due.parse().ok()?, today))
    };
    let open = views.filter(|lapse| lapse.state == LapseState::Raised);
    Ok(open.filter_map(due).take(DEADLINES_MAX).collect())
}

/// What may be a lapse and was not raised yet: missed deadlines, damaged recordings, what had to be
/// recorded and was not, findings not put right in time; at most `DEADLINES_MAX` of each.
pub async fn suspicions(vault: &Vault, actor: &Actor) -> Outcome<Vec<Suspicion>> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let mut found = missed(vault, actor).await?;
    found.extend(damaged(vault).await?);
    found.extend(not_recorded(vault, actor).await?);
    found.extend(not_published(vault, actor).await?);
    found.extend(not_reported(vault).await?);
    let entries = register::entries(&mut vault.catalog.ask().await?, REGISTER).await?;
    let raised: BTreeSet<&str> = entries.iter().map(key_of).collect();
    found.retain(|one| !raised.contains(one.key.as_str()));
    Ok(found)
}

/// Terms that were missed, also those that were kept late, and those not put on record yet.
async fn missed(vault: &Vault, actor: &Actor) -> Outcome<Vec<Suspicion>> {
    let mut found: Vec<Suspicion> = Vec::new();
    for one in term::all(vault).await? {
        let about = (one.name, one.unit, one.case_no);
        found.extend(suspected(one.kind, &one.subject, about));
    }
    for due in deadlines(vault, actor).await?.into_iter().filter(Due::missed) {
        let about = (due.name.clone(), due.unit.clone(), due.case_no.clone());
        let more = suspected(due.kind, &due.subject, about);
        found.extend(more.filter(|one| found.iter().all(|known| known.key != one.key)));
    }
    Ok(found)
}

/// What a missed term of this kind may be.
fn suspected(
    due: DueKind,
    subject: &str,
    (about, unit, case_no): (String, String, String),
) -> Option<Suspicion> {
    let (kind, source) = match due {
        DueKind::Label => ("late-label", "deadline"),
        DueKind::CloseCase => ("late-case", "deadline"),
        DueKind::CorrectFinding => ("finding-overdue", "finding"),
        DueKind::Review
        | DueKind::AnswerLapse
        | DueKind::Publish
        | DueKind::Withdraw
        | DueKind::ReadCopy => return None,
    };
    let recording = if due == DueKind::Label { subject.parse().ok() } else { None };
    let (key, clause) = (format!("{kind}:{subject}"), due.clause()?);
    Some(Suspicion { key, kind, source, clause, about, recording, case_no, unit })
}

async fn not_published(vault: &Vault, actor: &Actor) -> Outcome<Vec<Suspicion>> {
    let suspected = |kind: &'static str, known: &str| (format!("{kind}:{known}"), kind);
    let mut found = Vec::new();
    for one in publicity::all(vault).await? {
        let withdrawn_late = one.withdrawal.as_ref().is_some_and(|term| term.late);
        let late =
            [("late-publicity", one.term.late), ("late-withdrawal", withdrawn_late)].into_iter();
        let id = one.id.to_string();
        found.extend(late.filter(|(_, late)| *late).map(|(kind, _)| Suspicion {
            about: one.draft.title.clone(),
            ..unpublished(suspected(kind, &id), &one.case_no, &one.unit)
        }));
    }
    let unentered = publicity::due(vault, actor).await?.into_iter();
    found.extend(unentered.filter(|due| due.entry.is_none() && due.term.late).map(|due| {
        let suspected = suspected("late-publicity", &due.case_no);
        Suspicion { about: due.name, ..unpublished(suspected, &due.case_no, &due.unit) }
    }));
    found.truncate(DEADLINES_MAX);
    Ok(found)
}

fn unpublished((key, kind): (String, &'static str), case_no: &str, unit: &str) -> Suspicion {
    Suspicion {
        key,
        kind,
        source: "deadline",
        clause: "A2.10(四)1",
        about: String::new(),
        recording: None,
        case_no: case_no.to_owned(),
        unit: unit.to_owned(),
    }
}

async fn not_reported(vault: &Vault) -> Outcome<Vec<Suspicion>> {
    let of = |year: i64| Suspicion {
        key: format!("late-figures:{year}"),
        kind: "late-figures",
        source: "deadline",
        clause: "A2.10(四)4",
        about: year.to_string(),
        recording: None,
        case_no: String::new(),
        unit: String::new(),
    };
    Ok(annual::overdue(vault).await?.map(of).into_iter().collect())
}

async fn damaged(vault: &Vault) -> Outcome<Vec<Suspicion>> {
    let limit = u32::try_from(DEADLINES_MAX).unwrap_or(u32::MAX);
    // One that was mended was damaged all the same.
    let since = vault.clock.now().plus_ms(-ALARM_DAYS * 86_400_000);
    let ids = vault.catalog.ask().await?.damaged(limit, since).await?;
    let mut found = Vec::new();
    for id in ids {
        let Ok(recording) = id.parse() else { continue };
        let row = vault.catalog().recording(&recording).await?;
        found.push(Suspicion {
            key: format!("damaged:{id}"),
            kind: "damaged",
            source: "alarm",
            clause: "A3.16(五)",
            about: row.name,
            recording: Some(recording),
            case_no: row.case,
            unit: String::new(),
        });
    }
    Ok(found)
}

async fn not_recorded(vault: &Vault, actor: &Actor) -> Outcome<Vec<Suspicion>> {
    let open = must_record::open(vault, actor).await?;
    let neither = open.into_iter().filter(|one| one.state == Recorded::Neither);
    let of = |one: must_record::Obligation| Suspicion {
        key: format!("not-recorded:{}:{}", one.case_no, one.activity),
        kind: "not-recorded",
        source: "alarm",
        clause: "A3.16(一)",
        about: one.documents.join("、"),
        recording: None,
        case_no: one.case_no,
        unit: one.unit,
    };
    Ok(neither.map(of).collect())
}
