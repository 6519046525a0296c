//! `vaultctl backup`: backups made, checked, rehearsed, listed; `vaultctl restore`: a vault made
//! again from one (R17; A3.12, A2.19(二)3).
//!
//! Promises: `verify` needs no vault and no secret; a rehearsal that finds damage is exit 4; a
//! restored vault says what it is behind of, and signs nothing until `ledger recover`.

use super::ledger::{behind_json, behind_lines};
use super::list::zone;
use crate::arguments::{number, optional_path, path, paths};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Answer, Failure};
use crate::help::Help;
use crate::output;
use crate::secret::password;
use crate::table::{Lean, Table, shown_bytes_count};
use crate::times::{Zone, rfc3339, shown_time};
use crate::view::shown_path;
use clap::{ArgAction, ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::backup::{
    self, BackupStatus, BackupView, NewRehearsal, Rehearsal, RestoreOptions, SecretsFrom,
};
use vault_core::fault::Class;
use vault_core::limits::{REHEARSAL_SAMPLE, REHEARSAL_SAMPLE_MAX};
use vault_core::people::Password;
use vault_core::vault::CatalogueChoice;
use vault_core::wording::shown;

/// The call of `backup`.
pub(super) fn command(help: Help<'_>) -> Command {
    let create = help
        .command("create", "backup-create")
        .arg(help.path_option("into-backup").long("into").required(true))
        .arg(help.path_option("secrets-into"))
        .arg(help.path_option("words-file").requires("secrets-into"))
        .arg(help.json());
    let from = || help.path_option("from-backup").long("from").required(true);
    let verify = help.command("verify", "backup-verify").arg(from()).arg(help.json());
    let rehearse = help
        .command("rehearse", "backup-rehearse")
        .arg(from())
        .arg(help.option("sample"))
        .arg(help.path_option("scratch"))
        .arg(help.json());
    let list = help.command("list", "backup-list").arg(help.flag("utc")).arg(help.json());
    help.command("backup", "backup")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([create, verify, rehearse, list])
}

/// The call of `restore`.
pub(super) fn restore_command(help: Help<'_>) -> Command {
    help.command("restore", "restore")
        .arg(help.path_option("from-backup").long("from").required(true))
        .arg(help.path_option("into-vault").long("into").required(true))
        .arg(
            help.path_option("secrets-at")
                .long("secrets")
                .required_unless_present("sealed-secrets")
                .conflicts_with("sealed-secrets"),
        )
        .arg(help.path_option("sealed-secrets"))
        .arg(help.path_option("words-file").requires("sealed-secrets"))
        .arg(help.path_option("bytes-in"))
        .arg(help.path_option("key-copy").action(ArgAction::Append))
        .arg(help.path_option("catalogue-url-file"))
        .arg(help.json())
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("create", matches)) => create(context, matches).await,
        Some(("verify", matches)) => verify(context, matches),
        Some(("rehearse", matches)) => rehearse(context, matches).await,
        Some(("list", matches)) => list(context, matches).await,
        _ => Err(super::no_command()),
    }
}

fn words(context: &Context, matches: &ArgMatches) -> Answer<Password> {
    let file = optional_path(matches, "words-file");
    password(file.as_deref(), &context.text("ctl-words-ask", &[]))
}

async fn create(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let into = path(matches, "into-backup")?;
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let sealed = optional_path(matches, "secrets-into");
    if let Some(file) = &sealed {
        backup::seal_secrets(&vault, &actor, file, words(context, matches)?).await?;
    }
    let made = backup::create(&vault, &actor, &into).await?;
    if matches.get_flag("json") {
        output::json(&json!({
            "backup": made.backup.to_string(),
            "path": shown_path(&made.path),
            "events": made.events,
            "objects": made.objects,
            "bytes": made.bytes,
            "secrets": sealed.as_deref().map(shown_path),
        }))?;
        return Ok(Exit::Done);
    }
    let (events, objects) = (made.events.to_string(), made.objects.to_string());
    let values = [
        ("path", shown_path(&made.path)),
        ("events", events),
        ("objects", objects),
        ("size", shown_bytes_count(made.bytes)),
    ];
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    output::line(&context.text("ctl-backup-made", &values))?;
    if sealed.is_none() {
        output::note(&context.text("ctl-backup-no-secrets", &[]));
    }
    Ok(Exit::Done)
}

