//! `vaultctl verify`: re-reads what is stored and compares it with its digests (R17).
//!
//! Promises: every damage is named by recording, class of bytes and range (exit 4); one failure
//! does not stop the rest. With `--keyless` no key is touched.

use super::store::{repair_json, repair_line};
use crate::arguments::{number, texts};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Answer, Failure};
use crate::help::Help;
use crate::output;
use crate::progress::Progress;
use crate::table::shown_bytes_count;
use crate::view::{damage_json, damage_line};
use clap::{ArgMatches, Command};
use serde_json::json;
use std::sync::Arc;
use vault_core::fault::{Class, Code, Fault};
use vault_core::preservation::{self, Selection, VerifyReport, VerifySummary};
use vault_core::vault::Vault;
use vault_proof::Damage;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("verify", "verify")
        .arg(help.positional("recordings").num_args(0..))
        .arg(help.flag("all").conflicts_with("recordings"))
        .arg(help.option("percent").conflicts_with_all(["recordings", "all"]))
        .arg(help.flag("keyless"))
        .arg(help.json())
}

/// What to check: the recordings named, a part, or everything.
async fn selection(vault: &Vault, matches: &ArgMatches) -> Answer<Selection> {
    if let Some(percent) = number(matches, "percent", &(1..=100))? {
        return Ok(Selection::Percent(percent));
    }
    let named = texts(matches, "recordings");
    if named.is_empty() {
        return Ok(Selection::All);
    }
    let mut recordings = Vec::with_capacity(named.len());
    for prefix in named {
        recordings.push(vault.find(&prefix).await?);
    }
    Ok(Selection::These(recordings))
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let json = matches.get_flag("json");
    let vault = context.vault().await?;
    let selection = selection(&vault, matches).await?;
    let (progress, report) = listener(context, json);
    let keyless = matches.get_flag("keyless");
    let stop = context.stop.clone();
    let actor = context.actor(&vault).await?;
    let summary =
        preservation::verify(&vault, &actor, selection, keyless, stop, Arc::new(report)).await;
    progress.finish();
    conclude(context, &summary?, json)
}

/// Shows how far a check is, and each damage as it is found.
pub(super) fn listener(
    context: &Context,
    json: bool,
) -> (Arc<Progress>, impl Fn(VerifyReport) + Send + Sync + use<>) {
    let progress = Arc::new(Progress::new(Arc::clone(&context.wording)));
    let listener = Arc::clone(&progress);
    let wording = Arc::clone(&context.wording);
    let report = move |report| match report {
        VerifyReport::Found { objects, bytes } => listener.found(objects, bytes),
        VerifyReport::Read { bytes } => listener.advance(bytes),
        VerifyReport::Checked { .. } => listener.item_done(),
        VerifyReport::Damaged(damage) => {
            let line = if json {
                json!({ "damaged": damage_json(&damage) }).to_string()
            } else {
                damage_line(&damage, &wording)
            };
            // The summary names it once more; a reader that went away does not stop the check.
            let _unread = listener.line(&line);
        }
    };
    (progress, report)
}

/// Tells what came of a check.
pub(super) fn conclude(context: &Context, summary: &VerifySummary, json: bool) -> Answer<Exit> {
    if json {
        output::json(&json!({
            "objects": summary.objects,
            "bytes": summary.bytes,
            "seconds": summary.elapsed.as_secs_f64(),
            "failed": summary.failed.iter().map(damage_json).collect::<Vec<_>>(),
            "repaired": summary.repaired.iter().map(repair_json).collect::<Vec<_>>(),
        }))?;
    } else {
        let values = [
            ("objects", summary.objects.to_string()),
            ("size", shown_bytes_count(summary.bytes)),
            ("seconds", format!("{:.1}", summary.elapsed.as_secs_f64())),
            ("failed", summary.failed.len().to_string()),
        ];
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        output::line(&context.text("ctl-verify-summary", &values))?;
    }
    for repair in summary.repaired.iter().filter(|_| !json) {
        output::line(&repair_line(context, repair))?;
    }
    if !summary.failed.is_empty() {
        let mended = |damage: &Damage| {
            summary.repaired.iter().any(|repair| repair.object == damage.recording)
        };
        let all = summary.failed.iter().all(mended);
        let next = if all { "ctl-verify-mended" } else { "ctl-verify-next" };
        output::note(&context.text(next, &[]));
        return Ok(Exit::Class(Class::Integrity));
    }
    if context.stop.requested() {
        return Err(Failure::Fault(Fault::new(Code::Interrupted)));
    }
    Ok(Exit::Done)
}
