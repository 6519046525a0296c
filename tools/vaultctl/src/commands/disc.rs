//! `vaultctl disc`: volumes for long-term preservation (R16; A2.18(二), A3.12).
//!
//! Promises: what is built was read back; a copy is shelved only after it was read to its end;
//! `check` answers 4 where anything is damaged, and names every file that cannot be read; `restore`
//! answers 4 where a recording could not be brought back, and names it.

use super::store;
use crate::arguments::{number, optional_path, path, text, texts};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::table::{Lean, Table, shown_bytes_count};
use crate::times::{Zone, rfc3339, shown_time};
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::fault::Class;
use vault_core::volume::{self, MEDIA, VolumeView};
use vault_core::wording::shown;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let medium = || -> Arg {
        let media = PossibleValuesParser::new(MEDIA.iter().map(|(name, _)| *name));
        help.option("medium").value_parser(media).hide_possible_values(true).required(true)
    };
    let file = |id: &'static str| {
        help.positional(id).required(true).value_parser(clap::value_parser!(std::path::PathBuf))
    };
    let label = || help.option("label").required(true);
    let copy = || help.option("copy").required(true);
    help.command("disc", "disc").subcommand_required(true).arg_required_else_help(true).subcommands(
        [
            help.command("plan", "disc-plan").arg(medium()).arg(help.json()),
            help.command("build", "disc-build")
                .arg(file("image"))
                .arg(medium())
                .arg(label())
                .arg(help.json()),
            help.command("list", "disc-list").arg(help.json()),
            help.command("shelve", "disc-shelve")
                .arg(file("image"))
                .arg(label())
                .arg(copy())
                .arg(help.option("place").required(true))
                .arg(help.json()),
            help.command("check", "disc-check")
                .arg(file("image"))
                .arg(label())
                .arg(help.option("copy"))
                .arg(help.path_option("recover"))
                .arg(help.json()),
            help.command("restore", "disc-restore")
                .arg(file("image"))
                .arg(label())
                .arg(help.positional("recordings").num_args(0..))
                .arg(help.json()),
        ],
    )
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("plan", matches)) => plan(context, matches).await,
        Some(("build", matches)) => build(context, matches).await,
        Some(("list", matches)) => list(context, matches).await,
        Some(("shelve", matches)) => shelve(context, matches).await,
        Some(("check", matches)) => check(context, matches).await,
        Some(("restore", matches)) => restore(context, matches).await,
        _ => Err(super::no_command()),
    }
}

async fn plan(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let volumes = volume::plan(&vault, &text(matches, "medium")).await?;
    if matches.get_flag("json") {
        output::json(&json!({ "volumes": volumes.iter().map(|volume| json!({
            "bytes": volume.bytes,
            "recordings": volume.items.iter()
                .map(|item| item.recording.to_string()).collect::<Vec<_>>(),
        })).collect::<Vec<_>>() }))?;
        return Ok(Exit::Done);
    }
    if volumes.is_empty() {
        output::line(&context.text("ctl-disc-none", &[]))?;
    }
    for (ordinal, volume) in (1..).zip(&volumes) {
        let values = [
            ("number", ordinal.to_string()),
            ("count", volume.items.len().to_string()),
            ("size", shown_bytes_count(volume.bytes)),
        ];
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        output::line(&context.text("ctl-disc-planned", &values))?;
        for item in &volume.items {
            let id = item.recording.to_string();
            output::data(&format!(
                "  {}  {}  {}\n",
                &id[..12],
                shown(&item.case),
                shown(&item.name)
            ))?;
        }
    }
    Ok(Exit::Done)
}

async fn build(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let (image, medium, label) =
        (path(matches, "image")?, text(matches, "medium"), text(matches, "label"));
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let built = volume::build(&vault, &actor, &medium, &label, &image).await?;
    if matches.get_flag("json") {
        output::json(&view_json(&built))?;
        return Ok(Exit::Done);
    }
    let (count, size) = (built.recordings.to_string(), shown_bytes_count(built.bytes));
    let values = [("label", label.as_str()), ("count", &count), ("size", &size)];
    output::line(&context.text("ctl-disc-built", &values))?;
    output::note(&context.text("ctl-disc-next", &[]));
    Ok(Exit::Done)
}

fn view_json(volume: &VolumeView) -> Value {
    json!({
        "label": volume.label,
        "medium": volume.medium,
        "bytes": volume.bytes,
        "blake3": volume.image,
        "built_at": rfc3339(volume.built_at),
        "recordings": volume.recordings,
        "counts": volume.counts(),
        "copies": volume.copies.iter().map(|copy| json!({
            "copy": copy.copy, "place": copy.place, "person": copy.person, "at": rfc3339(copy.at),
            "checked_at": copy.checked.map(|(at, _)| rfc3339(at)),
            "readable": copy.checked.map(|(_, readable)| readable),
        })).collect::<Vec<_>>(),
    })
}

