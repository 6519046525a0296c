//! `vaultctl list`: the recordings, in the order they came in.
//!
//! Promises: memory does not grow with their number: pages are written as they are read, and the
//! JSON is still one document.

use crate::arguments::optional_text;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::sheets::Export;
use crate::times::Zone;
use crate::view::{recording_json, recordings_table};
use clap::{ArgMatches, Command};
use vault_core::holdings::Holding;
use vault_core::policy::Act;
use vault_core::tables;
use vault_core::vault::Vault;

/// Rows of one page: columns are aligned page by page.
const PAGE_ROWS: u32 = 500;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("list", "list")
        .arg(help.option("case"))
        .arg(help.flag("utc"))
        .arg(help.xlsx())
        .arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let case = optional_text(matches, "case");
    let zone = zone(matches);
    let json = matches.get_flag("json");
    let vault = context.reading(Act::ReadCatalogue).await?;
    let exported = (&tables::RECORDINGS, &context.actor(&vault).await?);
    if let Some(export) = Export::asked(context, matches, exported, vault.directory())? {
        return sheet(context, &vault, case.as_deref(), export).await;
    }
    let mut after = None;
    let mut count: u64 = 0;
    if json {
        output::data("{\"recordings\":[")?;
    }
    loop {
        let (rows, next) = vault.catalog().list(case.as_deref(), after, PAGE_ROWS).await?;
        let Some(next) = next else { break };
        after = Some(next);
        if json {
            let rows: Vec<_> = rows.iter().map(|row| recording_json(row).to_string()).collect();
            let joint = if count == 0 { "\n" } else { ",\n" };
            output::data(&format!("{joint}{}", rows.join(",\n")))?;
        } else {
            output::data(&recordings_table(&rows, &context.wording, zone))?;
        }
        count += rows.len() as u64;
    }
    if json {
        output::data("\n]}\n")?;
    } else if count == 0 {
        output::note(&context.text("ctl-list-empty", &[]));
    } else {
        output::note(&context.text("ctl-list-count", &[("count", &count.to_string())]));
    }
    Ok(Exit::Done)
}

/// The same rows as a spreadsheet.
async fn sheet(
    context: &Context,
    vault: &Vault,
    case: Option<&str>,
    mut export: Export<'_, Holding>,
) -> Answer<Exit> {
    let mut after = None;
    loop {
        let (rows, next) = vault.catalog().list(case, after, PAGE_ROWS).await?;
        let room = export.add(&rows)?;
        let Some(next) = next else { break };
        after = Some(next);
        if !room {
            export.cut();
            break;
        }
    }
    export.finish(context)?;
    Ok(Exit::Done)
}

/// The zone asked for.
pub(super) fn zone(matches: &ArgMatches) -> Zone {
    if matches.get_flag("utc") { Zone::Utc } else { Zone::Beijing }
}
