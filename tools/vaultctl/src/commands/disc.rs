//! `vaultctl disc`: volumes for long-term preservation (R16; A2.18(二), A3.12).
//!
//! Promises: what is built or burnt was read back; a copy is shelved only after it was read to its
//! end; `check` answers 4 where anything is damaged, and names every file that cannot be read;
//! `restore` answers 4 where a recording could not be brought back, and names it; `plan`, `list`
//! and `due` answer 7 where something waits for people.

use super::store;
use crate::arguments::{number, optional_path, optional_text, path, text, texts};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::sheets::given;
use crate::table::{Lean, Table, shown_bytes_count};
use crate::times::{Zone, rfc3339, shown_time};
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use vault_core::fault::{Class, Code, Fault};
use vault_core::limits::{VOLUME_CHECK_DAYS, VOLUME_COPIES_MAX};
use vault_core::policy::Act;
use vault_core::tables;
use vault_core::volume::{
    self, CopyName, Identities, MEDIA, Medium, NewImage, NewShelf, Rereading, VolumeCheck,
    VolumeView,
};
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
    let capacity = || help.option("capacity");
    let step = |name: &'static str, key: &str| {
        let call = help.command(name, key).arg(label()).arg(copy());
        call.arg(help.option("reason").required(true)).arg(help.json())
    };
    help.command("disc", "disc").subcommand_required(true).arg_required_else_help(true).subcommands(
        [
            help.command("plan", "disc-plan").arg(medium()).arg(capacity()).arg(help.json()),
            help.command("build", "disc-build")
                .arg(file("image"))
                .arg(medium())
                .arg(capacity())
                .arg(label())
                .arg(help.json()),
            help.command("migrate", "disc-migrate")
                .arg(file("image"))
                .arg(help.option("volume-from").long("from").required(true))
                .arg(medium())
                .arg(capacity())
                .arg(label())
                .arg(help.json()),
            help.command("burn", "disc-burn")
                .arg(file("image"))
                .arg(help.option("burn-to").long("to").required(true))
                .arg(label())
                .arg(copy())
                .arg(help.json()),
            help.command("list", "disc-list").arg(help.xlsx()).arg(help.json()),
            help.command("due", "disc-due").arg(help.option("within-days")).arg(help.json()),
            help.command("shelve", "disc-shelve")
                .arg(file("image"))
                .arg(label())
                .arg(copy())
                .arg(help.option("place").required(true))
                .arg(help.option("burnt-elsewhere"))
                .arg(help.json()),
            help.command("check", "disc-check")
                .arg(file("image"))
                .arg(label())
                .arg(help.option("copy"))
                .arg(help.path_option("recover"))
                .arg(help.flag("unreadable").conflicts_with("recover"))
                .arg(help.json()),
            help.command("restore", "disc-restore")
                .arg(file("image"))
                .arg(label())
                .arg(help.positional("recordings").num_args(0..))
                .arg(help.path_option("identity"))
                .arg(help.json()),
            step("propose-release", "disc-propose-release"),
            step("release", "disc-release"),
            step("withdraw-release", "disc-withdraw-release"),
        ],
    )
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("plan", matches)) => plan(context, matches).await,
        Some(("build", matches)) => build(context, matches, None).await,
        Some(("migrate", matches)) => {
            build(context, matches, Some(text(matches, "volume-from"))).await
        }
        Some(("burn", matches)) => burn(context, matches).await,
        Some(("due", matches)) => due(context, matches).await,
        Some(("list", matches)) => list(context, matches).await,
        Some(("shelve", matches)) => shelve(context, matches).await,
        Some(("check", matches)) => check(context, matches).await,
        Some(("restore", matches)) => restore(context, matches).await,
        Some((name @ ("propose-release" | "release" | "withdraw-release"), matches)) => {
            release(context, name, matches).await
        }
        _ => Err(super::no_command()),
    }
}

fn medium_of(matches: &ArgMatches) -> Answer<Medium> {
    let capacity = number(matches, "capacity", &(1..=u64::MAX))?;
    Ok(Medium::new(&text(matches, "medium"), capacity)?)
}

