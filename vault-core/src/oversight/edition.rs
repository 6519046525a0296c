//! Editions of the calendar (工作日历): the notice of a year that came after the program, brought in
//! by one person and confirmed by another (R28).
//!
//! Promises: nothing is counted by an edition that one person alone brought in; the last confirmed
//! edition of a year takes the place of what was there of it; what was brought in stays on record.

use super::deadlines::open_terms;
use super::register::{self, Entry, Words};
use super::term::{self, Moved};
use crate::calendar::{Calendar, DayKind};
use crate::clock::{Date, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::EDITION_BYTES_MAX;
use crate::policy::{Act, Actor, State};
use crate::vault::Vault;
use crate::vault::change::new_record;
use vault_proof::{OversightBody, RecordId};

const REGISTER: &str = "calendar";

/// An edition as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// Its number.
    pub id: RecordId,
    /// The year.
    pub year: i64,
    /// The notices, by their addresses.
    pub papers: Vec<String>,
    /// Days that are not as their weekday says.
    pub days: Vec<(Date, DayKind)>,
    /// Who brought it in, and when.
    pub proposed: (String, UtcTime),
    /// Who confirmed it, and when.
    pub confirmed: Option<(String, UtcTime)>,
}

fn unreadable() -> Fault {
    Fault::new(Code::EditionInvalid).with("limit", EDITION_BYTES_MAX)
}

/// Brings the notice of a year in, as JSON in the form of `docs/formats/calendar.md`; gives its
/// number.
pub async fn propose(vault: &Vault, actor: &Actor, text: &str) -> Outcome<RecordId> {
    if text.len() > EDITION_BYTES_MAX {
        return Err(unreadable());
    }
    let year = Calendar::default().take(text).ok_or_else(unreadable)?;
    let permitted = vault.permit(actor, Act::ProposeCalendar).await?;
    let edition = new_record()?;
    let year = u64::try_from(year).map_err(|_| unreadable())?;
    let details = vec![("edition_json", text.to_owned())];
    let words = Words { details, ..Words::default() };
    let body = OversightBody::CalendarProposed { edition, year };
    register::enter(vault, (permitted, actor), body, words, |_| Ok(())).await?;
    Ok(edition)
}

/// Another person confirms an edition; from then on terms are counted by it. Gives the running terms
/// whose last day it moved; each is on record with the old and the new one.
pub async fn confirm(vault: &Vault, actor: &Actor, number: &str) -> Outcome<Vec<Moved>> {
    let entry = register::find_one(vault, REGISTER, number).await?;
    let own = entry.steps.first().is_some_and(|step| step.by_actor == actor.id());
    let state = if own { State::OwnProposal } else { State::OthersProposal };
    let permitted = vault.permit_in(actor, Act::ConfirmCalendar, state, Vec::new()).await?;
    let body = OversightBody::CalendarConfirmed { edition: entry.id };
    let open = |entry: &Entry| {
        entry.require(entry.last("calendar.confirmed").is_none(), "confirmed-already")
    };
    let before = open_terms(vault, &calendar(vault).await?).await?;
    register::step(vault, (permitted, actor), body, Words::default(), open).await?;
    term::note_moved(vault, actor, (before, entry.id), &calendar(vault).await?).await
}

fn view(entry: &Entry) -> Option<Edition> {
    let proposed = entry.last("calendar.proposed")?;
    let mut calendar = Calendar::default();
    let year = calendar.take(proposed.field("edition_json"))?;
    let said = |step: &super::Step| (step.person.clone(), step.at);
    Some(Edition {
        id: entry.id,
        year,
        papers: calendar.years().get(&year).cloned().unwrap_or_default(),
        days: calendar.unusual(year).collect(),
        proposed: said(proposed),
        confirmed: entry.last("calendar.confirmed").map(said),
    })
}

/// Editions that were brought in, the newest first.
pub async fn list(vault: &Vault, actor: &Actor) -> Outcome<Vec<Edition>> {
    vault.admit(actor, Act::ReadCatalogue).await?;
    let entries = register::entries(&mut vault.catalog.ask().await?, REGISTER).await?;
    Ok(entries.iter().rev().filter_map(view).collect())
}

/// The calendar by which this vault counts: what comes with the program, and what two people
/// brought in, in the order of the confirmations.
pub async fn calendar(vault: &Vault) -> Outcome<Calendar> {
    let mut calendar = Calendar::official();
    let entries = register::entries(&mut vault.catalog.ask().await?, REGISTER).await?;
    let confirmed = |entry: &Entry| entry.last("calendar.confirmed").map(|step| step.seq);
    let mut editions: Vec<_> =
        entries.iter().filter_map(|entry| Some((confirmed(entry)?, entry))).collect();
    editions.sort_by_key(|(seq, _)| *seq);
    for (_, entry) in editions {
        let said = entry.last("calendar.proposed").map_or("", |step| step.field("edition_json"));
        // Read when it was brought in.
        let _taken = calendar.take(said);
    }
    Ok(calendar)
}
