//! `vaultctl review`: legal review of major decisions (R25; A2.20 to A2.33).

use crate::arguments::{text, texts};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::registers::{done, steps_json, steps_lines};
use crate::table::{Lean, Table};
use crate::view::short;
use clap::{ArgAction, ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::oversight::review::{self, NewReview, Review, Reviewing};
use vault_core::wording::{Family, shown};

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let many = |id: &'static str, long: &'static str| {
        help.option(id).long(long).action(ArgAction::Append).required(true)
    };
    let submit = help
        .command("submit", "review-submit")
        .arg(help.positional("case-file").required(true))
        .arg(many("review-ground", "ground"))
        .arg(many("material", "material"))
        .arg(help.option("note").required(true));
    let named = |name: &'static str, key: &str| {
        help.command(name, key).arg(help.positional("review").required(true))
    };
    let noted = |name, key| named(name, key).arg(help.option("note").required(true));
    let calls = [
        submit,
        help.command("not-needed", "review-not-needed")
            .arg(help.positional("case-file").required(true))
            .arg(help.option("note").required(true)),
        named("accept", "review-accept"),
        noted("stop", "review-stop").arg(help.option("stop-cause").long("for").required(true)),
        named("resume", "review-resume"),
        noted("supplement", "review-supplement").arg(many("material", "material")),
        noted("extend", "review-extend"),
        noted("opinion", "review-opinion").arg(help.option("opinion").required(true)),
        noted("object", "review-object"),
        noted("settle", "review-settle").arg(help.flag("pass")),
        help.command("list", "review-list"),
        named("show", "review-show"),
    ];
    help.command("review", "review")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(calls.map(|call| call.arg(help.json())))
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some((name @ ("submit" | "not-needed"), matches)) => begin(context, name, matches).await,
        Some(("list", matches)) => list(context, matches).await,
        Some(("show", matches)) => show(context, matches).await,
        Some((name, matches)) => step(context, name, matches).await,
        _ => Err(super::no_command()),
    }
}

async fn begin(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    let (case_no, note) = (text(matches, "case-file"), text(matches, "note"));
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let id = if name == "submit" {
        let new = NewReview {
            case_no,
            grounds: texts(matches, "review-ground"),
            materials: texts(matches, "material"),
            text: note,
        };
        review::submit(&vault, &actor, new).await?
    } else {
        review::not_needed(&vault, &actor, &case_no, &note).await?
    };
    let id = id.to_string();
    done(context, matches, &json!({ "review": id }), ("ctl-review-entered", &id))
}

async fn step(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    let id = text(matches, "review");
    let note = matches.try_get_one::<String>("note").ok().flatten().cloned().unwrap_or_default();
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let reviewing = match name {
        "accept" => Some(Reviewing::Accept),
        "stop" => Some(Reviewing::Stop(text(matches, "stop-cause"))),
        "resume" => Some(Reviewing::Resume),
        "opinion" => Some(Reviewing::Opinion(text(matches, "opinion"))),
        _ => None,
    };
    match (reviewing, name) {
        (Some(step), _) => review::carry_out(&vault, &actor, &id, (step, &note)).await?,
        (None, "supplement") => {
            let more = (texts(matches, "material"), note.as_str());
            review::supplement(&vault, &actor, &id, more).await?;
        }
        (None, "extend") => review::extend(&vault, &actor, &id, &note).await?,
        (None, "object") => review::object(&vault, &actor, &id, &note).await?,
        _ => {
            let settled = (matches.get_flag("pass"), note.as_str());
            review::settle(&vault, &actor, &id, settled).await?;
        }
    }
    done(context, matches, &json!({ "review": id }), ("ctl-entered", ""))
}

fn review_json(view: &Review) -> Value {
    let terms = view.terms.iter().map(|term| {
        json!({
            "article": term.article, "working_days": term.working_days,
            "due": term.due.map(|due| due.to_string()), "late": term.late,
        })
    });
    json!({
        "review": view.id.to_string(), "case": view.case_no, "state": view.state.as_str(),
        "grounds": view.grounds, "materials": view.materials,
        "materials_missing": view.materials_missing, "terms": terms.collect::<Vec<_>>(),
        "opinion": view.opinion,
        "objection_due": view.objection_due.map(|due| due.to_string()),
        "steps": steps_json(&view.steps),
    })
}

/// Both terms, as `2026-03-09 (A2.26) / 2026-03-11 (A2.28)`.
fn terms(context: &Context, view: &Review) -> String {
    let term = |term: &review::ReviewTerm| {
        let due = term.due.map_or_else(|| "—".to_owned(), |due| due.to_string());
        let late = if term.late { context.text("ctl-review-late", &[]) } else { String::new() };
        format!("{due} ({}) {late}", term.article).trim_end().to_owned()
    };
    view.terms.iter().map(term).collect::<Vec<_>>().join(" / ")
}

async fn list(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let all = review::list(&vault, &actor).await?;
    if matches.get_flag("json") {
        let rows: Vec<_> = all.iter().map(review_json).collect();
        output::json(&json!({ "reviews": rows }))?;
        return Ok(Exit::Done);
    }
    let columns =
        ["ctl-column-entry", "ctl-column-case", "ctl-column-state", "ctl-column-review-terms"];
    let mut table = Table::new(columns.map(|name| (context.text(name, &[]), Lean::Left)).to_vec());
    for view in &all {
        table.row(vec![
            short(&view.id.to_string()),
            shown(&view.case_no),
            context.wording.name(Family::Review, view.state.as_str()),
            terms(context, view),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}

async fn show(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let view = review::show(&vault, &actor, &text(matches, "review")).await?;
    if matches.get_flag("json") {
        output::json(&review_json(&view))?;
        return Ok(Exit::Done);
    }
    let named = |family, codes: &mut dyn Iterator<Item = &str>| {
        codes.map(|code| context.wording.name(family, code)).collect::<Vec<_>>().join(", ")
    };
    let mut table = Table::pairs();
    let mut row = |name: &str, value: String| table.row(vec![context.text(name, &[]), value]);
    row("ctl-column-entry", view.id.to_string());
    row("ctl-column-case", shown(&view.case_no));
    row("ctl-column-state", context.wording.name(Family::Review, view.state.as_str()));
    row("ctl-column-review-terms", terms(context, &view));
    let mut held = view.materials.iter().map(String::as_str);
    row("ctl-review-materials", named(Family::Material, &mut held));
    if !view.materials_missing.is_empty() {
        let mut lacking = view.materials_missing.iter().copied();
        row("ctl-review-materials-missing", named(Family::Material, &mut lacking));
    }
    if let Some(opinion) = &view.opinion {
        row("ctl-review-opinion", context.wording.name(Family::Opinion, opinion));
    }
    output::data(&table.lines())?;
    steps_lines(context, &view.steps)
}
