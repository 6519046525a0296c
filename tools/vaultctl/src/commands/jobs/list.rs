//! `vaultctl jobs list`: what waits, runs or has failed.

use super::super::list::zone;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::sheets::given;
use crate::table::{Lean, Table};
use crate::times::{rfc3339, shown_time};
use clap::{ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::policy::Act;
use vault_core::tables;
use vault_core::wording::{Family, shown};
use vault_core::work as jobs;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("list", "jobs-list").arg(help.flag("utc")).arg(help.xlsx()).arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.reading(Act::ReadCatalogue).await?;
    let rows = jobs::list(&vault).await?;
    if given(context, matches, (&tables::JOBS, &context.actor(&vault).await?), &rows)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        output::json(&json!({ "jobs": rows.iter().map(row_json).collect::<Vec<_>>() }))?;
        return Ok(Exit::Done);
    }
    if rows.is_empty() {
        output::note(&context.text("ctl-jobs-none", &[]));
        return Ok(Exit::Done);
    }
    let mut table = Table::new(vec![
        (context.text("ctl-column-job", &[]), Lean::Right),
        (context.text("ctl-column-job-kind", &[]), Lean::Left),
        (context.text("ctl-column-job-state", &[]), Lean::Left),
        (context.text("ctl-column-job-attempts", &[]), Lean::Right),
        (context.text("ctl-column-job-due", &[]), Lean::Left),
        (context.text("ctl-column-job-problem", &[]), Lean::Left),
    ]);
    for row in &rows {
        table.row(vec![
            row.id.to_string(),
            context.wording.name(Family::JobKind, &row.kind),
            context.wording.name(Family::JobState, &row.state),
            row.attempts.to_string(),
            shown_time(row.due_at, zone(matches)),
            row.problem.as_deref().map(shown).unwrap_or_default(),
        ]);
    }
    output::data(&table.lines())?;
    Ok(Exit::Done)
}

fn row_json(row: &jobs::JobView) -> Value {
    json!({
        "id": row.id,
        "kind": row.kind,
        "state": row.state,
        "attempts": row.attempts,
        "due_ms": row.due_at.as_ms(),
        "due": rfc3339(row.due_at),
        "problem": row.problem,
    })
}