async fn list(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let volumes = volume::list(&vault).await?;
    if matches.get_flag("json") {
        output::json(&json!({ "volumes": volumes.iter().map(view_json).collect::<Vec<_>>() }))?;
    } else {
        let columns = [
            ("ctl-column-label", Lean::Left),
            ("ctl-column-objects", Lean::Right),
            ("ctl-column-bytes", Lean::Right),
            ("ctl-column-time", Lean::Left),
            ("ctl-column-places", Lean::Left),
            ("ctl-column-counts", Lean::Left),
        ];
        let mut table =
            Table::new(columns.map(|(name, lean)| (context.text(name, &[]), lean)).to_vec());
        for volume in &volumes {
            let counts = if volume.counts() { "ctl-disc-counts" } else { "ctl-disc-counts-not" };
            let places: Vec<_> = volume
                .copies
                .iter()
                .map(|copy| format!("{}: {}", copy.copy, shown(&copy.place)))
                .collect();
            table.row(vec![
                volume.label.clone(),
                volume.recordings.to_string(),
                shown_bytes_count(volume.bytes),
                shown_time(volume.built_at, Zone::Beijing),
                places.join("；"),
                context.text(counts, &[]),
            ]);
        }
        output::data(&table.lines())?;
    }
    let short = volumes.iter().any(|volume| !volume.counts());
    Ok(if short { Exit::Overdue } else { Exit::Done })
}

async fn shelve(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let (label, place) = (text(matches, "label"), text(matches, "place"));
    let copy = number(matches, "copy", &(1..=9))?.unwrap_or(1);
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let medium = path(matches, "image")?;
    let volume = volume::shelve(&vault, &actor, &label, copy, &place, &medium).await?;
    if matches.get_flag("json") {
        output::json(&view_json(&volume))?;
        return Ok(Exit::Done);
    }
    let said = if volume.counts() { "ctl-disc-shelved-enough" } else { "ctl-disc-shelved" };
    output::line(&context.text(said, &[("label", &label), ("copy", &copy.to_string())]))?;
    Ok(Exit::Done)
}

async fn check(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let label = text(matches, "label");
    let copy = number(matches, "copy", &(0..=9))?.unwrap_or(0);
    let recover = optional_path(matches, "recover");
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let medium = path(matches, "image")?;
    let found = volume::check(&vault, &actor, &label, copy, &medium, recover.as_deref()).await?;
    if matches.get_flag("json") {
        output::json(&json!({ "damaged_bytes": found.damaged_bytes, "lost": found.lost }))?;
    } else {
        let (size, lost) = (shown_bytes_count(found.damaged_bytes), found.lost.len().to_string());
        output::line(&context.text("ctl-disc-checked", &[("size", &size), ("lost", &lost)]))?;
        for path in &found.lost {
            output::data(&format!("{}\n", shown(path)))?;
        }
    }
    let whole = found.damaged_bytes == 0;
    Ok(if whole { Exit::Done } else { Exit::Class(Class::Integrity) })
}

async fn restore(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let label = text(matches, "label");
    let medium = path(matches, "image")?;
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let mut recordings = Vec::new();
    for wanted in texts(matches, "recordings") {
        recordings.push(vault.find_kept(&wanted).await?);
    }
    let found = volume::restore(&vault, &actor, &label, &medium, &recordings).await?;
    if matches.get_flag("json") {
        output::json(&json!({
            "whole": found.whole,
            "repaired": found.repairs.iter().map(store::repair_json).collect::<Vec<_>>(),
            "failed": found.failed.iter().map(|(id, fault)| json!({
                "object": id.to_string(), "code": fault.code().as_str(),
            })).collect::<Vec<_>>(),
        }))?;
    } else {
        for repair in &found.repairs {
            output::line(&store::repair_line(context, repair))?;
        }
        let (whole, failed) = (found.whole.to_string(), found.failed.len().to_string());
        output::line(
            &context.text("ctl-disc-restored", &[("whole", &whole), ("failed", &failed)]),
        )?;
        for (id, fault) in &found.failed {
            let words = context.wording.fault(fault);
            output::data(&format!("{}  {}\n", &id.to_string()[..12], words.what))?;
        }
    }
    let all = found.failed.is_empty();
    Ok(if all { Exit::Done } else { Exit::Class(Class::Integrity) })
}
