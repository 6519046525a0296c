//! Recordings, case files, events, and what a search found, as tables.

use super::{Cell, Column, Table};
use crate::casefile::{CaseView, ContentsEntry};
use crate::clock::UtcTime;
use crate::holdings::Holding;
use crate::people::Names;
use crate::search::FoundText;
use crate::wording::Family;
use vault_proof::Event;

/// Recordings with their labels.
pub static RECORDINGS: Table<Holding> = Table {
    name: "recordings",
    columns: &[
        Column("ctl-column-case", |row| Cell::text(&row.case)),
        Column("ctl-column-counterpart", |row| Cell::text(&row.counterpart)),
        Column("ctl-column-handler", |row| Cell::text(&row.handler)),
        Column("ctl-column-activity", |row| Cell::name(Family::Activity, &row.activity)),
        Column("ctl-column-device", |row| Cell::text(&row.device)),
        Column("ctl-column-name", |row| Cell::text(&row.name)),
        Column("table-column-bytes", |row| Cell::count(row.bytes)),
        Column("ctl-column-received", |row| Cell::Time(row.received_at)),
        Column("ctl-column-maker", |row| Cell::text(&row.maker)),
        Column("ctl-column-method", |row| Cell::text(&row.method)),
        Column("ctl-column-proves", |row| Cell::text(&row.proves)),
        Column("ctl-column-secrecy", |row| Cell::name(Family::Secrecy, &row.secrecy)),
        Column("ctl-column-checked", |row| Cell::time(row.checked_at)),
        Column("ctl-column-damaged", |row| row.damaged_seq.map_or(Cell::Empty, Cell::count)),
        Column("ctl-column-destroyed", |row| row.destroyed_seq.map_or(Cell::Empty, Cell::count)),
        Column("ctl-column-seq", |row| Cell::count(row.accession_seq)),
        Column("table-column-blake3", |row| Cell::text(row.recording)),
        Column("ctl-column-sha256", |row| Cell::text(row.sha256.as_deref().unwrap_or_default())),
        Column("ctl-column-sm3", |row| Cell::text(row.sm3.as_deref().unwrap_or_default())),
    ],
};

/// Recordings that wait for their labels.
pub static TRAY: Table<Holding> = Table { name: "tray", columns: RECORDINGS.columns };

/// Case files.
pub static CASES: Table<CaseView> = Table {
    name: "cases",
    columns: &[
        Column("ctl-column-case", |row| Cell::text(&row.case_no)),
        Column("ctl-column-title", |row| Cell::text(&row.title)),
        Column("ctl-column-counterpart", |row| Cell::text(&row.counterpart)),
        Column("ctl-column-unit", |row| Cell::text(&row.unit)),
        Column("ctl-column-officer", |row| {
            Cell::texts(row.officers.iter().map(|one| format!("{} {}", one.name, one.certificate)))
        }),
        Column("ctl-column-opened-on", |row| Cell::day_of(&row.opened_on)),
        Column("ctl-column-ended-on", |row| Cell::day(row.ended_on)),
        Column("ctl-column-due-on", |row| Cell::day(row.due_on)),
        Column("ctl-column-closed", |row| Cell::time(row.closed.as_ref().map(|one| one.at))),
        Column("ctl-column-items", |row| Cell::count(row.contents.len())),
    ],
};

/// What is filed in one case (卷内目录).
pub static CONTENTS: Table<ContentsEntry> = Table {
    name: "contents",
    columns: &[
        Column("ctl-column-number", |row| Cell::count(row.number)),
        Column("ctl-column-stage", |row| Cell::name(Family::Stage, &row.stage)),
        Column("ctl-column-document", |row| Cell::name(Family::Document, &row.document)),
        Column("table-column-title", |row| Cell::text(&row.title)),
        Column("ctl-column-on", |row| Cell::day_of(&row.on)),
        Column("ctl-column-addendum", |row| Cell::answer(row.addendum)),
        Column("table-column-blake3", |row| Cell::text(row.content)),
    ],
};

/// An event with the person behind it.
#[derive(Debug)]
pub struct EventLine {
    /// The event.
    pub event: Event,
    /// The person; none for a terminal, and for the vault itself.
    pub person: Option<String>,
}

impl EventLine {
    /// An event, with the name behind its pseudonym.
    pub fn of(event: Event, names: &Names) -> Self {
        let person = names.person(&event.actor.id).map(str::to_owned);
        Self { event, person }
    }

    fn recordings(&self) -> impl Iterator<Item = &str> {
        self.event.subjects.keys().filter_map(|key| key.as_str().strip_prefix("recording:"))
    }
}

/// Events of the ledger.
pub static EVENTS: Table<EventLine> = Table {
    name: "events",
    columns: &[
        Column("ctl-column-seq", |row| Cell::count(row.event.seq)),
        Column("ctl-column-time", |row| Cell::Time(UtcTime::from_ms(row.event.time_ms))),
        Column("ctl-column-event", |row| Cell::name(Family::Event, row.event.body.kind())),
        Column("ctl-column-person", |row| Cell::text(row.person.as_deref().unwrap_or_default())),
        Column("ctl-column-role", |row| Cell::name(Family::Role, &row.event.actor.role)),
        Column("table-column-pseudonym", |row| Cell::text(&row.event.actor.id)),
        Column("table-column-blake3", |row| Cell::texts(row.recordings())),
    ],
};

/// A place where words were found, with the name and the case of its recording.
#[derive(Debug)]
pub struct HitLine {
    /// The place.
    pub hit: FoundText,
    /// Name of the source.
    pub name: String,
    /// 案号.
    pub case: String,
}

/// What a search found.
pub static HITS: Table<HitLine> = Table {
    name: "hits",
    columns: &[
        Column("ctl-column-case", |row| Cell::text(&row.case)),
        Column("ctl-column-name", |row| Cell::text(&row.name)),
        Column("ctl-column-source", |row| Cell::name(Family::Source, &row.hit.source)),
        Column("table-column-from-seconds", |row| Cell::count(row.hit.from_ms / 1_000)),
        Column("ctl-column-text", |row| Cell::text(&row.hit.text)),
        Column("table-column-blake3", |row| Cell::text(row.hit.recording)),
    ],
};
