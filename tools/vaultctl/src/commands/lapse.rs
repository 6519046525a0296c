//! `vaultctl lapse`: the register of lapses (R24; A2.19(二), A3.16).

use crate::arguments::{text, texts};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::registers::{done, steps_json, steps_lines};
use crate::sheets::given;
use crate::table::{Lean, Table};
use crate::times::rfc3339;
use crate::view::short;
use clap::{ArgAction, ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::oversight::lapse::{self, Lapse, NewLapse, Suspicion, clause_name};
use vault_core::tables;
use vault_core::wording::{Family, shown};

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let raise = help
        .command("raise", "lapse-raise")
        .arg(help.option("clause").required(true))
        .arg(help.option("origin").long("source").default_value("person"))
        .arg(help.option("suspicion").long("key"))
        .arg(help.option("unit").required(true))
        .arg(help.option("concerned"))
        .arg(help.option("case"))
        .arg(help.option("recording").action(ArgAction::Append))
        .arg(help.option("answer-by").required(true))
        .arg(help.option("note").required(true));
    let named = |name: &'static str, key: &str| {
        help.command(name, key).arg(help.positional("lapse").required(true))
    };
    let noted = |name, key| named(name, key).arg(help.option("note").required(true));
    let calls = [
        help.command("suspicions", "lapse-suspicions").arg(help.xlsx()),
        raise,
        noted("answer", "lapse-answer"),
        noted("close", "lapse-close").arg(help.flag("upheld")),
        help.command("list", "lapse-list").arg(help.xlsx()),
        named("show", "lapse-show"),
    ];
    help.command("lapse", "lapse")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(calls.map(|call| call.arg(help.json())))
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("suspicions", matches)) => suspicions(context, matches).await,
        Some(("raise", matches)) => raise(context, matches).await,
        Some(("list", matches)) => list(context, matches).await,
        Some(("show", matches)) => show(context, matches).await,
        Some((name, matches)) => step(context, name, matches).await,
        _ => Err(super::no_command()),
    }
}

async fn raise(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let mut recordings = Vec::new();
    for prefix in texts(matches, "recording") {
        recordings.push(vault.find(&prefix).await?);
    }
    let new = NewLapse {
        clause: text(matches, "clause"),
        source: text(matches, "origin"),
        key: text(matches, "suspicion"),
        unit: text(matches, "unit"),
        concerned: text(matches, "concerned"),
        case_no: text(matches, "case"),
        recordings,
        due: text(matches, "answer-by"),
        text: text(matches, "note"),
    };
    let id = lapse::raise(&vault, &actor, new).await?.to_string();
    done(context, matches, &json!({ "lapse": id }), ("ctl-lapse-raised", &id))
}

async fn step(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    let (id, note) = (text(matches, "lapse"), text(matches, "note"));
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    match name {
        "answer" => lapse::answer(&vault, &actor, &id, &note).await?,
        _ => lapse::close(&vault, &actor, &id, (matches.get_flag("upheld"), &note)).await?,
    }
    done(context, matches, &json!({ "lapse": id }), ("ctl-entered", ""))
}

fn lapse_json(view: &Lapse) -> Value {
    let raised = &view.raised;
    let said = |said: &Option<(String, String, vault_core::clock::UtcTime)>| {
        said.as_ref()
            .map(|(person, text, at)| json!({ "person": person, "text": text, "at": rfc3339(*at) }))
    };
    json!({
        "lapse": view.id.to_string(), "state": view.state.as_str(), "clause": raised.clause,
        "source": raised.source, "key": raised.key, "unit": raised.unit,
        "concerned": raised.concerned, "case": raised.case_no,
        "recordings": raised.recordings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "due": raised.due, "text": raised.text, "person": view.person, "at": rfc3339(view.at),
        "overdue": view.overdue, "answered": said(&view.answered), "closed": said(&view.closed),
        "steps": steps_json(&view.steps),
    })
}

async fn list(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let all = lapse::list(&vault, &actor).await?;
    if given(context, matches, (&tables::LAPSES, &actor), &all)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        let rows: Vec<_> = all.iter().map(lapse_json).collect();
        output::json(&json!({ "lapses": rows }))?;
        return Ok(Exit::Done);
    }
    let columns = [
        "ctl-column-entry",
        "ctl-column-state",
        "ctl-column-clause",
        "ctl-column-source",
        "ctl-column-unit",
        "ctl-column-due",
    ];
    let mut table = Table::new(columns.map(|name| (context.text(name, &[]), Lean::Left)).to_vec());
    for view in &all {
        table.row(vec![
            short(&view.id.to_string()),
            context.wording.name(Family::Lapse, view.state.as_str()),
            clause(context, &view.raised.clause),
            context.wording.name(Family::LapseSource, &view.raised.source),
            shown(&view.raised.unit),
            shown(&view.raised.due),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}

fn clause(context: &Context, article: &str) -> String {
    format!("{} {}", context.wording.name(Family::Clause, clause_name(article)), shown(article))
}

async fn show(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let view = lapse::show(&vault, &actor, &text(matches, "lapse")).await?;
    if matches.get_flag("json") {
        output::json(&lapse_json(&view))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::pairs();
    let mut row = |name: &str, value: String| table.row(vec![context.text(name, &[]), value]);
    row("ctl-column-entry", view.id.to_string());
    row("ctl-column-state", context.wording.name(Family::Lapse, view.state.as_str()));
    row("ctl-column-clause", clause(context, &view.raised.clause));
    row("ctl-column-unit", shown(&view.raised.unit));
    output::data(&table.lines())?;
    steps_lines(context, &view.steps)
}

fn suspicion_json(one: &Suspicion) -> Value {
    json!({
        "key": one.key, "kind": one.kind, "source": one.source, "clause": one.clause,
        "about": one.about, "recording": one.recording.map(|id| id.to_string()),
        "case": one.case_no, "unit": one.unit,
    })
}

async fn suspicions(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let all = lapse::suspicions(&vault, &actor).await?;
    if given(context, matches, (&tables::SUSPICIONS, &actor), &all)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        let rows: Vec<_> = all.iter().map(suspicion_json).collect();
        output::json(&json!({ "suspicions": rows }))?;
        return Ok(Exit::Done);
    }
    let columns =
        ["ctl-column-suspicion", "ctl-column-clause", "ctl-column-about", "ctl-column-key"];
    let mut table = Table::new(columns.map(|name| (context.text(name, &[]), Lean::Left)).to_vec());
    for one in &all {
        table.row(vec![
            context.wording.name(Family::Suspicion, one.kind),
            one.clause.to_owned(),
            shown(&format!("{} {}", one.case_no, one.about)),
            shown(&one.key),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}
