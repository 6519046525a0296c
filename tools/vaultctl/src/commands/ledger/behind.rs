//! `vaultctl ledger compare` and `recover`: a checkpoint that lay elsewhere, and an older state of
//! the vault that a person has looked at.
//!
//! Promises: a checkpoint that the ledger does not reach or agree with is exit 4, and nothing is
//! signed from then on until `recover`.

use crate::arguments::text;
use crate::commands::witness::note;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use clap::{ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::fault::Class;
use vault_core::ledger::Standing;
use vault_core::policy::Act;
use vault_core::vault::Behind;
use vault_core::wording::{Family, shown};

/// The call of `compare`.
pub(super) fn compare_command(help: Help<'_>) -> Command {
    help.command("compare", "ledger-compare")
        .arg(
            help.positional("checkpoint-file")
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf)),
        )
        .arg(help.json())
}

/// The call of `recover`.
pub(super) fn recover_command(help: Help<'_>) -> Command {
    help.command("recover", "ledger-recover")
        .arg(help.option("reason").required(true))
        .arg(help.json())
}

/// How a standing is written in JSON.
const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Agrees => "agrees",
        Standing::Behind => "behind",
        Standing::Differs => "differs",
    }
}

/// Compares.
pub(super) async fn compare(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let note = note(matches)?;
    let vault = context.reading(Act::ReadLedger).await?;
    let (found, known) = vault.compare_checkpoint(&note).await?;
    let code = standing(found);
    if matches.get_flag("json") {
        let root = known.root.to_string();
        output::json(&json!({ "standing": code, "size": known.size, "root": root }))?;
    } else {
        let (size, how) = (known.size.to_string(), context.wording.name(Family::Standing, code));
        let values = [("size", size.as_str()), ("standing", &how)];
        output::line(&context.text("ctl-ledger-compared", &values))?;
        if found != Standing::Agrees {
            output::note(&context.text("ctl-ledger-behind", &[]));
        }
    }
    Ok(if found == Standing::Agrees { Exit::Done } else { Exit::Class(Class::Integrity) })
}

/// Lets a ledger go on.
pub(super) async fn recover(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let found = vault.recover_ledger(&actor, &text(matches, "reason")).await?;
    if matches.get_flag("json") {
        output::json(&behind_json(&found))?;
        return Ok(Exit::Done);
    }
    for line in behind_lines(context, &found) {
        output::line(&line)?;
    }
    output::line(&context.text("ctl-ledger-recovered", &[]))?;
    Ok(Exit::Done)
}

/// What stands against signing, a line each.
pub(in crate::commands) fn behind_lines(context: &Context, behind: &Behind) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(backup) = &behind.restored {
        lines.push(context.text("ctl-restored-unseen", &[("id", &shown(backup))]));
    }
    for known in &behind.ahead {
        let place = context.wording.name(Family::Memory, &known.place);
        let how = context.wording.name(Family::Standing, standing(known.standing));
        let size = known.size.to_string();
        let values = [("place", place.as_str()), ("size", &size), ("standing", &how)];
        lines.push(context.text("ctl-ledger-known", &values));
    }
    lines
}

/// The same for programs.
pub(in crate::commands) fn behind_json(behind: &Behind) -> Value {
    json!({
        "restored": behind.restored,
        "known": behind.ahead.iter().map(|known| json!({
            "place": known.place,
            "size": known.size,
            "root": known.root,
            "standing": standing(known.standing),
        })).collect::<Vec<_>>(),
    })
}
