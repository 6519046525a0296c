//! `vaultctl statement`, `vaultctl must-record`: what has to be recorded, and statements of why it
//! was not (R03, R04; A3.4, A3.5).

use crate::arguments::{optional_text, text};
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
use clap::{ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::oversight::must_record::{self, Obligation};
use vault_core::oversight::statement::{self, NewStatement, Statement};
use vault_core::tables;
use vault_core::wording::{Family, shown};

/// The calls.
pub(super) fn command(help: Help<'_>) -> Command {
    let make = help
        .command("make", "statement-make")
        .arg(help.option("exemption").long("ground").required(true))
        .arg(help.option("activity").required(true))
        .arg(help.option("case"))
        .arg(help.option("on").required(true))
        .arg(help.option("scene").long("place").required(true))
        .arg(help.option("handler").required(true))
        .arg(help.option("reason").required(true))
        .arg(help.option("evidence").long("basis").required(true));
    let named = |name: &'static str, key: &str| {
        help.command(name, key).arg(help.positional("statement").required(true))
    };
    let answer =
        named("answer", "statement-answer").arg(help.flag("reject")).arg(help.option("note"));
    let calls = [
        make,
        answer,
        help.command("list", "statement-list").arg(help.xlsx()),
        named("show", "statement-show"),
    ];
    help.command("statement", "statement")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(calls.map(|call| call.arg(help.json())))
}

/// The call of the table of what has to be recorded.
pub(super) fn table_command(help: Help<'_>) -> Command {
    help.command("must-record", "must-record")
        .arg(help.positional("case-file"))
        .arg(help.xlsx())
        .arg(help.json())
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("make", matches)) => make(context, matches).await,
        Some(("answer", matches)) => answer(context, matches).await,
        Some(("list", matches)) => list(context, matches).await,
        Some(("show", matches)) => show(context, matches).await,
        _ => Err(super::no_command()),
    }
}

async fn make(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let new = NewStatement {
        ground: text(matches, "exemption"),
        activity: text(matches, "activity"),
        case_no: text(matches, "case"),
        on: text(matches, "on"),
        place: text(matches, "scene"),
        handler: text(matches, "handler"),
        reason: text(matches, "reason"),
        basis: text(matches, "evidence"),
    };
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let id = statement::make(&vault, &actor, new).await?.to_string();
    done(context, matches, &json!({ "statement": id }), ("ctl-statement-made", &id))
}

async fn answer(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let (id, accepted) = (text(matches, "statement"), !matches.get_flag("reject"));
    let note = text(matches, "note");
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    statement::answer(&vault, &actor, &id, (accepted, &note)).await?;
    done(context, matches, &json!({ "statement": id }), ("ctl-entered", ""))
}

fn statement_json(view: &Statement) -> Value {
    let stated = &view.stated;
    json!({
        "statement": view.id.to_string(), "state": view.state.as_str(), "ground": stated.ground,
        "activity": stated.activity, "case": stated.case_no, "on": stated.on,
        "place": stated.place, "handler": stated.handler, "reason": stated.reason,
        "basis": stated.basis, "person": view.person, "at": rfc3339(view.at), "late": view.late,
        "case_unknown": view.case_unknown,
        "answered": view.answered.as_ref().map(|(person, text, at)| json!({
            "person": person, "text": text, "at": rfc3339(*at),
        })),
        "steps": steps_json(&view.steps),
    })
}

/// The case, and that there is no file of it.
fn case_words(context: &Context, view: &Statement) -> String {
    let case_no = shown(&view.stated.case_no);
    if !view.case_unknown {
        return case_no;
    }
    format!("{case_no} · {}", context.text("ctl-statement-case-unknown", &[]))
}

async fn list(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let all = statement::list(&vault, &actor).await?;
    if given(context, matches, (&tables::STATEMENTS, &actor), &all)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        let rows: Vec<_> = all.iter().map(statement_json).collect();
        output::json(&json!({ "statements": rows }))?;
        return Ok(Exit::Done);
    }
    let columns = [
        "ctl-column-entry",
        "ctl-column-state",
        "ctl-column-ground",
        "ctl-column-activity",
        "ctl-column-case",
        "ctl-column-on",
        "ctl-column-person",
    ];
    let mut table = Table::new(columns.map(|name| (context.text(name, &[]), Lean::Left)).to_vec());
    for view in &all {
        let mut state = context.wording.name(Family::Statement, view.state.as_str());
        if view.late {
            state = format!("{state} · {}", context.text("ctl-statement-late", &[]));
        }
        table.row(vec![
            short(&view.id.to_string()),
            state,
            context.wording.name(Family::Ground, &view.stated.ground),
            context.wording.name(Family::Activity, &view.stated.activity),
            case_words(context, view),
            shown(&view.stated.on),
            shown(&view.person),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}

async fn show(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let view = statement::show(&vault, &actor, &text(matches, "statement")).await?;
    if matches.get_flag("json") {
        output::json(&statement_json(&view))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::pairs();
    let mut row = |name: &str, value: String| table.row(vec![context.text(name, &[]), value]);
    row("ctl-column-entry", view.id.to_string());
    row("ctl-column-state", context.wording.name(Family::Statement, view.state.as_str()));
    row("ctl-column-ground", context.wording.name(Family::Ground, &view.stated.ground));
    row("ctl-column-activity", context.wording.name(Family::Activity, &view.stated.activity));
    row("ctl-column-case", shown(&view.stated.case_no));
    output::data(&table.lines())?;
    steps_lines(context, &view.steps)
}

fn obligation_json(one: &Obligation) -> Value {
    json!({
        "case": one.case_no, "unit": one.unit, "activity": one.activity, "article": one.article,
        "documents": one.documents, "recordings": one.recordings,
        "statements": one.statements.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "state": one.state.as_str(),
    })
}

/// What has to be recorded: of one case everything, of all what was not.
pub(super) async fn must_record(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let all = match optional_text(matches, "case-file") {
        Some(case_no) => must_record::case(&vault, &actor, &case_no).await?,
        None => must_record::open(&vault, &actor).await?,
    };
    if given(context, matches, (&tables::OBLIGATIONS, &actor), &all)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        let rows: Vec<_> = all.iter().map(obligation_json).collect();
        output::json(&json!({ "must_record": rows }))?;
        return Ok(Exit::Done);
    }
    let columns = [
        "ctl-column-case",
        "ctl-column-activity",
        "ctl-column-article",
        "ctl-column-recorded",
        "ctl-column-recordings",
        "ctl-column-documents",
    ];
    let mut table = Table::new(columns.map(|name| (context.text(name, &[]), Lean::Left)).to_vec());
    for one in &all {
        table.row(vec![
            shown(&one.case_no),
            context.wording.name(Family::Activity, one.activity),
            one.article.to_owned(),
            context.wording.name(Family::Recorded, one.state.as_str()),
            one.recordings.to_string(),
            shown(&one.documents.join("、")),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}
