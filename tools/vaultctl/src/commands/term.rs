//! `vaultctl term`: terms that were missed, why, and which a new edition of the calendar moved
//! (R08, R12, R28).
//!
//! Promises: exit code 7 where a missed term still waits for its reason.

use crate::arguments::text;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::registers::done;
use crate::sheets::given;
use crate::table::{Lean, Table};
use crate::times::{Zone, rfc3339, shown_time};
use crate::view::short;
use clap::{ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::clock::UtcTime;
use vault_core::oversight::term::{self, Missed, Moved};
use vault_core::tables;
use vault_core::wording::{Family, shown};

/// Who wrote why, what, and when.
type Why = (String, String, UtcTime);

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let explain = help
        .command("explain", "term-explain")
        .arg(help.positional("term").required(true))
        .arg(help.option("note").required(true));
    let calls = [
        help.command("missed", "term-missed").arg(help.xlsx()),
        explain,
        help.command("moved", "term-moved").arg(help.xlsx()),
        help.command("count", "term-count"),
    ];
    help.command("term", "term")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(calls.map(|call| call.arg(help.json())))
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("missed", matches)) => missed(context, matches).await,
        Some(("explain", matches)) => explain(context, matches).await,
        Some(("moved", matches)) => moved(context, matches).await,
        Some(("count", matches)) => count(context, matches).await,
        _ => Err(super::no_command()),
    }
}

async fn count(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let new = term::sweep(&vault, &context.actor(&vault).await?).await?;
    done(context, matches, &json!({ "missed": new }), ("ctl-term-counted", &new.to_string()))
}

async fn explain(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let (id, note) = (text(matches, "term"), text(matches, "note"));
    let vault = context.vault().await?;
    term::explain(&vault, &context.actor(&vault).await?, &id, &note).await?;
    done(context, matches, &json!({ "term": id }), ("ctl-entered", ""))
}

fn missed_json(one: &Missed) -> Value {
    let why =
        |(person, text, at): &Why| json!({ "person": person, "text": text, "at": rfc3339(*at) });
    json!({
        "term": one.id.to_string(), "kind": one.kind.as_str(), "article": one.kind.article(),
        "subject": one.subject, "name": one.name, "unit": one.unit, "case": one.case_no,
        "since": one.since.to_string(), "due": one.due.to_string(), "at": rfc3339(one.at),
        "reason": one.reasons.last().map(why),
        "reasons": one.reasons.iter().map(why).collect::<Vec<_>>(),
    })
}

async fn missed(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let all = term::missed(&vault, &actor).await?;
    let open = all.iter().any(|one| one.reasons.is_empty());
    let exit = if open { Exit::Overdue } else { Exit::Done };
    if given(context, matches, (&tables::MISSED, &actor), &all)? {
        return Ok(exit);
    }
    if matches.get_flag("json") {
        let rows: Vec<_> = all.iter().map(missed_json).collect();
        output::json(&json!({ "missed": rows }))?;
        return Ok(exit);
    }
    let columns = [
        "ctl-column-entry",
        "ctl-column-what",
        "ctl-column-due",
        "ctl-column-case",
        "ctl-column-name",
        "ctl-column-reason",
    ];
    let mut table = Table::new(columns.map(|name| (context.text(name, &[]), Lean::Left)).to_vec());
    for one in &all {
        let why = |(person, text, at): &Why| {
            let time = shown_time(*at, Zone::Beijing);
            format!("{} · {time} · {}", shown(person), shown(text))
        };
        let whys: Vec<_> = one.reasons.iter().map(why).collect();
        table.row(vec![
            short(&one.id),
            context.wording.name(Family::Due, one.kind.as_str()),
            one.due.to_string(),
            shown(&one.case_no),
            shown(&one.name),
            whys.join("; "),
        ]);
    }
    output::data(&table.lines())?;
    Ok(exit)
}

fn moved_json(one: &Moved) -> Value {
    json!({
        "term": one.term.to_string(), "kind": one.kind.as_str(), "subject": one.subject,
        "from": one.from.to_string(), "to": one.to.to_string(),
    })
}

async fn moved(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let all = term::moved(&vault, &actor).await?;
    if given(context, matches, (&tables::MOVED, &actor), &all)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        let rows: Vec<_> = all.iter().map(moved_json).collect();
        output::json(&json!({ "moved": rows }))?;
        return Ok(Exit::Done);
    }
    let columns =
        ["ctl-column-what", "ctl-column-subject", "table-column-due-before", "ctl-column-due"];
    let mut table = Table::new(columns.map(|name| (context.text(name, &[]), Lean::Left)).to_vec());
    for one in &all {
        table.row(vec![
            context.wording.name(Family::Due, one.kind.as_str()),
            shown(&one.subject),
            one.from.to_string(),
            one.to.to_string(),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}
