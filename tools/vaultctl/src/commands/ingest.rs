//! `vaultctl ingest`: takes recordings in (R08, R09).
//!
//! Promises: one line for each file when it is acknowledged, and not before; failures are named
//! and do not stop the rest (exit 3). Ctrl-C ends cleanly; the same command goes on from there.
//! Sources are never touched.

use crate::arguments::{number, path_list, paths, text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{self, Answer};
use crate::help::Help;
use crate::output;
use crate::progress::Progress;
use crate::table::shown_bytes_count;
use crate::times::{Zone, rfc3339, shown_time};
use crate::view::{path_fields, short, shown_path};
use clap::{ArgMatches, Command};
use serde_json::{Map, Value, json};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use vault_core::fault::{Class, Code, Fault};
use vault_core::intake::{
    self, Earlier, IntakeOptions, IntakeReport, IntakeSummary, LabelInput, Labels,
};
use vault_core::vault::Vault;
use vault_core::wording::{FaultText, Wording, shown};
use vault_core::work;
use vault_proof::ContentId;

/// More parallel jobs than any machine has processors.
const JOBS_MAX: usize = 1_024;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("ingest", "ingest")
        .arg(path_list(help.positional("source")))
        .arg(help.option("case").required(true))
        .arg(help.option("counterpart").required(true))
        .arg(help.option("handler").required(true))
        .arg(help.option("activity").required(true))
        .arg(help.option("device"))
        .arg(help.option("maker"))
        .arg(help.option("method"))
        .arg(help.option("proves"))
        .arg(help.option("secrecy").default_value("ordinary").hide_default_value(true))
        .arg(help.option("recorded-at"))
        .arg(help.option("clock-offset").allow_negative_numbers(true))
        .arg(help.option("jobs"))
        .arg(help.flag("no-examine"))
        .arg(help.json())
}

pub(super) fn parse(matches: &ArgMatches) -> LabelInput {
    LabelInput {
        case: text(matches, "case"),
        counterpart: text(matches, "counterpart"),
        handler: text(matches, "handler"),
        activity: text(matches, "activity"),
        device: text(matches, "device"),
        maker: text(matches, "maker"),
        method: text(matches, "method"),
        proves: text(matches, "proves"),
        secrecy: text(matches, "secrecy"),
        recorded_at: text(matches, "recorded-at"),
        clock_offset: text(matches, "clock-offset"),
    }
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = number(matches, "jobs", &(1..=JOBS_MAX))?.unwrap_or(processors);
    let labels = Labels::checked(parse(matches))?;
    let sources = paths(matches, "source");
    let vault = context.vault().await?;
    let reporter = Arc::new(Reporter {
        wording: Arc::clone(&context.wording),
        progress: Progress::new(Arc::clone(&context.wording)),
        json: matches.get_flag("json"),
        remedies: Mutex::new(Vec::new()),
    });
    let listener = Arc::clone(&reporter);
    let summary = intake::ingest(
        &vault,
        &context.actor(&vault).await?,
        sources,
        labels,
        IntakeOptions { jobs },
        context.stop.clone(),
        Arc::new(move |report| listener.take(report)),
    )
    .await;
    reporter.progress.finish();
    let summary = summary?;
    reporter.conclude(&summary)?;
    context.stop_requested()?;
    let failed = summary.failed > 0;
    if !summary.media.is_empty() && !matches.get_flag("no-examine") {
        examine(context, &vault, summary.media).await?;
    }
    Ok(if failed { Exit::SomeFailed } else { Exit::Done })
}

/// Looks at what was taken in, so that its facts are there at once. Everything is acknowledged
/// already; what cannot be examined now waits in the queue.
async fn examine(context: &Context, vault: &Vault, media: Vec<ContentId>) -> Answer<()> {
    let tools = context.tools()?;
    if tools.media.is_none() {
        output::note(&context.text("ctl-ingest-not-examined", &[]));
        return Ok(());
    }
    let stop = context.stop.clone();
    let summary = work::run_probes(vault, &Context::operator()?, &tools, media, stop).await?;
    if summary.done > 0 {
        let count = summary.done.to_string();
        output::note(&context.text("ctl-ingest-examined", &[("count", &count)]));
    }
    Ok(())
}

/// Turns reports into lines. Called from several threads.
struct Reporter {
    wording: Arc<Wording>,
    progress: Progress,
    json: bool,
    /// Why and what next of each kind of failure, told once at the end.
    remedies: Mutex<Vec<(Code, FaultText)>>,
}

