//! `vaultctl store`: further stores for copies, how full and how sound they are, and the release
//! of one by two persons, or the withdrawal of its proposal; `vaultctl repair`: mends what is
//! damaged from good copies (R16, R17).
//!
//! Promises: `status` answers 4 where a copy is damaged and 7 where there are fewer good copies
//! than are wanted, a store does not answer, or its copies were not read again in time. Nothing
//! here deletes a copy.

use super::init;
use super::list::zone;
use super::{scrub, verify};
use crate::arguments::{optional_text, path, text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Answer, Failure};
use crate::help::Help;
use crate::output;
use crate::progress::Progress;
use crate::table::{Lean, Table, shown_bytes_count};
use crate::times::{Zone, rfc3339, shown_time};
use clap::builder::PossibleValuesParser;
use clap::{ArgMatches, Command};
use serde_json::{Value, json};
use std::sync::Arc;
use vault_core::fault::{Class, Code, Fault};
use vault_core::policy::Act;
use vault_core::preservation::{
    self, ClassCopies, FillSummary, ReleaseStep, Repair, StoreView, StoresStatus,
};
use vault_core::store::backend::s3::StorageClass;
use vault_core::vault::FurtherPlace;
use vault_core::wording::{Family, shown};

/// The calls: `store` and `repair`.
pub(super) fn commands(help: Help<'_>) -> [Command; 2] {
    let classes = PossibleValuesParser::new(StorageClass::ALL.iter().map(|one| one.as_str()));
    let add = init::s3_options(
        help.command("add", "store-add")
            .arg(help.positional("store-name").required(true))
            .arg(help.path_option("in-directory").required_unless_present("store"))
            .arg(
                help.option("storage-class")
                    .value_parser(classes)
                    .hide_possible_values(true)
                    .requires("store"),
            )
            .arg(help.json()),
        help,
    );
    let status = help
        .command("status", "store-status")
        .arg(help.positional("store-name"))
        .arg(help.flag("utc"))
        .arg(help.json());
    let named = |name: &'static str, key: &str| {
        let call = help.command(name, key).arg(help.positional("store-name").required(true));
        call.arg(help.json())
    };
    let reason = || help.option("reason").required(true);
    let store = help
        .command("store", "store")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            add,
            status,
            named("fill", "store-fill"),
            named("check", "store-check"),
            named("propose-release", "store-propose-release").arg(reason()),
            named("release", "store-release").arg(reason()),
            named("withdraw-release", "store-withdraw-release").arg(reason()),
        ]);
    let repair = help
        .command("repair", "repair")
        .arg(help.positional("recording").required(true))
        .arg(help.json());
    [store, repair]
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("add", matches)) => add(context, matches).await,
        Some(("status", matches)) => status(context, matches).await,
        Some(("fill", matches)) => fill(context, matches).await,
        Some(("check", matches)) => check(context, matches).await,
        Some((name @ ("propose-release" | "release" | "withdraw-release"), matches)) => {
            release(context, name, matches).await
        }
        _ => Err(super::no_command()),
    }
}

async fn add(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let place = match optional_text(matches, "store") {
        Some(_) => {
            let bucket = init::parse_store(matches)?;
            let class = optional_text(matches, "storage-class");
            match class.and_then(|name| StorageClass::parse(&name)) {
                Some(class) => FurtherPlace::Archive(bucket, class),
                None => FurtherPlace::S3(bucket),
            }
        }
        None => FurtherPlace::Directory(path(matches, "in-directory")?),
    };
    let name = text(matches, "store-name");
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let store = preservation::add_store(&vault, &actor, &name, place).await?;
    let status = preservation::stores_status(&vault).await?;
    let found = status.stores.iter().find(|view| view.id == store.to_string());
    if matches.get_flag("json") {
        output::json(&json!({ "store": found.map(store_json) }))?;
    } else {
        output::line(&context.text("ctl-store-added", &[("name", &shown(&name))]))?;
        if found.is_some_and(|view| !view.create_only) {
            output::note(&context.text("ctl-store-weak", &[]));
        }
    }
    Ok(Exit::Done)
}

