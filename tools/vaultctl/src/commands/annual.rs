//! `vaultctl annual`: the figures of a year, counted from the vault (R26; A2.10(五)).

use crate::arguments::{number, text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::registers::{done, steps_json, steps_lines};
use crate::table::{Lean, Table};
use crate::view::short;
use clap::{ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::oversight::annual::{self, Annual, FIGURES, Figures};
use vault_core::wording::{Family, shown};

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let of_year = |name: &'static str, key: &str| {
        help.command(name, key).arg(help.positional("figures-year").required(true))
    };
    let named = |name: &'static str, key: &str| {
        help.command(name, key).arg(help.positional("annual").required(true))
    };
    let noted = |name, key| named(name, key).arg(help.option("note").required(true));
    let calls = [
        of_year("count", "annual-count"),
        of_year("freeze", "annual-freeze").arg(help.option("note")),
        named("approve", "annual-approve").arg(help.option("note")),
        noted("return", "annual-return"),
        noted("hand-on", "annual-hand-on"),
        help.command("list", "annual-list"),
        named("show", "annual-show"),
    ];
    help.command("annual", "annual")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(calls.map(|call| call.arg(help.json())))
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some((name @ ("count" | "freeze"), matches)) => count(context, name, matches).await,
        Some(("list", matches)) => list(context, matches).await,
        Some(("show", matches)) => show(context, matches).await,
        Some((name, matches)) => step(context, name, matches).await,
        _ => Err(super::no_command()),
    }
}

fn figures_json(figures: &Figures) -> Value {
    let units =
        figures.units.iter().map(|(unit, counts)| json!({ "unit": unit, "counts": counts }));
    json!({
        "year": figures.year, "until": figures.until.to_string(),
        "units": units.collect::<Vec<_>>(),
    })
}

/// A line for each figure, a column for each unit and one for all.
fn figures_lines(context: &Context, figures: &Figures) -> String {
    let mut columns = vec![(context.text("ctl-column-figure", &[]), Lean::Left)];
    columns.extend(figures.units.keys().map(|unit| (shown(unit), Lean::Right)));
    columns.push((context.text("ctl-column-total", &[]), Lean::Right));
    let mut table = Table::new(columns);
    for figure in FIGURES {
        let mut row = vec![context.wording.name(Family::Figure, figure)];
        let of = |counts: &annual::Counts| counts.get(*figure).copied().unwrap_or(0).to_string();
        row.extend(figures.units.values().map(of));
        row.push(figures.total(figure).to_string());
        table.row(row);
    }
    table.lines()
}

async fn count(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    let year = number(matches, "figures-year", &(1..=9_999))?.unwrap_or(0);
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    if name == "freeze" {
        let note = text(matches, "note");
        let id = annual::freeze(&vault, &actor, (year, &note)).await?.to_string();
        return done(context, matches, &json!({ "annual": id }), ("ctl-annual-frozen", &id));
    }
    let figures = annual::compute(&vault, &actor, year).await?;
    if matches.get_flag("json") {
        output::json(&figures_json(&figures))?;
        return Ok(Exit::Done);
    }
    output::data(&figures_lines(context, &figures))?;
    Ok(Exit::Done)
}

async fn step(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    let (id, note) = (text(matches, "annual"), text(matches, "note"));
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    match name {
        "approve" => annual::decide(&vault, &actor, &id, (true, &note)).await?,
        "return" => annual::decide(&vault, &actor, &id, (false, &note)).await?,
        _ => annual::hand_on(&vault, &actor, &id, &note).await?,
    }
    done(context, matches, &json!({ "annual": id }), ("ctl-entered", ""))
}

fn annual_json(view: &Annual) -> Value {
    json!({
        "annual": view.id.to_string(), "state": view.state.as_str(), "due": view.due.to_string(),
        "report_due": view.report_due.to_string(), "late": view.late,
        "corrects": view.corrects.map(|id| id.to_string()),
        "corrected_by": view.corrected_by.map(|id| id.to_string()),
        "figures": figures_json(&view.figures), "steps": steps_json(&view.steps),
    })
}

/// How they stand, and what they correct or are corrected by.
fn state_words(context: &Context, view: &Annual) -> String {
    let mut words = context.wording.name(Family::Annual, view.state.as_str());
    let others =
        [("ctl-annual-corrects", &view.corrects), ("ctl-annual-corrected-by", &view.corrected_by)];
    for (key, id) in others {
        if let Some(id) = id {
            let said = context.text(key, &[("value", &short(&id.to_string()))]);
            words = format!("{words} · {said}");
        }
    }
    words
}

fn due_words(context: &Context, view: &Annual) -> String {
    let late = if view.late { context.text("ctl-review-late", &[]) } else { String::new() };
    format!("{} {late}", view.due).trim_end().to_owned()
}

async fn list(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let all = annual::list(&vault, &actor).await?;
    if matches.get_flag("json") {
        let rows: Vec<_> = all.iter().map(annual_json).collect();
        output::json(&json!({ "annual": rows }))?;
        return Ok(Exit::Done);
    }
    let columns = ["ctl-column-entry", "ctl-column-year", "ctl-column-state", "ctl-column-due"];
    let mut table = Table::new(columns.map(|name| (context.text(name, &[]), Lean::Left)).to_vec());
    for view in &all {
        table.row(vec![
            short(&view.id.to_string()),
            view.figures.year.to_string(),
            state_words(context, view),
            due_words(context, view),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}

async fn show(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let view = annual::show(&vault, &actor, &text(matches, "annual")).await?;
    if matches.get_flag("json") {
        output::json(&annual_json(&view))?;
        return Ok(Exit::Done);
    }
    output::data(&figures_lines(context, &view.figures))?;
    steps_lines(context, &view.steps)
}
