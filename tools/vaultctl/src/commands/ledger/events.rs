//! `vaultctl ledger events`: what happened, in the order of the ledger.
//!
//! Promises: memory does not grow with the number of events. With `--json` one line for each.

use super::super::list::zone;
use crate::arguments::optional_text;
use crate::context::Context;
use crate::events::{event_json, events_table};
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::sheets::Export;
use clap::{ArgMatches, Command};
use vault_core::people::Names;
use vault_core::policy::Act;
use vault_core::tables::{self, EventLine};
use vault_core::vault::Vault;
use vault_proof::ContentId;

/// Events of one page: columns are aligned page by page.
const PAGE_ROWS: u32 = 1_000;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("events", "ledger-events")
        .arg(help.option("only-recording").long("recording"))
        .arg(help.flag("utc"))
        .arg(help.xlsx())
        .arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let only = optional_text(matches, "only-recording");
    let act = if only.is_some() { Act::ReadCatalogue } else { Act::ReadLedger };
    let vault = context.reading(act).await?;
    let recording = match only {
        Some(prefix) => Some(vault.find(&prefix).await?),
        None => None,
    };
    let exported = (&tables::EVENTS, &context.actor(&vault).await?);
    if let Some(export) = Export::asked(context, matches, exported, vault.directory())? {
        return sheet(context, &vault, recording.as_ref(), export).await;
    }
    let names = Names::of(&vault).await?;
    let mut after_seq = None;
    loop {
        let rows = vault.catalog().events(recording.as_ref(), after_seq, PAGE_ROWS).await?;
        let Some(last) = rows.last() else { return Ok(Exit::Done) };
        after_seq = Some(last.seq);
        if matches.get_flag("json") {
            for row in &rows {
                output::json(&event_json(row, &names)?)?;
            }
        } else {
            output::data(&events_table(&rows, &names, &context.wording, zone(matches)))?;
        }
    }
}

/// The same events as a spreadsheet, with the people behind the pseudonyms.
async fn sheet(
    context: &Context,
    vault: &Vault,
    recording: Option<&ContentId>,
    mut export: Export<'_, EventLine>,
) -> Answer<Exit> {
    let names = Names::of(vault).await?;
    let mut after_seq = None;
    loop {
        let rows = vault.catalog().events(recording, after_seq, PAGE_ROWS).await?;
        let Some(last) = rows.last() else { break };
        after_seq = Some(last.seq);
        let lines: Vec<_> = rows.into_iter().map(|event| EventLine::of(event, &names)).collect();
        if !export.add(&lines)? {
            export.cut();
            break;
        }
    }
    export.finish(context)?;
    Ok(Exit::Done)
}