async fn status(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.reading(Act::ReadHealth).await?;
    let mut status = preservation::stores_status(&vault).await?;
    if let Some(name) = optional_text(matches, "store-name") {
        // Of one store; whether there are copies enough is said of all together.
        status.stores.retain(|store| store.name == name || store.id == name);
        status.classes.clear();
        if status.stores.is_empty() {
            return Err(Fault::new(Code::StoreUnknown).with("id", name).into());
        }
    }
    if matches.get_flag("json") {
        output::json(&json!({
            "stores": status.stores.iter().map(store_json).collect::<Vec<_>>(),
            "classes": status.classes.iter().map(|class| json!({
                "class": class.class, "wanted": class.wanted,
                "objects": class.objects, "short": class.short,
                "places": class.places.iter().map(|(store, lacking)| json!({
                    "store": store, "lacking": lacking,
                })).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
        }))?;
    } else {
        output::data(&stores_table(context, matches, &status).lines())?;
        if !status.classes.is_empty() {
            output::data(&classes_table(context, &status).lines())?;
        }
        for store in &status.stores {
            tell_release(context, store, zone(matches))?;
        }
        for store in &status.stores {
            scrub::tell_damaged(context, &store.damaged_objects, store.damaged)?;
        }
    }
    if status.stores.iter().any(|store| store.damaged > 0) {
        return Ok(Exit::Class(Class::Integrity));
    }
    let short = status.classes.iter().any(ClassCopies::alarms);
    let short = short || status.stores.iter().any(StoreView::alarms);
    Ok(if short { Exit::Overdue } else { Exit::Done })
}

/// Who released a store, proposed it or took the proposal back, and why; nothing of one that nobody
/// ever wanted to let go.
fn tell_release(context: &Context, store: &StoreView, zone: Zone) -> Answer<()> {
    let (key, step) = match (&store.released, &store.proposed, &store.withdrawn) {
        (Some(step), ..) => ("ctl-store-status-released", step),
        (None, Some(step), _) => ("ctl-store-status-proposed", step),
        (None, None, Some(step)) => ("ctl-store-status-withdrawn", step),
        (None, None, None) => return Ok(()),
    };
    let values = [
        ("name", shown(&store.name)),
        ("person", shown(&step.person)),
        ("at", shown_time(step.at, zone)),
        ("reason", shown(&step.reason)),
    ];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    output::line(&context.text(key, &values))?;
    Ok(())
}

fn stores_table(context: &Context, matches: &ArgMatches, status: &StoresStatus) -> Table {
    let columns = [
        ("ctl-column-store", Lean::Left),
        ("ctl-column-state", Lean::Left),
        ("ctl-column-copies", Lean::Right),
        ("ctl-column-bytes", Lean::Right),
        ("ctl-column-lacking", Lean::Right),
        ("ctl-column-bad", Lean::Right),
        ("ctl-column-overdue", Lean::Right),
        ("ctl-column-oldest", Lean::Left),
    ];
    let mut table =
        Table::new(columns.map(|(name, lean)| (context.text(name, &[]), lean)).to_vec());
    for store in &status.stores {
        let name = match store.name.as_str() {
            "" => context.text("ctl-store-own", &[]),
            name => shown(name),
        };
        let state = if store.in_reach { store.state } else { "out-of-reach" };
        table.row(vec![
            name,
            context.wording.name(Family::StoreState, state),
            store.objects.to_string(),
            shown_bytes_count(store.bytes),
            store.lacking.to_string(),
            store.damaged.to_string(),
            store.overdue.to_string(),
            store.oldest_at.map(|at| shown_time(at, zone(matches))).unwrap_or_default(),
        ]);
    }
    table
}

fn classes_table(context: &Context, status: &StoresStatus) -> Table {
    let columns = [
        ("ctl-column-class", Lean::Left),
        ("ctl-column-wanted", Lean::Right),
        ("ctl-column-objects", Lean::Right),
        ("ctl-column-short", Lean::Right),
        ("ctl-column-where", Lean::Left),
    ];
    let mut table =
        Table::new(columns.map(|(name, lean)| (context.text(name, &[]), lean)).to_vec());
    for class in &status.classes {
        let places = class.places.iter().map(|(store, lacking)| {
            let lacking = lacking.to_string();
            context.text("ctl-store-place", &[("name", &shown(store)), ("count", &lacking)])
        });
        table.row(vec![
            context.wording.name(Family::CopyClass, &class.class),
            class.wanted.to_string(),
            class.objects.to_string(),
            class.short.to_string(),
            places.collect::<Vec<_>>().join(" "),
        ]);
    }
    table
}

fn store_json(store: &StoreView) -> Value {
    json!({
        "id": store.id,
        "name": store.name,
        "kind": store.kind,
        "state": store.state,
        "added_at": store.added_at.map(rfc3339),
        "create_only": store.create_only,
        "object_lock": store.object_lock,
        "objects": store.objects,
        "bytes": store.bytes,
        "lacking": store.lacking,
        "damaged": store.damaged,
        "damaged_objects":
            store.damaged_objects.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "overdue": store.overdue,
        "in_reach": store.in_reach,
        "oldest_read": store.oldest_at.map(rfc3339),
        "proposed": store.proposed.as_ref().map(step_json),
        "withdrawn": store.withdrawn.as_ref().map(step_json),
        "released": store.released.as_ref().map(step_json),
    })
}

fn step_json(step: &ReleaseStep) -> Value {
    json!({ "person": step.person, "reason": step.reason, "at": rfc3339(step.at) })
}

async fn fill(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let json = matches.get_flag("json");
    let name = text(matches, "store-name");
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let progress = Arc::new(Progress::new(Arc::clone(&context.wording)));
    let bar = Arc::clone(&progress);
    let report = move |bytes| bar.advance(bytes);
    let found = preservation::fill_store(&vault, &actor, &name, &context.stop, &report).await;
    progress.finish();
    let found = found?;
    if json {
        output::json(&json!({
            "objects": found.objects, "bytes": found.bytes, "failed": found.failed,
            "not_copied": found.not_copied.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "left": found.left,
        }))?;
    } else {
        tell_filled(context, &found)?;
    }
    // As a check does: what is wrong is said before that somebody stopped it.
    if found.failed > 0 {
        return Ok(Exit::Class(Class::Integrity));
    }
    if found.left > 0 {
        return Err(Failure::Fault(Fault::new(Code::Interrupted)));
    }
    Ok(Exit::Done)
}

/// What filling a store came to, for people.
fn tell_filled(context: &Context, found: &FillSummary) -> Answer<()> {
    let (objects, size) = (found.objects.to_string(), shown_bytes_count(found.bytes));
    let failed = found.failed.to_string();
    let values = [("objects", objects.as_str()), ("size", &size), ("failed", &failed)];
    output::line(&context.text("ctl-store-filled", &values))?;
    for object in &found.not_copied {
        output::line(&context.text("ctl-store-not-copied", &[("id", &object.to_string())]))?;
    }
    let more = found.failed.saturating_sub(found.not_copied.len() as u64);
    if more > 0 {
        output::line(&context.text("ctl-damaged-more", &[("count", &more.to_string())]))?;
    }
    if found.failed > 0 {
        output::note(&context.text("ctl-store-fill-next", &[]));
    }
    if found.left > 0 {
        let left = found.left.to_string();
        output::line(&context.text("ctl-store-fill-left", &[("left", &left)]))?;
    }
    Ok(())
}

async fn check(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let name = text(matches, "store-name");
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let found = preservation::check_store(&vault, &actor, &name, None, &context.stop).await?;
    for damage in &found.failed {
        output::note(&crate::view::damage_line(damage, &context.wording));
    }
    verify::conclude(context, &found, matches.get_flag("json"))
}

async fn release(context: &Context, act: &str, matches: &ArgMatches) -> Answer<Exit> {
    let (name, reason) = (text(matches, "store-name"), text(matches, "reason"));
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let said = match act {
        "release" => {
            preservation::release_store(&vault, &actor, &name, &reason).await?;
            "ctl-store-released"
        }
        "withdraw-release" => {
            preservation::withdraw_release(&vault, &actor, &name, &reason).await?;
            "ctl-store-release-withdrawn"
        }
        _ => {
            preservation::propose_release(&vault, &actor, &name, &reason).await?;
            "ctl-store-release-proposed"
        }
    };
    if matches.get_flag("json") {
        output::json(&json!({ "store": name, "released": act == "release" }))?;
    } else {
        output::line(&context.text(said, &[("name", &shown(&name))]))?;
    }
    Ok(Exit::Done)
}

/// Mends an object.
pub(super) async fn repair(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let object = vault.find_kept(&text(matches, "recording")).await?;
    let repairs = preservation::repair(&vault, &actor, &object).await?;
    if matches.get_flag("json") {
        output::json(&json!({
            "object": object.to_string(),
            "repaired": repairs.iter().map(repair_json).collect::<Vec<_>>(),
        }))?;
        return Ok(Exit::Done);
    }
    if repairs.is_empty() {
        output::line(&context.text("ctl-repair-nothing", &[]))?;
    }
    for repair in &repairs {
        output::line(&repair_line(context, repair))?;
    }
    Ok(Exit::Done)
}

/// A repair as a line.
pub(super) fn repair_line(context: &Context, repair: &Repair) -> String {
    let id = repair.object.to_string();
    let moved = shown_bytes_count(repair.moved);
    let values = [
        ("id", &id[..12]),
        ("store", &place(context, &repair.store)),
        ("source", &place(context, &repair.source)),
        ("size", &moved),
    ];
    context.text("ctl-repair-done", &values)
}

/// A place of good bytes as people call it.
fn place(context: &Context, name: &str) -> String {
    match name.strip_prefix("disc:") {
        Some(label) => context.text("ctl-store-volume", &[("label", &shown(label))]),
        None if name == preservation::OWN_STORE => context.text("ctl-store-own", &[]),
        None => shown(name),
    }
}

/// A repair for programs.
pub(super) fn repair_json(repair: &Repair) -> Value {
    json!({
        "object": repair.object.to_string(),
        "store": repair.store,
        "source": repair.source,
        "moved": repair.moved,
    })
}
