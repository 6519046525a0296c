//! What a case file holds: its table of contents (卷内目录), what it lacks, how it stands.

use super::kinds::{REQUIRED, STAGES};
use crate::catalog::{Asking, CaseAct, CaseRow};
use crate::clock::{Date, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{CASE_FILING_DAYS, TIMELINE_MAX};
use crate::media::TimeSource;
use crate::vault::Vault;
use vault_proof::canonical::{self, Value};
use vault_proof::{ContentId, RecordId};

/// An officer of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// The name.
    pub name: String,
    /// The number of the certificate (执法证件号).
    pub certificate: String,
}

/// What stands in a table of contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A written record.
    Document,
    /// A recording.
    Recording,
}

/// A line of the table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentsEntry {
    /// Its number, from 1.
    pub number: u64,
    /// What it is.
    pub kind: EntryKind,
    /// Its content id.
    pub content: ContentId,
    /// Its title, or the name it came under.
    pub title: String,
    /// The stage of a written record; empty for a recording.
    pub stage: String,
    /// The type of a written record; empty for a recording.
    pub document: String,
    /// The day of a written record, as `2026-01-31`; may be empty.
    pub on: String,
    /// Whether it came after the closing.
    pub addendum: bool,
    /// The event that filed it; `None` while it belongs to the case by its label alone.
    pub seq: Option<u64>,
}

/// Something a complete file would hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Of which stage.
    pub stage: &'static str,
    /// One of these types.
    pub any_of: &'static [&'static str],
    /// The article that asks for it.
    pub article: &'static str,
}

/// A recording that bears the 案号 of a file that was closed, and does not lie in it: the archivist
/// adds it, or leaves it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaiting {
    /// Which recording.
    pub recording: ContentId,
    /// The name it came under.
    pub name: String,
}

/// The closing of a case file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// When.
    pub at: UtcTime,
    /// By whom.
    pub person: String,
    /// What the archivist noted, as why something is missing.
    pub note: String,
}

/// A day on which somebody said that the enforcement ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// The day.
    pub on: Date,
    /// When it was said.
    pub at: UtcTime,
    /// By whom.
    pub person: String,
    /// Why it differs from the day before it; empty for the first.
    pub reason: String,
}

/// A case file as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseView {
    /// Its number in the vault.
    pub id: RecordId,
    /// 案号.
    pub case_no: String,
    /// 案由.
    pub title: String,
    /// 行政相对人.
    pub counterpart: String,
    /// The handling unit.
    pub unit: String,
    /// The officers, two at least.
    pub officers: Vec<Officer>,
    /// The day the case was opened.
    pub opened_on: String,
    /// The day the enforcement ended.
    pub ended_on: Option<Date>,
    /// The day by which the file is to be closed.
    pub due_on: Option<Date>,
    /// Every day that was said to be the end, the one that holds last.
    pub endings: Vec<Ending>,
    /// Its closing.
    pub closed: Option<Closing>,
    /// The table of contents.
    pub contents: Vec<ContentsEntry>,
    /// What came after the closing and waits to be added.
    pub awaiting: Vec<Awaiting>,
    /// What it lacks.
    pub missing: Vec<Missing>,
    /// The event that opened it; the key of lists.
    pub opened_seq: u64,
}

pub(crate) fn is_closed(acts: &[CaseAct]) -> bool {
    acts.iter().any(|act| act.kind == "case.closed")
}

pub(crate) fn officers_of(text: &str) -> Vec<Officer> {
    let Ok(Value::List(list)) = canonical::parse(text.as_bytes()) else { return Vec::new() };
    let field =
        |one: &Value, name| one.get(name).and_then(Value::as_text).unwrap_or_default().to_owned();
    let officer =
        |one: &Value| Officer { name: field(one, "name"), certificate: field(one, "certificate") };
    list.iter().map(officer).collect()
}

