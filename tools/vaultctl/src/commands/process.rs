//! `vaultctl process`: the whole process of a case, or of all: what each stage requires, what is
//! there, what is missing (R27; A2.11, A2.13 to A2.17).

use crate::arguments::optional_text;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::sheets::given;
use crate::table::{Lean, Table};
use clap::{ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::oversight::process::{self, PROCESS_STAGES, Process, Requirement, RequirementKind};
use vault_core::tables;
use vault_core::wording::{Family, shown};

/// Cases asked for at once.
const ROWS: u32 = 200;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("process", "process")
        .arg(help.positional("case-file"))
        .arg(help.xlsx())
        .arg(help.json())
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let json = matches.get_flag("json");
    if let Some(case_no) = optional_text(matches, "case-file") {
        let one = process::case(&vault, &actor, &case_no).await?;
        if given(context, matches, (&tables::PROCESS, &actor), &one.lines())? {
            return Ok(Exit::Done);
        }
        return if json {
            output::json(&process_json(&one))?;
            Ok(Exit::Done)
        } else {
            case_lines(context, &one)
        };
    }
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (page, next) = process::list(&vault, &actor, after, ROWS).await?;
        all.extend(page);
        after = next;
        if after.is_none() {
            break;
        }
    }
    let lines: Vec<_> = all.iter().flat_map(Process::lines).collect();
    if given(context, matches, (&tables::PROCESS, &actor), &lines)? {
        return Ok(Exit::Done);
    }
    if json {
        let rows: Vec<_> = all.iter().map(process_json).collect();
        output::json(&json!({ "cases": rows }))?;
        return Ok(Exit::Done);
    }
    all_lines(context, &all)
}

fn requirement_json(one: &Requirement) -> Value {
    let held = one.held.iter().map(
        |held| json!({ "title": held.title, "content": held.content.map(|id| id.to_string()) }),
    );
    json!({
        "stage": one.stage, "kind": one.kind.as_str(), "names": one.names,
        "article": one.article, "fulfilment": one.fulfilment.as_str(), "state": one.state,
        "late": one.late, "held": held.collect::<Vec<_>>(),
    })
}

fn process_json(one: &Process) -> Value {
    json!({
        "case": one.case.case_no, "title": one.case.title, "unit": one.case.unit,
        "missing": one.missing().count(),
        "requirements": one.requirements.iter().map(requirement_json).collect::<Vec<_>>(),
    })
}

/// What is required, in words.
fn what(context: &Context, one: &Requirement) -> String {
    let family = match one.kind {
        RequirementKind::Recording => Family::Activity,
        _ => Family::Document,
    };
    let names: Vec<_> = one.names.iter().map(|name| context.wording.name(family, name)).collect();
    let names = names.join(&context.text("ctl-process-or", &[]));
    let kind = context.wording.name(Family::Requirement, one.kind.as_str());
    if one.kind == RequirementKind::Document { names } else { format!("{kind} {names}") }
}

fn case_lines(context: &Context, one: &Process) -> Answer<Exit> {
    let columns = [
        "ctl-column-stage",
        "ctl-column-what",
        "ctl-column-article",
        "ctl-column-state",
        "ctl-column-held",
    ];
    let mut table = Table::new(columns.map(|name| (context.text(name, &[]), Lean::Left)).to_vec());
    for requirement in &one.requirements {
        let mut state = context.wording.name(Family::Fulfilment, requirement.fulfilment.as_str());
        if requirement.late {
            state = format!("{state} · {}", context.text("ctl-review-late", &[]));
        }
        let held: Vec<_> = requirement.held.iter().map(|held| shown(&held.title)).collect();
        table.row(vec![
            context.wording.name(Family::Stage, requirement.stage),
            what(context, requirement),
            requirement.article.to_owned(),
            state,
            held.join("、"),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}

fn all_lines(context: &Context, all: &[Process]) -> Answer<Exit> {
    let mut columns = vec![(context.text("ctl-column-case", &[]), Lean::Left)];
    let stage = |stage: &&str| (context.wording.name(Family::Stage, stage), Lean::Right);
    columns.extend(PROCESS_STAGES.iter().map(stage));
    columns.push((context.text("ctl-column-missing", &[]), Lean::Right));
    columns.push((context.text("ctl-column-heading", &[]), Lean::Left));
    let mut table = Table::new(columns);
    for one in all {
        let mut row = vec![shown(&one.case.case_no)];
        row.extend(PROCESS_STAGES.iter().map(|stage| {
            let (met, all) = one.count(stage);
            format!("{met}/{all}")
        }));
        row.push(one.missing().count().to_string());
        row.push(shown(&one.case.title));
        table.row(row);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}