fn verify(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let report = backup::check(&path(matches, "from-backup")?)?;
    if matches.get_flag("json") {
        output::json(&json!({
            "backup": report.backup,
            "vault": report.vault,
            "made_at": rfc3339(report.made_at),
            "events": report.events,
            "signed": report.signed,
            "objects": report.objects,
            "keys": report.keys,
            "bytes": report.bytes,
            "list": report.list,
        }))?;
        return Ok(Exit::Done);
    }
    let values = [
        ("time", shown_time(report.made_at, Zone::Beijing)),
        ("events", report.events.to_string()),
        ("signed", report.signed.to_string()),
        ("objects", report.objects.to_string()),
        ("keys", report.keys.to_string()),
        ("size", shown_bytes_count(report.bytes)),
    ];
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    output::line(&context.text("ctl-backup-whole", &values))?;
    output::line(&context.text("ctl-backup-digest", &[("digest", &report.list)]))?;
    Ok(Exit::Done)
}

async fn rehearse(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let sample = number(matches, "sample", &(1..=REHEARSAL_SAMPLE_MAX))?;
    let wanted = NewRehearsal {
        from: path(matches, "from-backup")?,
        scratch: optional_path(matches, "scratch"),
        sample: sample.unwrap_or(REHEARSAL_SAMPLE),
    };
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let found = backup::rehearse(&vault, &actor, wanted, &context.stop).await?;
    if matches.get_flag("json") {
        output::json(&rehearsal_json(&found))?;
    } else {
        let rate = rate(&found);
        let values = [
            ("events", found.events.to_string()),
            ("restoring", format!("{:.1}", found.restoring.as_secs_f64())),
            ("objects", found.objects.to_string()),
            ("size", shown_bytes_count(found.bytes)),
            ("reading", format!("{:.1}", found.reading.as_secs_f64())),
            ("rate", rate.to_string()),
        ];
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        output::line(&context.text("ctl-backup-rehearsed", &values))?;
        for damage in &found.failed {
            output::note(&crate::view::damage_line(damage, &context.wording));
        }
    }
    Ok(if found.failed.is_empty() { Exit::Done } else { Exit::Class(Class::Integrity) })
}

/// Megabytes of the sample read in a second.
fn rate(found: &Rehearsal) -> u64 {
    let milliseconds = found.reading.as_millis().max(1);
    u64::try_from(u128::from(found.bytes) / (milliseconds * 1_000)).unwrap_or(u64::MAX)
}

fn rehearsal_json(found: &Rehearsal) -> Value {
    json!({
        "backup": found.backup,
        "events": found.events,
        "objects": found.objects,
        "bytes": found.bytes,
        "restoring_seconds": found.restoring.as_secs_f64(),
        "reading_seconds": found.reading.as_secs_f64(),
        "megabytes_per_second": rate(found),
        "failed": found.failed.iter().map(|damage| json!({
            "recording": damage.recording.to_string(),
            "class": damage.class,
            "from": damage.from,
            "to": damage.to,
        })).collect::<Vec<_>>(),
    })
}