/// Entries in the order of the table: written records by stage and day, then recordings, then
/// addenda as they came.
pub(super) fn contents(
    acts: &[CaseAct],
    labelled: &[(ContentId, String)],
) -> Outcome<Vec<ContentsEntry>> {
    let damaged = |_| Fault::new(Code::CatalogueDamaged).with("what", "case");
    let mut entries = Vec::new();
    for act in acts {
        let kind = match act.kind.as_str() {
            "case.recording-added" => EntryKind::Recording,
            "case.document-added" => EntryKind::Document,
            _ => continue,
        };
        entries.push(ContentsEntry {
            number: 0,
            kind,
            content: act.content.parse().map_err(damaged)?,
            title: if act.title.is_empty() { act.name.clone() } else { act.title.clone() },
            stage: act.stage.clone(),
            document: act.document.clone(),
            on: act.on_date.clone(),
            addendum: act.addendum,
            seq: Some(act.seq),
        });
    }
    if !is_closed(acts) {
        for (recording, name) in labelled {
            if entries.iter().any(|entry| entry.content == *recording) {
                continue;
            }
            entries.push(ContentsEntry {
                number: 0,
                kind: EntryKind::Recording,
                content: *recording,
                title: name.clone(),
                stage: String::new(),
                document: String::new(),
                on: String::new(),
                addendum: false,
                seq: None,
            });
        }
    }
    let stage = |entry: &ContentsEntry| STAGES.iter().position(|stage| *stage == entry.stage);
    entries.sort_by_key(|entry| {
        let later = (entry.addendum, entry.kind == EntryKind::Recording);
        let place = if entry.addendum { None } else { stage(entry) };
        let on = if entry.addendum { String::new() } else { entry.on.clone() };
        (later, place, on, entry.seq.unwrap_or(u64::MAX))
    });
    for (number, entry) in (1..).zip(&mut entries) {
        entry.number = number;
    }
    Ok(entries)
}

/// Something a complete file holds, and what there is of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Required<'a> {
    /// What; lacking where nothing is held.
    pub(crate) what: Missing,
    /// What there is of it.
    pub(crate) held: Vec<&'a ContentsEntry>,
}

/// What a complete file holds, in the order of the stages.
pub(crate) fn required(entries: &[ContentsEntry]) -> Vec<Required<'_>> {
    let of = |(stage, any_of, article): &(&'static str, &'static [&'static str], &'static str)| {
        let fits = |entry: &&ContentsEntry| any_of.contains(&entry.document.as_str());
        let held = entries.iter().filter(fits).collect();
        Required { what: Missing { stage, any_of, article }, held }
    };
    REQUIRED.iter().map(of).collect()
}

pub(super) fn missing(entries: &[ContentsEntry]) -> Vec<Missing> {
    let lacking = required(entries).into_iter().filter(|one| one.held.is_empty());
    lacking.map(|one| one.what).collect()
}

/// BLAKE3 of the table of contents in canonical form.
pub(super) fn digest(entries: &[ContentsEntry]) -> ContentId {
    let line = |entry: &ContentsEntry| {
        Value::map([
            ("content", Value::Text(entry.content.to_string())),
            ("document", Value::text(&entry.document)),
            ("on", Value::text(&entry.on)),
            ("stage", Value::text(&entry.stage)),
            ("title", Value::text(&entry.title)),
        ])
    };
    let list = Value::List(entries.iter().map(line).collect());
    ContentId::from_bytes(*blake3::hash(&canonical::encode(&list)).as_bytes())
}

/// The case file of that number or 案号.
pub(crate) async fn find(vault: &Vault, number: &str) -> Outcome<CaseRow> {
    let unknown = || Fault::new(Code::CaseUnknown).with("case", number);
    vault.catalog.ask().await?.case(number).await?.ok_or_else(unknown)
}

/// A case file with everything in it.
pub async fn show(vault: &Vault, number: &str) -> Outcome<CaseView> {
    let row = find(vault, number).await?;
    let mut asking = vault.catalog.ask().await?;
    let acts = asking.case_acts(&row.case_id).await?;
    let labelled = asking.labelled(&row.case_no).await?;
    let awaiting = awaiting(&mut asking, &row, &acts).await?;
    view(row, &acts, &labelled, awaiting)
}

