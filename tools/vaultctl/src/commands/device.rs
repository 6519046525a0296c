//! `vaultctl device`: the register of devices (R05; A3.6, A2.12).

use crate::arguments::{invalid, number, optional_text, text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use crate::registers::{done, steps_json, steps_lines};
use crate::sheets::given;
use crate::table::{Lean, Table};
use crate::times::{Zone, rfc3339, shown_time};
use crate::view::short;
use clap::{ArgMatches, Command};
use serde_json::{Value, json};
use vault_core::limits::DEVICE_DAYS_MAX;
use vault_core::oversight::device::{
    self, Condition, Device, DeviceFacts, DeviceState, DeviceStep,
};
use vault_core::tables;
use vault_core::wording::{Family, shown};

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    let facts = |call: Command| {
        call.arg(help.option("device-number").long("number").required(true))
            .arg(help.option("device-kind").long("kind").required(true))
            .arg(help.option("unit").required(true))
            .arg(help.option("keeper").required(true))
            .arg(help.option("model"))
            .arg(help.option("serial"))
            .arg(help.option("check-days"))
            .arg(help.option("maintenance-days"))
    };
    let named = |name: &'static str, key: &str| {
        help.command(name, key).arg(help.positional("device").required(true))
    };
    let found = |call: Command| {
        call.arg(help.option("battery").required(true))
            .arg(help.option("free-mib").required(true))
            .arg(help.option("clock-off"))
            .arg(help.flag("unfit"))
            .arg(help.option("note"))
    };
    let noted = |name, key| named(name, key).arg(help.option("note").required(true));
    let calls = [
        facts(help.command("add", "device-add")),
        facts(named("change", "device-change")),
        help.command("list", "device-list").arg(help.xlsx()),
        named("show", "device-show"),
        found(named("take", "device-take").arg(help.option("user").required(true))),
        named("return", "device-return").arg(help.option("note")),
        found(named("check", "device-check")),
        noted("maintain", "device-maintain"),
        noted("break", "device-break"),
        noted("mend", "device-mend"),
        noted("retire", "device-retire"),
    ];
    help.command("device", "device")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(calls.map(|call| call.arg(help.json())))
}

/// Runs the command that was called.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    match matches.subcommand() {
        Some(("add", matches)) => add(context, matches).await,
        Some(("list", matches)) => list(context, matches).await,
        Some(("show", matches)) => show(context, matches).await,
        Some((name, matches)) => step(context, name, matches).await,
        _ => Err(super::no_command()),
    }
}

fn facts(matches: &ArgMatches) -> Answer<DeviceFacts> {
    let days = |id| {
        Ok::<_, crate::failure::Failure>(number(matches, id, &(1..=DEVICE_DAYS_MAX))?.unwrap_or(0))
    };
    Ok(DeviceFacts {
        number: text(matches, "device-number"),
        kind: text(matches, "device-kind"),
        model: text(matches, "model"),
        serial: text(matches, "serial"),
        unit: text(matches, "unit"),
        keeper: text(matches, "keeper"),
        check_days: days("check-days")?,
        maintenance_days: days("maintenance-days")?,
    })
}

fn condition(matches: &ArgMatches) -> Answer<Condition> {
    let required = |id: &'static str, most: u64| {
        number(matches, id, &(0..=most))?.ok_or_else(|| invalid(id, ""))
    };
    Ok(Condition {
        battery: required("battery", 100)?,
        free_mib: required("free-mib", u64::from(u32::MAX))?,
        clock_seconds: number(matches, "clock-off", &(-100_000i64..=100_000))?.unwrap_or(0),
        fit: !matches.get_flag("unfit"),
        note: text(matches, "note"),
    })
}

async fn add(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let facts = facts(matches)?;
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let id = device::register(&vault, &actor, facts).await?.to_string();
    done(context, matches, &json!({ "device": id }), ("ctl-device-added", &id))
}

async fn step(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    let id = text(matches, "device");
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let number = device::show(&vault, &actor, &id).await?.id.to_string();
    let mut said = json!({ "device": number });
    match name {
        "change" => device::change(&vault, &actor, &number, facts(matches)?).await?,
        "take" => {
            let taken = (text(matches, "user"), condition(matches)?);
            device::take_out(&vault, &actor, &number, (&taken.0, taken.1)).await?;
        }
        "check" => {
            let passed = device::check(&vault, &actor, &number, condition(matches)?).await?;
            said["passed"] = passed.into();
            let key = if passed { "ctl-device-fit" } else { "ctl-device-unfit" };
            return done(context, matches, &said, (key, ""));
        }
        other => {
            let step = DeviceStep::parse(other).ok_or_else(super::no_command)?;
            let note = optional_text(matches, "note").unwrap_or_default();
            device::note(&vault, &actor, &number, (step, &note)).await?;
        }
    }
    done(context, matches, &said, ("ctl-entered", ""))
}

