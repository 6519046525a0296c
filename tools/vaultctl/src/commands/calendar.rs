//! `vaultctl calendar`, `vaultctl deadlines`: working days by the official calendar, and what is to
//! be done until when (R08, R12, R28).
//!
//! Promises: a deadline is told with every day it counted and the notices it rests on; one that was
//! counted by weekends alone says so. Where a vault is named, it is counted by the editions that
//! two people brought in as well; where none is, by what comes with the program.

use crate::arguments::{invalid, number, path, text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::registers::done;
use crate::sheets::given;
use crate::table::{Lean, Table};
use crate::times::rfc3339;
use crate::view::short;
use clap::{ArgMatches, Command, value_parser};
use serde_json::{Value, json};
use std::io::Read;
use std::path::PathBuf;
use vault_core::calendar::{Calendar, DayKind, Passed, WORKING_DAYS_MAX};
use vault_core::clock::Date;
use vault_core::fault::{Code, Fault};
use vault_core::limits::EDITION_BYTES_MAX;
use vault_core::oversight::edition::{self, Edition};
use vault_core::oversight::{Due, DueKind, deadlines};
use vault_core::tables;
use vault_core::wording::shown;

/// `vaultctl calendar`.
pub(super) fn command(help: Help<'_>) -> Command {
    let show = help
        .command("show", "calendar-show")
        .arg(help.positional("year").required(true))
        .arg(help.json());
    let deadline = help
        .command("deadline", "calendar-deadline")
        .arg(help.positional("date").required(true))
        .arg(help.positional("working-days").required(true))
        .arg(help.json());
    let import = help
        .command("import", "calendar-import")
        .arg(help.positional("edition-file").required(true).value_parser(value_parser!(PathBuf)))
        .arg(help.json());
    let confirm = help
        .command("confirm", "calendar-confirm")
        .arg(help.positional("edition").required(true))
        .arg(help.json());
    help.command("calendar", "calendar")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(show)
        .subcommand(deadline)
        .subcommand(import)
        .subcommand(confirm)
        .subcommand(help.command("editions", "calendar-editions").arg(help.xlsx()).arg(help.json()))
}

/// `vaultctl deadlines`.
pub(super) fn deadlines_command(help: Help<'_>) -> Command {
    help.command("deadlines", "deadlines").arg(help.xlsx()).arg(help.json())
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("show", matches)) => show(context, matches, &counted_by(context).await?),
        Some(("deadline", matches)) => deadline(context, matches, &counted_by(context).await?),
        Some(("import", matches)) => import(context, matches).await,
        Some(("confirm", matches)) => confirm(context, matches).await,
        Some(("editions", matches)) => editions(context, matches).await,
        _ => Err(super::no_command()),
    }
}

/// The calendar of the vault that is named, or the one that comes with the program.
async fn counted_by(context: &Context) -> Answer<Calendar> {
    if context.directory.is_none() {
        return Ok(Calendar::official());
    }
    Ok(edition::calendar(&context.vault().await?).await?)
}

async fn import(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let path = path(matches, "edition-file")?;
    let unreadable = |error| {
        let fault = Fault::new(Code::SourceUnreadable).with("path", path.display());
        fault.caused_by(error)
    };
    // One byte more than is taken, so that a longer file is refused and never held whole.
    let most = EDITION_BYTES_MAX as u64 + 1;
    let mut text = String::new();
    let file = std::fs::File::open(&path).map_err(unreadable)?;
    file.take(most).read_to_string(&mut text).map_err(unreadable)?;
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let id = edition::propose(&vault, &actor, &text).await?.to_string();
    done(context, matches, &json!({ "edition": id }), ("calendar-imported", &id))
}

async fn confirm(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let id = text(matches, "edition");
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let moved = edition::confirm(&vault, &actor, &id).await?.len();
    let document = json!({ "edition": id, "moved": moved });
    done(context, matches, &document, ("calendar-confirmed", &moved.to_string()))
}

async fn editions(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let all = edition::list(&vault, &actor).await?;
    if given(context, matches, (&tables::EDITIONS, &actor), &all)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        let said = |one: &Edition| {
            let days: Vec<_> =
                one.days.iter().map(|(date, kind)| day_json((*date, kind))).collect();
            json!({
                "edition": one.id.to_string(), "year": one.year, "papers": one.papers,
                "days": days, "person": one.proposed.0, "at": rfc3339(one.proposed.1),
                "confirmed_by": one.confirmed.as_ref().map(|(person, _)| person),
                "confirmed": one.confirmed.as_ref().map(|(_, at)| rfc3339(*at)),
            })
        };
        output::json(&json!({ "editions": all.iter().map(said).collect::<Vec<_>>() }))?;
        return Ok(Exit::Done);
    }
    let columns =
        ["ctl-column-entry", "ctl-column-year", "ctl-column-person", "ctl-column-confirmed"];
    let mut table = Table::new(columns.map(|name| (context.text(name, &[]), Lean::Left)).to_vec());
    for one in &all {
        let confirmed = one.confirmed.as_ref().map_or_else(String::new, |(by, _)| shown(by));
        let row =
            [short(&one.id.to_string()), one.year.to_string(), shown(&one.proposed.0), confirmed];
        table.row(row.to_vec());
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}

fn day_json((date, kind): (Date, &DayKind)) -> Value {
    json!({ "date": date.to_string(), "kind": kind.as_str(), "festival": kind.festival() })
}