impl Reporter {
    /// A reader of stdout that went away does not stop the intake: what is acknowledged is in the
    /// ledger.
    fn take(&self, report: IntakeReport) {
        match report {
            IntakeReport::Found { files, bytes } => self.progress.found(files, bytes),
            IntakeReport::Read { bytes } => self.progress.advance(bytes),
            IntakeReport::Received { path, recording, bytes, duplicate, earlier, seq } => {
                let id = recording.to_string();
                let line = if self.json {
                    let facts = json!({
                        "recording": id, "blake3": id, "bytes": bytes,
                        "duplicate": duplicate, "accession_seq": seq,
                        "earlier": earlier.as_ref().map(earlier_json),
                    });
                    with_path(&path, facts).to_string()
                } else {
                    self.received_line(&path, (&id, bytes), (duplicate, earlier.as_ref()))
                };
                let _unread = self.progress.line(&line);
                self.progress.item_done();
            }
            IntakeReport::Failed { path, fault } => {
                self.failed(&path, &fault);
                self.progress.item_done();
            }
        }
    }

    fn received_line(
        &self,
        path: &Path,
        (id, bytes): (&str, u64),
        (duplicate, earlier): (bool, Option<&Earlier>),
    ) -> String {
        let key = if duplicate { "ctl-ingest-duplicate" } else { "ctl-ingest-stored" };
        let (id, size, path) = (short(&id), shown_bytes_count(bytes), shown_path(path));
        let values = [("recording", id.as_str()), ("size", &size), ("path", &path)];
        let line = self.wording.text(key, &values);
        let Some(earlier) = earlier else { return line };
        let said = |text: &str, none: &str| match text {
            "" => self.wording.text(none, &[]),
            text => shown(text),
        };
        let by = said(earlier.by.as_deref().unwrap_or_default(), "ctl-ingest-terminal");
        let case = said(&earlier.case, "ctl-ingest-no-case");
        let (at, name) = (shown_time(earlier.at, Zone::Beijing), shown(&earlier.name));
        let values = [("by", by.as_str()), ("at", &at), ("case", &case), ("name", &name)];
        format!("{line}\n{}", self.wording.text("ctl-ingest-earlier", &values))
    }

    fn failed(&self, path: &Path, fault: &Fault) {
        let text = self.wording.fault(fault);
        if self.json {
            let error = failure::as_json(fault.code().as_str(), &text, fault.details());
            let facts = json!({ "error": error });
            let _unread = self.progress.line(&with_path(path, facts).to_string());
        }
        let values = [("path", shown_path(path)), ("what", text.what.clone())];
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.progress.note(&self.wording.text("ctl-ingest-failed", &values));
        let mut remedies = self.remedies.lock().unwrap_or_else(PoisonError::into_inner);
        if !remedies.iter().any(|(code, _)| *code == fault.code()) {
            remedies.push((fault.code(), self.wording.fault(&Fault::new(fault.code()))));
        }
    }

    fn conclude(&self, summary: &IntakeSummary) -> Answer<()> {
        for (code, text) in self.remedies.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if code.class() != Class::Interrupted {
                failure::tell(&self.wording, text);
            }
        }
        if self.json {
            output::json(&json!({
                "files": summary.files,
                "stored": summary.stored,
                "duplicates": summary.duplicates,
                "failed": summary.failed,
                "bytes": summary.bytes,
                "seconds": summary.elapsed.as_secs_f64(),
            }))?;
            return Ok(());
        }
        let values = [
            ("files", summary.files.to_string()),
            ("stored", summary.stored.to_string()),
            ("duplicates", summary.duplicates.to_string()),
            ("failed", summary.failed.to_string()),
            ("size", shown_bytes_count(summary.bytes)),
            ("seconds", format!("{:.1}", summary.elapsed.as_secs_f64())),
        ];
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        output::line(&self.wording.text("ctl-ingest-summary", &values))?;
        Ok(())
    }
}

/// How content came in the first time, for programs.
fn earlier_json(earlier: &Earlier) -> Value {
    json!({
        "by": earlier.by, "at": rfc3339(earlier.at), "case": earlier.case, "name": earlier.name,
    })
}

/// The facts of one file, its path first.
fn with_path(path: &Path, facts: Value) -> Value {
    let mut fields = Map::new();
    for (name, value) in path_fields(path) {
        fields.insert(name.to_owned(), value);
    }
    if let Value::Object(facts) = facts {
        fields.extend(facts);
    }
    Value::Object(fields)
}
