//! What waits, and messages that were sent, as tables.

use super::{Cell, Column, Table};
use crate::reminders::{Delivery, Duty};
use crate::wording::Family;

/// What waits for a person.
pub static DUTIES: Table<Duty> = Table {
    name: "duties",
    columns: &[
        Column("ctl-column-what", |row| Cell::name(Family::Duty, row.kind)),
        Column("ctl-column-items", |row| Cell::count(row.count)),
        Column("table-column-overdue", |row| Cell::count(row.late)),
    ],
};

/// Messages.
pub static DELIVERIES: Table<Delivery> = Table {
    name: "deliveries",
    columns: &[
        Column("ctl-column-date", |row| Cell::Day(row.message.day)),
        Column("ctl-column-channel", |row| Cell::text(&row.message.channel)),
        Column("ctl-column-recipient", |row| Cell::text(&row.message.recipient)),
        Column("ctl-column-text", |row| Cell::text(&row.message.text)),
        Column("ctl-column-state", |row| Cell::name(Family::Delivery, row.state.as_str())),
        Column("ctl-column-job-attempts", |row| Cell::count(row.attempts)),
        Column("ctl-column-time", |row| Cell::time(row.tried_at)),
        Column("ctl-column-job-problem", |row| Cell::text(&row.problem)),
        Column("ctl-column-entry", |row| Cell::text(&row.message.id)),
    ],
};