/// A day that was counted, or not.
fn passed_json(passed: &Passed) -> Value {
    let mut day = day_json((passed.date, &passed.kind));
    day["number"] = json!(passed.number);
    day
}

fn day_words(context: &Context, kind: &DayKind) -> String {
    let festival = kind.festival().map(shown).unwrap_or_default();
    context.text(&format!("day-{}", kind.as_str()), &[("festival", &festival)])
}

fn show(context: &Context, matches: &ArgMatches, calendar: &Calendar) -> Answer<Exit> {
    let year = number(matches, "year", &(1..=9_999))?.unwrap_or(0);
    let papers = calendar.years().get(&year);
    let days: Vec<_> = calendar.unusual(year).collect();
    if matches.get_flag("json") {
        let days: Vec<_> = days.iter().map(|(date, kind)| day_json((*date, kind))).collect();
        output::json(&json!({ "year": year, "papers": papers, "days": days }))?;
        return Ok(Exit::Done);
    }
    let Some(papers) = papers else {
        output::line(&context.text("calendar-none", &[("year", &year.to_string())]))?;
        return Ok(Exit::Done);
    };
    let mut table = Table::new(vec![
        (context.text("ctl-column-date", &[]), Lean::Left),
        (context.text("ctl-column-day", &[]), Lean::Left),
    ]);
    for (date, kind) in &days {
        table.row(vec![date.to_string(), day_words(context, kind)]);
    }
    output::data(&table.lines())?;
    for paper in papers {
        output::line(&context.text("calendar-paper", &[("address", paper)]))?;
    }
    Ok(Exit::Done)
}

fn deadline(context: &Context, matches: &ArgMatches, calendar: &Calendar) -> Answer<Exit> {
    let said = text(matches, "date");
    let after: Date = said.parse().map_err(|_| invalid("date", &said))?;
    let days = number(matches, "working-days", &(1..=WORKING_DAYS_MAX))?.unwrap_or(1);
    let deadline = calendar.deadline(after, days);
    if matches.get_flag("json") {
        let passed: Vec<_> = deadline.passed.iter().map(passed_json).collect();
        output::json(&json!({
            "after": after.to_string(), "working_days": days, "due": deadline.due.to_string(),
            "provisional": deadline.provisional, "papers": deadline.papers, "days": passed,
        }))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(vec![
        (context.text("ctl-column-date", &[]), Lean::Left),
        (context.text("ctl-column-day", &[]), Lean::Left),
        (context.text("ctl-column-count", &[]), Lean::Right),
    ]);
    for passed in &deadline.passed {
        let number = passed.number.map(|number| number.to_string()).unwrap_or_default();
        table.row(vec![passed.date.to_string(), day_words(context, &passed.kind), number]);
    }
    output::data(&table.lines())?;
    output::line(&context.text("calendar-due", &[("date", &deadline.due.to_string())]))?;
    for paper in &deadline.papers {
        output::line(&context.text("calendar-paper", &[("address", paper)]))?;
    }
    if deadline.provisional {
        output::line(&context.text("calendar-provisional", &[]))?;
    }
    Ok(Exit::Done)
}

fn due_json(due: &Due) -> Value {
    json!({
        "kind": due.kind.as_str(), "article": due.kind.article(), "subject": due.subject,
        "name": due.name, "unit": due.unit, "since": due.since.to_string(),
        "basis": due.basis.as_str(), "due": due.due.to_string(), "days_left": due.days_left,
        "provisional": due.provisional, "case": due.case_no, "papers": due.papers,
        "days": due.passed.iter().map(passed_json).collect::<Vec<_>>(),
    })
}

/// `vaultctl deadlines`: what is to be done, the most urgent first.
pub(super) async fn run_deadlines(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let all = deadlines(&vault, &actor).await?;
    if given(context, matches, (&tables::DEADLINES, &actor), &all)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        let all: Vec<_> = all.iter().map(due_json).collect();
        output::json(&json!({ "deadlines": all }))?;
        return Ok(Exit::Done);
    }
    if all.is_empty() {
        output::note(&context.text("deadlines-none", &[]));
        return Ok(Exit::Done);
    }
    let mut table = Table::new(vec![
        (context.text("ctl-column-due", &[]), Lean::Left),
        (context.text("ctl-column-left", &[]), Lean::Right),
        (context.text("ctl-column-what", &[]), Lean::Left),
        (context.text("ctl-column-subject", &[]), Lean::Left),
        (context.text("ctl-column-name", &[]), Lean::Left),
    ]);
    for due in &all {
        let what = context.text(&format!("due-{}", due.kind.as_str()), &[]);
        let mark = if due.provisional { "*" } else { "" };
        let subject = match due.kind {
            DueKind::Label => short(&due.subject),
            DueKind::CloseCase | DueKind::Publish | DueKind::Withdraw | DueKind::ReadCopy => {
                shown(&due.subject)
            }
            DueKind::Review | DueKind::CorrectFinding | DueKind::AnswerLapse => shown(&due.case_no),
        };
        let last = format!("{}{mark}", due.due);
        table.row(vec![last, due.days_left.to_string(), what, subject, shown(&due.name)]);
    }
    output::data(&table.lines())?;
    if all.iter().any(|due| due.provisional) {
        output::note(&format!("* {}", context.text("calendar-provisional", &[])));
    }
    Ok(Exit::Done)
}
