//! `vaultctl figures`: seven figures for each office, with their trend.

use crate::arguments::optional_text;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::table::{Lean, Table};
use clap::{ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::figures::{self, Audience, Board, Figure, Step};
use vault_core::wording::Family;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("figures", "figures")
        .arg(help.option("office").long("role"))
        .arg(help.option("step").long("by").default_value("week"))
        .arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let audience = match optional_text(matches, "office") {
        Some(name) => Audience::parse(&name)?,
        None => Audience::of(&actor),
    };
    let step = Step::parse(&optional_text(matches, "step").unwrap_or_default())?;
    let board = figures::board(&vault, &actor, audience, step).await?;
    if matches.get_flag("json") {
        output::json(&board_json(&board))?;
        return Ok(Exit::Done);
    }
    output::data(&lines(context, &board))?;
    Ok(Exit::Done)
}

fn board_json(board: &Board) -> Value {
    let figure = |one: &Figure| {
        json!({
            "kind": one.kind.as_str(), "value": one.value, "percent": one.kind.percent(),
            "trend": one.trend, "article": one.kind.article(), "page": one.kind.page(),
        })
    };
    json!({
        "role": board.audience.as_str(), "by": board.step.as_str(),
        "days": board.days.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "figures": board.figures.iter().map(figure).collect::<Vec<_>>(),
    })
}

fn lines(context: &Context, board: &Board) -> String {
    let since = board.days.first().map(ToString::to_string).unwrap_or_default();
    let step = context.text(&format!("figures-{}", board.step.as_str()), &[("since", &since)]);
    let mut table = Table::new(vec![
        (context.text("ctl-column-board", &[]), Lean::Left),
        (context.text("ctl-column-now", &[]), Lean::Right),
        (step, Lean::Left),
    ]);
    for one in &board.figures {
        let sign = if one.kind.percent() { "%" } else { "" };
        let trend: Vec<_> = one.trend.iter().map(ToString::to_string).collect();
        table.row(vec![
            context.wording.name(Family::Board, one.kind.as_str()),
            format!("{}{sign}", one.value),
            trend.join(" "),
        ]);
    }
    table.lines()
}
