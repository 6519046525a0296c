//! `vaultctl witness`: the side of a witness on another machine, and taking its word into the vault
//! (R17, R28). A witness needs no vault, only the checkpoint as text.

use crate::arguments::{path, text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Answer, Failure};
use crate::help::Help;
use crate::output;
use crate::times::{Zone, rfc3339, shown_time};
use clap::{ArgMatches, Command};
use serde_json::json;
use vault_core::fault::Fault;
use vault_core::ledger;
use vault_core::limits::NOTE_BYTES_MAX;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let file = |id: &'static str| {
        let parser = clap::value_parser!(std::path::PathBuf);
        help.positional(id).required(true).value_parser(parser)
    };
    help.command("witness", "witness")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            help.command("init", "witness-init")
                .arg(file("key-file"))
                .arg(help.option("witness-name").required(true)),
            help.command("key", "witness-key").arg(file("key-file")),
            help.command("cosign", "witness-cosign")
                .arg(file("key-file"))
                .arg(file("checkpoint-file")),
            help.command("take", "witness-take").arg(file("checkpoint-file")).arg(help.json()),
        ])
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("init", matches)) => {
            let key = path(matches, "key-file")?;
            let public = ledger::create_witness(&key, &text(matches, "witness-name"))?;
            output::line(&public.to_string())?;
            output::note(&context.text("ctl-witness-made", &[]));
        }
        Some(("key", matches)) => {
            let witness = ledger::open_witness(&path(matches, "key-file")?)?;
            output::line(&witness.key().to_string())?;
        }
        Some(("cosign", matches)) => {
            let note = note(matches)?;
            let now = context.clock.now();
            output::data(&ledger::cosign(&path(matches, "key-file")?, &note, now)?)?;
        }
        Some(("take", matches)) => return take(context, matches).await,
        _ => return Err(super::no_command()),
    }
    Ok(Exit::Done)
}

/// The checkpoint in the file that the call names.
pub(super) fn note(matches: &ArgMatches) -> Answer<String> {
    let file = path(matches, "checkpoint-file")?;
    let unread = |error| Fault::from_given_path(error, &file);
    let length = std::fs::metadata(&file).map_err(unread)?.len();
    if length > NOTE_BYTES_MAX {
        return Err(crate::arguments::invalid("checkpoint-file", &file.display().to_string()));
    }
    let text = std::fs::read_to_string(&file).map_err(unread)?;
    Ok(text)
}

async fn take(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let note = note(matches)?;
    let vault = context.vault().await?;
    let seen = vault.take_witnessed(&note).map_err(Failure::from)?;
    if matches.get_flag("json") {
        output::json(&json!({ "seen_at": rfc3339(seen) }))?;
    } else {
        let time = shown_time(seen, Zone::Beijing);
        output::line(&context.text("ctl-witness-taken", &[("time", &time)]))?;
    }
    Ok(Exit::Done)
}