async fn awaiting(
    asking: &mut Asking<'_>,
    row: &CaseRow,
    acts: &[CaseAct],
) -> Outcome<Vec<(ContentId, String)>> {
    if is_closed(acts) { asking.awaiting(Some(&row.case_id)).await } else { Ok(Vec::new()) }
}

/// How many recordings wait to be added to case files that were closed.
pub(crate) async fn awaiting_count(vault: &Vault) -> Outcome<u64> {
    let all = vault.catalog.ask().await?.awaiting(None).await?;
    Ok(all.len() as u64)
}

fn endings(acts: &[CaseAct]) -> Vec<Ending> {
    let ending = |act: &CaseAct| {
        let (at, person, reason) = (act.at_ms, act.person.clone(), act.note.clone());
        Some(Ending { on: act.on_date.parse().ok()?, at, person, reason })
    };
    acts.iter().filter(|act| act.kind == "case.ended").filter_map(ending).collect()
}

fn view(
    row: CaseRow,
    acts: &[CaseAct],
    labelled: &[(ContentId, String)],
    awaiting: Vec<(ContentId, String)>,
) -> Outcome<CaseView> {
    let endings = endings(acts);
    let ended_on = endings.last().map(|ending| ending.on);
    let closed = acts.iter().find(|act| act.kind == "case.closed").map(|act| Closing {
        at: act.at_ms,
        person: act.person.clone(),
        note: act.note.clone(),
    });
    let contents = contents(acts, labelled)?;
    let awaiting = awaiting.into_iter().map(|(recording, name)| Awaiting { recording, name });
    Ok(CaseView {
        id: row.case_id,
        officers: officers_of(&row.officers),
        case_no: row.case_no,
        title: row.title,
        counterpart: row.counterpart,
        unit: row.unit,
        opened_on: row.opened_on,
        ended_on,
        due_on: ended_on.map(|day| day.plus_days(CASE_FILING_DAYS)),
        endings,
        closed,
        missing: missing(&contents),
        contents,
        awaiting: awaiting.collect(),
        opened_seq: row.seq,
    })
}

/// A page of case files, and where the next begins.
pub async fn list(
    vault: &Vault,
    after: Option<u64>,
    rows_max: u32,
) -> Outcome<(Vec<CaseView>, Option<u64>)> {
    let mut asking = vault.catalog.ask().await?;
    let rows = asking.cases(after, rows_max).await?;
    let next = rows.last().map(|row| row.seq);
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let acts = asking.case_acts(&row.case_id).await?;
        let labelled = asking.labelled(&row.case_no).await?;
        let awaiting = awaiting(&mut asking, &row, &acts).await?;
        views.push(view(row, &acts, &labelled, awaiting)?);
    }
    Ok((views, next))
}

/// When a recording of a case was made, by the best of the times it states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Which recording.
    pub recording: ContentId,
    /// The name it came under.
    pub name: String,
    /// `video`, `audio`, `picture`, `other`; empty where nothing was examined.
    pub medium: String,
    /// Who says when.
    pub source: TimeSource,
    /// Its beginning.
    pub started: UtcTime,
    /// Its end; for a picture, its beginning.
    pub ended: UtcTime,
}

/// The recordings of a case in the order of time, those left out that state none; at most
/// `TIMELINE_MAX`.
pub async fn timeline(vault: &Vault, number: &str) -> Outcome<Vec<Recorded>> {
    let case = show(vault, number).await?;
    let entries = case.contents.into_iter().filter(|entry| entry.kind == EntryKind::Recording);
    let mut all = Vec::new();
    for entry in entries.take(TIMELINE_MAX) {
        let facts = vault.media_facts(&entry.content).await?;
        let Some(claim) = facts.times.first() else { continue };
        let Some(started) = claim.started.or(claim.ended) else { continue };
        all.push(Recorded {
            recording: entry.content,
            name: entry.title,
            medium: facts.medium,
            source: claim.source,
            started,
            ended: claim.ended.unwrap_or(started),
        });
    }
    all.sort_by_key(|one| (one.started, one.recording));
    Ok(all)
}