fn device_json(device: &Device) -> Value {
    let facts = &device.facts;
    json!({
        "device": device.id.to_string(), "number": facts.number, "kind": facts.kind,
        "model": facts.model, "serial": facts.serial, "unit": facts.unit, "keeper": facts.keeper,
        "check_days": facts.check_days, "maintenance_days": facts.maintenance_days,
        "state": device.state.as_str(),
        "user": device.user.as_ref().map(|(user, since)| json!({
            "person": user, "since": rfc3339(*since),
        })),
        "checked": device.checked.as_ref().map(|(found, at)| json!({
            "battery": found.battery, "free_mib": found.free_mib,
            "clock_seconds": found.clock_seconds, "fit": found.passed(), "note": found.note,
            "at": rfc3339(*at),
        })),
        "check_due": device.check_due.to_string(),
        "maintained": device.maintained.map(rfc3339),
        "maintenance_due": device.maintenance_due.to_string(),
        "overdue": device.overdue,
        "deliveries": device.deliveries.map(|(many, last, off)| json!({
            "count": many, "last": rfc3339(last), "clock_seconds": off,
        })),
        "drift": device.drift.iter().map(|(at, off)| json!({
            "at": rfc3339(*at), "clock_seconds": off,
        })).collect::<Vec<_>>(),
        "steps": steps_json(&device.steps),
    })
}

async fn list(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let all = device::list(&vault, &actor).await?;
    if given(context, matches, (&tables::DEVICES, &actor), &all.devices)? {
        return Ok(Exit::Done);
    }
    if matches.get_flag("json") {
        let devices: Vec<_> = all.devices.iter().map(device_json).collect();
        let unknown = all.unknown.iter().map(|one| {
            json!({ "number": one.number, "deliveries": one.deliveries, "last": rfc3339(one.received) })
        });
        let unknown: Vec<_> = unknown.collect();
        output::json(&json!({ "devices": devices, "unknown": unknown }))?;
        return Ok(Exit::Done);
    }
    let columns = [
        "ctl-column-device-number",
        "ctl-column-kind",
        "ctl-column-state",
        "ctl-column-keeper",
        "ctl-column-check-due",
        "ctl-column-maintenance-due",
        "ctl-column-entry",
    ];
    let mut table = Table::new(columns.map(|name| (context.text(name, &[]), Lean::Left)).to_vec());
    for device in &all.devices {
        let mut state = context.wording.name(Family::Device, device.state.as_str());
        if let Some((user, _)) = &device.user {
            state = format!("{state} · {}", shown(user));
        }
        if device.overdue && device.state != DeviceState::Retired {
            state = format!("{state} · {}", context.text("ctl-device-overdue", &[]));
        }
        table.row(vec![
            shown(&device.facts.number),
            context.wording.name(Family::DeviceKind, &device.facts.kind),
            state,
            shown(&device.facts.keeper),
            device.check_due.to_string(),
            device.maintenance_due.to_string(),
            short(&device.id.to_string()),
        ]);
    }
    output::data(&table.lines())?;
    for one in &all.unknown {
        let count = one.deliveries.to_string();
        let values = [("number", one.number.as_str()), ("count", count.as_str())];
        output::note(&context.text("ctl-device-unknown", &values));
    }
    Ok(Exit::Done)
}

async fn show(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let device = device::show(&vault, &actor, &text(matches, "device")).await?;
    if matches.get_flag("json") {
        output::json(&device_json(&device))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::pairs();
    let mut row = |name: &str, value: String| table.row(vec![context.text(name, &[]), value]);
    row("ctl-column-entry", device.id.to_string());
    row("ctl-column-device-number", shown(&device.facts.number));
    row("ctl-column-state", context.wording.name(Family::Device, device.state.as_str()));
    row("ctl-column-check-due", device.check_due.to_string());
    row("ctl-column-maintenance-due", device.maintenance_due.to_string());
    if let Some((many, last, off)) = device.deliveries {
        let last = shown_time(last, Zone::Beijing);
        let (many, off) = (many.to_string(), off.to_string());
        let values = [("count", many.as_str()), ("last", last.as_str()), ("off", off.as_str())];
        row("ctl-device-deliveries", context.text("ctl-device-delivered", &values));
    }
    output::data(&table.lines())?;
    steps_lines(context, &device.steps)
}