async fn list(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    backup::admit_to_list(&vault, &context.actor(&vault).await?).await?;
    let status = backup::backup_status(&vault).await?;
    if matches.get_flag("json") {
        output::json(&status_json(&status))?;
    } else {
        let columns = [
            ("ctl-column-time", Lean::Left),
            ("ctl-column-events", Lean::Right),
            ("ctl-column-objects", Lean::Right),
            ("ctl-column-bytes", Lean::Right),
            ("ctl-column-rehearsed", Lean::Left),
            ("ctl-column-place", Lean::Left),
            ("ctl-column-note", Lean::Left),
        ];
        let columns = columns.map(|(name, lean)| (context.text(name, &[]), lean));
        let mut table = Table::new(columns.to_vec());
        for backup in &status.backups {
            let bears = backup.bears_destroyed_keys;
            let note = bears.then(|| context.text("ctl-backup-bears-keys", &[]));
            let rehearsed = backup.rehearsed.as_ref();
            table.row(vec![
                shown_time(backup.made_at, zone(matches)),
                backup.events.to_string(),
                backup.objects.to_string(),
                shown_bytes_count(backup.bytes),
                rehearsed.map(|one| shown_time(one.at, zone(matches))).unwrap_or_default(),
                shown(&backup.place),
                note.unwrap_or_default(),
            ]);
        }
        output::data(&table.lines())?;
    }
    let overdue = status.backup_due || status.rehearsal_due;
    Ok(if overdue { Exit::Overdue } else { Exit::Done })
}

fn status_json(status: &BackupStatus) -> Value {
    json!({
        "backups": status.backups.iter().map(view_json).collect::<Vec<_>>(),
        "last_made": status.last_made_at.map(rfc3339),
        "last_rehearsed": status.last_rehearsed_at.map(rfc3339),
        "backup_due": status.backup_due,
        "rehearsal_due": status.rehearsal_due,
        "restored": status.restored_at.map(rfc3339),
        "lost": status.lost,
    })
}

fn view_json(view: &BackupView) -> Value {
    json!({
        "backup": view.id,
        "made": rfc3339(view.made_at),
        "person": view.person,
        "place": view.place,
        "events": view.events,
        "objects": view.objects,
        "bytes": view.bytes,
        "list": view.list,
        "bears_destroyed_keys": view.bears_destroyed_keys,
        "rehearsed": view.rehearsed.as_ref().map(|one| json!({
            "at": rfc3339(one.at),
            "objects": one.objects,
            "bytes": one.bytes,
            "milliseconds": one.milliseconds,
            "failed": one.failed,
        })),
    })
}

/// Restores a vault.
pub(super) async fn restore(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let secrets = match optional_path(matches, "sealed-secrets") {
        None => SecretsFrom::Directory(path(matches, "secrets-at")?),
        Some(file) => SecretsFrom::Sealed { file, words: words(context, matches)? },
    };
    let catalogue = match optional_path(matches, "catalogue-url-file") {
        Some(url_file) => CatalogueChoice::Postgres { url_file },
        None => CatalogueChoice::Sqlite,
    };
    let into = path(matches, "into-vault")?;
    let options = RestoreOptions {
        from: path(matches, "from-backup")?,
        into: into.clone(),
        key_copies: paths(matches, "key-copy"),
        secrets,
        store: optional_path(matches, "bytes-in"),
        catalogue,
    };
    let actor = Context::operator()?;
    let clock = context.clock.clone();
    let found = backup::restore(options, &actor, clock, &context.stop).await;
    let found = found.map_err(Failure::from)?;
    if matches.get_flag("json") {
        output::json(&json!({
            "vault": shown_path(&into),
            "backup": found.backup,
            "events": found.events,
            "brought": found.brought,
            "missing": found.missing.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "behind": behind_json(&found.behind),
        }))?;
    } else {
        let values = [
            ("path", shown_path(&into)),
            ("events", found.events.to_string()),
            ("brought", found.brought.to_string()),
            ("missing", found.missing.len().to_string()),
        ];
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        output::line(&context.text("ctl-restored", &values))?;
        for line in behind_lines(context, &found.behind) {
            output::note(&line);
        }
        output::note(&context.text("ctl-restored-next", &[]));
    }
    Ok(if found.missing.is_empty() { Exit::Done } else { Exit::SomeFailed })
}