async fn plan(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.reading(Act::ReadCatalogue).await?;
    let plan = volume::plan(&vault, medium_of(matches)?).await?;
    let exit = if plan.too_large.is_empty() { Exit::Done } else { Exit::Overdue };
    if matches.get_flag("json") {
        output::json(&json!({
            "volumes": plan.volumes.iter().map(|volume| json!({
                "bytes": volume.bytes,
                "cases": volume.cases(),
                "recipients": volume.recipients,
                "recordings": volume.items.iter()
                    .map(|item| item.recording.to_string()).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "too_large": plan.too_large.iter().map(|item| json!({
                "recording": item.recording.to_string(), "name": item.name, "bytes": item.bytes,
            })).collect::<Vec<_>>(),
        }))?;
        return Ok(exit);
    }
    if plan.volumes.is_empty() && plan.too_large.is_empty() {
        output::line(&context.text("ctl-disc-none", &[]))?;
    }
    for (ordinal, volume) in (1..).zip(&plan.volumes) {
        let values = [
            ("number", ordinal.to_string()),
            ("count", volume.items.len().to_string()),
            ("size", shown_bytes_count(volume.bytes)),
            ("cases", volume.cases().len().to_string()),
            ("sealed", encryption(context, &volume.recipients)),
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
    for item in &plan.too_large {
        let (id, size) = (item.recording.to_string(), shown_bytes_count(item.bytes));
        let values = [("id", &id[..12]), ("name", &shown(&item.name)), ("size", &size)];
        output::line(&context.text("ctl-disc-too-large", &values))?;
    }
    Ok(exit)
}

/// Whether a volume is encrypted, in words.
fn encryption(context: &Context, recipients: &[String]) -> String {
    match recipients.len() {
        0 => context.text("ctl-disc-clear", &[]),
        count => context.text("ctl-disc-sealed", &[("count", &count.to_string())]),
    }
}

async fn build(context: &Context, matches: &ArgMatches, source: Option<String>) -> Answer<Exit> {
    let new = NewImage {
        medium: medium_of(matches)?,
        label: text(matches, "label"),
        target: path(matches, "image")?,
    };
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let built = match &source {
        None => volume::build(&vault, &actor, &new).await?,
        Some(source) => volume::migrate(&vault, &actor, source, &new).await?,
    };
    if matches.get_flag("json") {
        output::json(&view_json(&built))?;
        return Ok(Exit::Done);
    }
    let (count, size) = (built.recordings.to_string(), shown_bytes_count(built.bytes));
    let sealed = encryption(context, &built.recipients);
    let values =
        [("label", built.label.as_str()), ("count", &count), ("size", &size), ("sealed", &sealed)];
    output::line(&context.text("ctl-disc-built", &values))?;
    output::note(&context.text("ctl-disc-next", &[]));
    Ok(Exit::Done)
}

async fn burn(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let (label, target) = (text(matches, "label"), text(matches, "burn-to"));
    let copy = number(matches, "copy", &(1..=VOLUME_COPIES_MAX))?.unwrap_or(1);
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let image = path(matches, "image")?;
    let burnt = volume::burn(&vault, &actor, &label, copy, &image, &target).await?;
    if matches.get_flag("json") {
        output::json(&burn_json(&burnt))?;
        return Ok(Exit::Done);
    }
    let values = [("label", label.as_str()), ("copy", &copy.to_string())];
    output::line(&context.text("ctl-disc-burnt", &values))?;
    output::note(&context.text("ctl-disc-burnt-next", &[]));
    Ok(Exit::Done)
}

fn burn_json(burn: &volume::Burn) -> Value {
    json!({
        "copy": burn.copy, "target": burn.target, "result": burn.result,
        "differing_bytes": burn.differing_bytes, "person": burn.person, "at": rfc3339(burn.at),
    })
}

async fn due(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let within = number(matches, "within-days", &(0..=VOLUME_CHECK_DAYS))?.unwrap_or(0);
    let vault = context.reading(Act::ReadCatalogue).await?;
    let due = volume::due(&vault, i64::try_from(within).unwrap_or(0)).await?;
    let exit = if due.is_empty() { Exit::Done } else { Exit::Overdue };
    if matches.get_flag("json") {
        output::json(&json!({ "copies": due.iter().map(|copy| json!({
            "label": copy.label, "copy": copy.copy, "place": copy.place,
            "read_on": copy.read_on.to_string(), "whole": copy.whole,
            "due_on": copy.due_on.to_string(), "days_left": copy.days_left,
        })).collect::<Vec<_>>() }))?;
        return Ok(exit);
    }
    if due.is_empty() {
        output::line(&context.text("ctl-disc-none-due", &[]))?;
        return Ok(exit);
    }
    let columns = [
        ("ctl-column-label", Lean::Left),
        ("ctl-column-disc-copy", Lean::Right),
        ("ctl-column-places", Lean::Left),
        ("ctl-column-read-on", Lean::Left),
        ("ctl-column-read-by", Lean::Left),
        ("ctl-column-days-left", Lean::Right),
    ];
    let mut table =
        Table::new(columns.map(|(name, lean)| (context.text(name, &[]), lean)).to_vec());
    for copy in &due {
        table.row(vec![
            copy.label.clone(),
            copy.copy.to_string(),
            shown(&copy.place),
            copy.read_on.to_string(),
            copy.due_on.to_string(),
            copy.days_left.to_string(),
        ]);
    }
    output::data(&table.lines())?;
    output::note(&context.text("ctl-disc-due-next", &[]));
    Ok(exit)
}

async fn release(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    let (label, reason) = (text(matches, "label"), text(matches, "reason"));
    let copy = number(matches, "copy", &(1..=VOLUME_COPIES_MAX))?.unwrap_or(1);
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let which = CopyName { label: &label, copy };
    let (view, said) = match name {
        "release" => (volume::release(&vault, &actor, which, &reason).await?, "ctl-disc-released"),
        "withdraw-release" => (
            volume::withdraw_release(&vault, &actor, which, &reason).await?,
            "ctl-disc-release-withdrawn",
        ),
        _ => (
            volume::propose_release(&vault, &actor, which, &reason).await?,
            "ctl-disc-release-proposed",
        ),
    };
    if matches.get_flag("json") {
        output::json(&view_json(&view))?;
    } else {
        let values = [("label", label.as_str()), ("copy", &copy.to_string())];
        output::line(&context.text(said, &values))?;
    }
    Ok(Exit::Done)
}

fn view_json(volume: &VolumeView) -> Value {
    json!({
        "volume": volume.id.to_string(),
        "label": volume.label,
        "medium": volume.medium,
        "bytes": volume.bytes,
        "blake3": volume.image,
        "built_at": rfc3339(volume.built_at),
        "recordings": volume.recordings,
        "recipients": volume.recipients,
        "source": volume.source,
        "successors": volume.successors,
        "counts": volume.counts(),
        "superseded_by": volume.superseded_by,
        "burns": volume.burns.iter().map(burn_json).collect::<Vec<_>>(),
        "copies": volume.copies.iter().map(|copy| json!({
            "copy": copy.copy, "place": copy.place, "person": copy.person, "at": rfc3339(copy.at),
            "burnt_elsewhere": copy.burnt_elsewhere,
            "checked_at": copy.checked.map(|(at, _)| rfc3339(at)),
            "whole": copy.checked.map(|(_, whole)| whole),
            "release": copy.release.as_ref().map(|release| json!({
                "person": release.person, "reason": release.reason, "at": rfc3339(release.at),
                "released_by": release.released.as_ref().map(|(person, _)| person),
                "released_at": release.released.as_ref().map(|(_, at)| rfc3339(*at)),
            })),
            "withdrawn": copy.withdrawn.as_ref().map(|withdrawn| json!({
                "person": withdrawn.person, "reason": withdrawn.reason,
                "at": rfc3339(withdrawn.at),
            })),
        })).collect::<Vec<_>>(),
    })
}

/// Which words say whether a volume counts, or why it need not.
fn counts_key(volume: &VolumeView) -> &'static str {
    if volume.counts() {
        "ctl-disc-counts"
    } else if volume.is_retired() {
        "ctl-disc-counts-retired"
    } else if volume.superseded_by.is_some() {
        "ctl-disc-counts-superseded"
    } else {
        "ctl-disc-counts-not"
    }
}

async fn list(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.reading(Act::ReadCatalogue).await?;
    let volumes = volume::list(&vault).await?;
    if given(context, matches, (&tables::VOLUMES, &context.actor(&vault).await?), &volumes)? {
        return Ok(Exit::Done);
    }
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
            let counts = counts_key(volume);
            let released = context.text("ctl-disc-no-longer", &[]);
            let places: Vec<_> = volume
                .copies
                .iter()
                .map(|copy| {
                    let after = if copy.is_released() { released.as_str() } else { "" };
                    format!("{}: {}{after}", copy.copy, shown(&copy.place))
                })
                .collect();
            table.row(vec![
                volume.label.clone(),
                volume.recordings.to_string(),
                shown_bytes_count(volume.bytes),
                shown_time(volume.built_at, Zone::Beijing),
                places.join("；"),
                context.text(
                    counts,
                    &[("label", volume.superseded_by.as_deref().unwrap_or_default())],
                ),
            ]);
        }
        output::data(&table.lines())?;
    }
    let short = volumes.iter().any(VolumeView::is_short);
    Ok(if short { Exit::Overdue } else { Exit::Done })
}

async fn shelve(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let (label, place) = (text(matches, "label"), text(matches, "place"));
    let copy = number(matches, "copy", &(1..=VOLUME_COPIES_MAX))?.unwrap_or(1);
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let medium = path(matches, "image")?;
    let elsewhere = optional_text(matches, "burnt-elsewhere");
    let new = NewShelf {
        label: &label,
        copy,
        place: &place,
        medium: &medium,
        burnt_elsewhere: elsewhere.as_deref(),
    };
    let volume = volume::shelve(&vault, &actor, new).await?;
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
    let copy = number(matches, "copy", &(0..=VOLUME_COPIES_MAX))?.unwrap_or(0);
    let recover = optional_path(matches, "recover");
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let medium = path(matches, "image")?;
    let reading = Rereading {
        label: &label,
        copy,
        medium: &medium,
        recover: recover.as_deref(),
        said_unreadable: matches.get_flag("unreadable"),
    };
    let found = volume::check(&vault, &actor, reading).await?;
    if matches.get_flag("json") {
        output::json(&json!({
            "damaged_bytes": found.damaged_bytes, "lost": found.lost, "mendable": found.mendable,
            "lost_recordings":
                found.lost_recordings.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "recovered": recover.as_ref().map(|path| json!({
                "path": path.display().to_string(), "whole": found.mendable,
            })),
        }))?;
    } else {
        tell_checked(context, &found, &reading)?;
    }
    let whole = found.damaged_bytes == 0;
    Ok(if whole { Exit::Done } else { Exit::Class(Class::Integrity) })
}

/// What a check found, for people, and what to do next.
fn tell_checked(context: &Context, found: &VolumeCheck, reading: &Rereading<'_>) -> Answer<()> {
    let (size, lost) = (shown_bytes_count(found.damaged_bytes), found.lost.len().to_string());
    output::line(&context.text("ctl-disc-checked", &[("size", &size), ("lost", &lost)]))?;
    for path in &found.lost {
        output::data(&format!("{}\n", shown(path)))?;
    }
    for recording in &found.lost_recordings {
        output::line(&context.text("ctl-disc-check-gone", &[("id", &recording.to_string())]))?;
    }
    let path = reading.recover.unwrap_or(reading.medium).display().to_string();
    let values = [("path", path.as_str()), ("label", reading.label)];
    // What was written of a volume that is not whole is not to be taken for one that is.
    if reading.recover.is_some() && !found.mendable {
        output::line(&context.text("ctl-disc-check-partial", &values))?;
    }
    if found.damaged_bytes > 0 {
        let next = match reading.recover {
            _ if !found.mendable => "ctl-disc-check-lost",
            Some(_) => "ctl-disc-check-mended",
            None => "ctl-disc-check-mends",
        };
        output::line(&context.text(next, &values))?;
    }
    Ok(())
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
    let identities = optional_path(matches, "identity");
    let identities = identities.map(|path| Identities::read(&path)).transpose()?;
    let volume = (label.as_str(), medium.as_path());
    let wanted = (recordings.as_slice(), identities.as_ref());
    let found = volume::restore(&vault, &actor, volume, wanted, &context.stop).await?;
    if matches.get_flag("json") {
        output::json(&json!({
            "whole": found.whole,
            "left": found.left,
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
        let mut told = BTreeSet::new();
        for (id, fault) in &found.failed {
            let words = context.wording.fault(fault);
            output::data(&format!("{}  {}\n", &id.to_string()[..12], words.what))?;
            told.extend(words.next);
        }
        // The same next step is said once, however many failed for the same reason.
        for next in &told {
            output::note(&context.text("ctl-error-next", &[("next", next)]));
        }
        if found.left > 0 {
            let left = found.left.to_string();
            output::line(&context.text("ctl-disc-restore-left", &[("left", &left)]))?;
        }
    }
    // As a check does: what is wrong is said before that somebody stopped it.
    if !found.failed.is_empty() {
        return Ok(Exit::Class(Class::Integrity));
    }
    if found.left > 0 {
        return Err(Fault::new(Code::Interrupted).into());
    }
    Ok(Exit::Done)
}
