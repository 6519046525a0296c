//! Accounts and requests as tables.

use super::{Cell, Column, Table};
use crate::access::RequestView;
use crate::people::Account;
use crate::wording::Family;

/// Accounts.
pub static ACCOUNTS: Table<Account> = Table {
    name: "people",
    columns: &[
        Column("ctl-column-account", |row| Cell::text(&row.login)),
        Column("ctl-column-person", |row| Cell::text(&row.person)),
        Column("ctl-column-unit", |row| Cell::text(&row.unit)),
        Column("table-column-inside", |row| Cell::answer(row.inside)),
        Column("table-column-certificate", |row| Cell::text(&row.certificate)),
        Column("ctl-column-roles", |row| {
            Cell::names(Family::Role, row.roles.iter().map(|role| role.as_str()))
        }),
        Column("ctl-column-proposed", |row| {
            let roles = row.proposal.iter().flat_map(|proposal| &proposal.roles);
            Cell::names(Family::Role, roles.map(|role| role.as_str()))
        }),
        Column("table-column-disabled", |row| Cell::answer(row.disabled)),
    ],
};

/// Requests for recordings.
pub static REQUESTS: Table<RequestView> = Table {
    name: "requests",
    columns: &[
        Column("ctl-column-request", |row| Cell::text(row.id)),
        Column("ctl-column-state", |row| Cell::name(Family::Request, row.state.as_str())),
        Column("ctl-column-time", |row| Cell::Time(row.at)),
        Column("table-column-applicant-kind", |row| Cell::name(Family::Applicant, &row.applicant)),
        Column("ctl-column-applicant", |row| Cell::text(&row.applicant_name)),
        Column("ctl-column-unit", |row| Cell::text(&row.applicant_unit)),
        Column("ctl-column-purpose", |row| Cell::text(&row.purpose)),
        Column("ctl-column-mode", |row| {
            Cell::name(Family::Mode, if row.copies_asked { "copy" } else { "view" })
        }),
        Column("ctl-column-recordings", |row| Cell::count(row.recordings.len())),
        Column("ctl-column-days", |row| Cell::count(row.days)),
        Column("ctl-column-office", |row| Cell::name(Family::Role, row.office.as_str())),
        Column("ctl-column-decision", |row| {
            let said = row.decision.as_ref();
            said.map_or(Cell::Empty, |one| {
                Cell::name(Family::Step, if one.consent { "consent" } else { "refuse" })
            })
        }),
        Column("table-column-decided-by", |row| {
            Cell::text(row.decision.as_ref().map_or("", |one| &one.person))
        }),
        Column("ctl-column-notice", |row| {
            let notice = row.notice.map(|(year, number, _)| format!("{year}-{number}"));
            Cell::text(notice.unwrap_or_default())
        }),
        Column("ctl-column-expires", |row| Cell::time(row.expires_at)),
        Column("ctl-column-copies-out", |row| Cell::count(row.copies_out)),
    ],
};
