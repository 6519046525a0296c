//! Case files.

use super::said_time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vault_core::casefile::{CaseView, ContentsEntry, EntryKind, Recorded};

/// An officer of a case.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OfficerSaid {
    /// The name.
    pub name: String,
    /// 执法证件号.
    pub certificate: String,
}

/// A case file in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseLine {
    /// 案号.
    pub case: String,
    /// 案由.
    pub title: String,
    /// 行政相对人.
    pub counterpart: String,
    /// The handling unit.
    pub unit: String,
    /// The officers.
    pub officers: Vec<OfficerSaid>,
    /// The day it was opened.
    pub opened_on: String,
    /// The day the enforcement ended.
    pub ended_on: Option<String>,
    /// The day by which it is to be closed.
    pub due_on: Option<String>,
    /// When it was closed.
    pub closed: Option<String>,
    /// By whom.
    pub closed_by: Option<String>,
    /// How many entries it has.
    pub entries: usize,
    /// How much it lacks.
    pub lacks: usize,
    /// How many recordings came after the closing and wait to be added.
    pub awaiting: usize,
}

/// A line of the table of contents.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContentsLine {
    /// Its number, from 1.
    pub number: u64,
    /// `document` or `recording`.
    pub kind: &'static str,
    /// Its content id.
    pub content: String,
    /// Its title, or the name it came under.
    pub title: String,
    /// The stage of a written record.
    pub stage: String,
    /// The type of a written record.
    pub document: String,
    /// The day of a written record.
    pub on: String,
    /// Whether it came after the closing.
    pub addendum: bool,
}

/// Something a complete file would hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct Lacking {
    /// Of which stage.
    pub stage: &'static str,
    /// One of these types.
    pub any_of: Vec<&'static str>,
    /// The article that asks for it.
    pub article: &'static str,
}

/// A recording that came after the closing and waits to be added.
#[derive(Debug, Serialize, ToSchema)]
pub struct AwaitingSaid {
    /// Which recording.
    pub recording: String,
    /// The name it came under.
    pub name: String,
}

/// A day that was said to be the end of the enforcement.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndingSaid {
    /// The day.
    pub on: String,
    /// When it was said.
    pub at: String,
    /// By whom.
    pub by: String,
    /// Why it differs from the day before it; empty for the first.
    pub reason: String,
}

/// A case file.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseSaid {
    /// The case.
    #[serde(flatten)]
    pub line: CaseLine,
    /// What the archivist noted at the closing.
    pub closing_note: Option<String>,
    /// Every day that was said to be the end, the one that holds last.
    pub endings: Vec<EndingSaid>,
    /// What came after the closing and waits to be added.
    pub awaiting_recordings: Vec<AwaitingSaid>,
    /// The table of contents.
    pub contents: Vec<ContentsLine>,
    /// What it lacks.
    pub missing: Vec<Lacking>,
}

/// A line of a list.
pub fn case_line(case: &CaseView) -> CaseLine {
    let officers = case.officers.iter().map(|officer| OfficerSaid {
        name: officer.name.clone(),
        certificate: officer.certificate.clone(),
    });
    CaseLine {
        case: case.case_no.clone(),
        title: case.title.clone(),
        counterpart: case.counterpart.clone(),
        unit: case.unit.clone(),
        officers: officers.collect(),
        opened_on: case.opened_on.clone(),
        ended_on: case.ended_on.map(|day| day.to_string()),
        due_on: case.due_on.map(|day| day.to_string()),
        closed: case.closed.as_ref().map(|closing| said_time(closing.at)),
        closed_by: case.closed.as_ref().map(|closing| closing.person.clone()),
        entries: case.contents.len(),
        lacks: case.missing.len(),
        awaiting: case.awaiting.len(),
    }
}

/// A line of the table of contents.
pub fn contents_line(entry: &ContentsEntry) -> ContentsLine {
    ContentsLine {
        number: entry.number,
        kind: match entry.kind {
            EntryKind::Document => "document",
            EntryKind::Recording => "recording",
        },
        content: entry.content.to_string(),
        title: entry.title.clone(),
        stage: entry.stage.clone(),
        document: entry.document.clone(),
        on: entry.on.clone(),
        addendum: entry.addendum,
    }
}

/// A case file with its contents.
pub fn case_said(case: &CaseView) -> CaseSaid {
    let contents = case.contents.iter().map(contents_line);
    let missing = case.missing.iter().map(|missing| Lacking {
        stage: missing.stage,
        any_of: missing.any_of.to_vec(),
        article: missing.article,
    });
    let endings = case.endings.iter().map(|ending| EndingSaid {
        on: ending.on.to_string(),
        at: said_time(ending.at),
        by: ending.person.clone(),
        reason: ending.reason.clone(),
    });
    let awaiting = case
        .awaiting
        .iter()
        .map(|one| AwaitingSaid { recording: one.recording.to_string(), name: one.name.clone() });
    CaseSaid {
        line: case_line(case),
        closing_note: case.closed.as_ref().map(|closing| closing.note.clone()),
        endings: endings.collect(),
        awaiting_recordings: awaiting.collect(),
        contents: contents.collect(),
        missing: missing.collect(),
    }
}

/// When a recording of a case was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordedSaid {
    /// Which recording.
    pub recording: String,
    /// The name it came under.
    pub name: String,
    /// `video`, `audio`, `picture`, `other`; empty where nothing was examined.
    pub medium: String,
    /// Who says when.
    pub source: &'static str,
    /// Its beginning.
    pub started: String,
    /// Its end.
    pub ended: String,
}

/// A recording on the timeline of its case.
pub fn recorded_said(recorded: &Recorded) -> RecordedSaid {
    RecordedSaid {
        recording: recorded.recording.to_string(),
        name: recorded.name.clone(),
        medium: recorded.medium.clone(),
        source: recorded.source.as_str(),
        started: said_time(recorded.started),
        ended: said_time(recorded.ended),
    }
}
