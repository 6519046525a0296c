//! Volumes, disposals, copies that left, jobs, as tables.

use super::{Cell, Column, Table};
use crate::access::Copy;
use crate::disposal::{Candidate, DisposalView};
use crate::retention::Until;
use crate::volume::VolumeView;
use crate::wording::Family;
use crate::work::JobView;

/// Recordings whose time may be over, with everything that stands against their disposal.
pub static CANDIDATES: Table<Candidate> = Table {
    name: "candidates",
    columns: &[
        Column("ctl-column-name", |row| Cell::text(&row.name)),
        Column("table-column-bytes", |row| Cell::count(row.bytes)),
        Column("ctl-column-received", |row| Cell::Time(row.received_at)),
        Column("ctl-column-until", |row| match row.retention.until {
            Until::Day(date) => Cell::Day(date),
            Until::Ever => Cell::name(Family::Kept, "ever"),
        }),
        Column("ctl-column-against", |row| {
            Cell::names(Family::Obstacle, row.obstacles.iter().map(|one| one.kind))
        }),
        Column("ctl-column-risks", |row| {
            Cell::names(Family::Obstacle, row.risks.iter().map(|one| one.kind))
        }),
        Column("table-column-blake3", |row| Cell::text(row.recording)),
    ],
};

/// Disposals.
pub static DISPOSALS: Table<DisposalView> = Table {
    name: "disposals",
    columns: &[
        Column("ctl-column-disposal", |row| Cell::text(row.id)),
        Column("ctl-column-state", |row| Cell::name(Family::Disposal, row.state.as_str())),
        Column("ctl-column-items", |row| Cell::count(row.recordings.len())),
        Column("table-column-proposed-by", |row| Cell::text(&row.proposed.0)),
        Column("ctl-column-reason", |row| Cell::text(&row.proposed.1)),
        Column("table-column-proposed-at", |row| Cell::Time(row.proposed.2)),
        Column("table-column-approved-by", |row| {
            Cell::text(row.approved.as_ref().map_or("", |(person, ..)| person))
        }),
        Column("table-column-approved-at", |row| {
            Cell::time(row.approved.as_ref().map(|(.., at)| *at))
        }),
        Column("table-column-carried-out", |row| {
            Cell::time(row.carried_out.as_ref().map(|(_, at)| *at))
        }),
        Column("table-column-destroyed", |row| Cell::count(row.destroyed.len())),
        Column("table-column-spared", |row| Cell::count(row.spared.len())),
        Column("table-column-bytes", |row| Cell::count(row.bytes)),
    ],
};

/// Copies of a recording that left.
pub static COPIES: Table<Copy> = Table {
    name: "copies",
    columns: &[
        Column("ctl-column-request", |row| Cell::text(row.request)),
        Column("ctl-column-copy", |row| Cell::count(row.copy)),
        Column("ctl-column-time", |row| Cell::Time(row.at)),
        Column("ctl-column-recipient", |row| Cell::text(&row.to)),
        Column("ctl-column-person", |row| Cell::text(&row.by)),
        Column("ctl-column-seq", |row| Cell::count(row.seq)),
        Column("ctl-column-package", |row| {
            Cell::text(row.signature.as_deref().unwrap_or_default())
        }),
    ],
};

/// Jobs that are not done.
pub static JOBS: Table<JobView> = Table {
    name: "jobs",
    columns: &[
        Column("ctl-column-job", |row| Cell::Number(row.id)),
        Column("ctl-column-job-kind", |row| Cell::name(Family::JobKind, &row.kind)),
        Column("ctl-column-job-state", |row| Cell::name(Family::JobState, &row.state)),
        Column("ctl-column-job-attempts", |row| Cell::Number(row.attempts)),
        Column("ctl-column-job-due", |row| Cell::Time(row.due_at)),
        Column("ctl-column-job-problem", |row| {
            Cell::text(row.problem.as_deref().unwrap_or_default().trim())
        }),
    ],
};

/// Volumes for long-term preservation.
pub static VOLUMES: Table<VolumeView> = Table {
    name: "volumes",
    columns: &[
        Column("ctl-column-label", |row| Cell::text(&row.label)),
        Column("table-column-medium", |row| Cell::text(&row.medium)),
        Column("table-column-bytes", |row| Cell::count(row.bytes)),
        Column("table-column-built-at", |row| Cell::Time(row.built_at)),
        Column("ctl-column-recordings", |row| Cell::count(row.recordings)),
        Column("ctl-column-places", |row| Cell::texts(row.copies.iter().map(|copy| &copy.place))),
        Column("ctl-column-counts", |row| Cell::answer(row.counts())),
        Column("table-column-image", |row| Cell::text(&row.image)),
    ],
};
