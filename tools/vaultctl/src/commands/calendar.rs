//! `vaultctl calendar`, `vaultctl deadlines`: working days by the official calendar, and what is to
//! be done until when (R08, R12, R28).
//!
//! Promises: a deadline is told with every day it counted and the notices it rests on; one that was
//! counted by weekends alone says so. Changes nothing.

use crate::arguments::{invalid, number, text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::table::{Lean, Table};
use crate::view::short;
use clap::{ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::calendar::{Calendar, DayKind, WORKING_DAYS_MAX};
use vault_core::clock::Date;
use vault_core::oversight::{Due, DueKind, deadlines};
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
    help.command("calendar", "calendar")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(show)
        .subcommand(deadline)
}

/// `vaultctl deadlines`.
pub(super) fn deadlines_command(help: Help<'_>) -> Command {
    help.command("deadlines", "deadlines").arg(help.json())
}

/// Runs the command that was called. Needs no vault.
pub(super) fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("show", matches)) => show(context, matches),
        Some(("deadline", matches)) => deadline(context, matches),
        _ => Err(super::no_command()),
    }
}

fn day_json((date, kind): (Date, &DayKind)) -> Value {
    json!({ "date": date.to_string(), "kind": kind.as_str(), "festival": kind.festival() })
}

fn day_words(context: &Context, kind: &DayKind) -> String {
    let festival = kind.festival().map(shown).unwrap_or_default();
    context.text(&format!("day-{}", kind.as_str()), &[("festival", &festival)])
}

fn show(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let year = number(matches, "year", &(1..=9_999))?.unwrap_or(0);
    let calendar = Calendar::official();
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

fn deadline(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let said = text(matches, "date");
    let after: Date = said.parse().map_err(|_| invalid("date", &said))?;
    let days = number(matches, "working-days", &(1..=WORKING_DAYS_MAX))?.unwrap_or(1);
    let deadline = Calendar::official().deadline(after, days);
    if matches.get_flag("json") {
        let passed = deadline.passed.iter().map(|passed| {
            let mut day = day_json((passed.date, &passed.kind));
            day["number"] = json!(passed.number);
            day
        });
        let passed: Vec<_> = passed.collect();
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
        "provisional": due.provisional,
    })
}

/// `vaultctl deadlines`: what is to be done, the most urgent first.
pub(super) async fn run_deadlines(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let all = deadlines(&vault, &context.actor(&vault).await?).await?;
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
            DueKind::CloseCase => shown(&due.subject),
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
