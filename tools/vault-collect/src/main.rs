//! `vault-collect`: brings what recorders leave in a directory of a collecting station (采集工作站)
//! into the vault, by itself (A2.18(一)1).
//!
//! Promises: it only reads the directory, and never deletes from it; every file that rests is
//! delivered once, several at a time, going on where the service has it after a stop or kill on
//! either side; what was stored is told with the id that both sides computed. It can bring
//! recordings in and nothing else: its token is good for no more.

mod delivery;
mod journal;
mod limits;
mod service;
mod watch;

use anyhow::Context;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use delivery::{Came, Deliveries};
use futures::StreamExt;
use journal::{Journal, Known};
use limits::{LOOK_EVERY, PARALLEL, PARALLEL_MAX};
use serde_json::json;
use service::Service;
use std::collections::HashSet;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use vault_core::wording::{Language, Wording};
use watch::{Seen, Watch};

/// Where the journal lies, if nothing else is said: beside the files, hidden.
const JOURNAL: &str = ".vault-collect.jsonl";

/// The exit code of a turn that did not deliver everything.
const PARTLY: u8 = 3;

#[tokio::main]
async fn main() -> ExitCode {
    let wording = Wording::new(language());
    let matches = call(&wording).get_matches();
    let Some(("watch", matches)) = matches.subcommand() else { return ExitCode::FAILURE };
    match watch(matches, &wording).await {
        Ok(code) => code,
        Err(error) => {
            let said = wording.text("collect-failed", &[("reason", &format!("{error:#}"))]);
            // Where not even this can be written, nobody reads it.
            writeln!(std::io::stderr(), "{said}").ok();
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the environment belongs to the configuration")]
fn language() -> Language {
    let tag = std::env::var("EVIDENCE_VAULT_LANG").ok();
    tag.and_then(|tag| Language::parse(&tag)).unwrap_or(Language::Chinese)
}

fn call(wording: &Wording) -> Command {
    let said = |key: &str| wording.text(key, &[]);
    let option =
        |name: &'static str| Arg::new(name).long(name).help(said(&format!("collect-help-{name}")));
    let path = |name| option(name).value_parser(value_parser!(PathBuf));
    let parallel = value_parser!(u64).range(1..=PARALLEL_MAX as u64);
    let directory = Arg::new("directory").required(true).value_parser(value_parser!(PathBuf));
    let watch = Command::new("watch")
        .about(said("collect-help-watch"))
        .arg(directory.help(said("collect-help-directory")))
        .arg(option("server").required(true))
        .arg(path("token-file").required(true))
        .arg(path("certificate"))
        .arg(option("device"))
        .arg(path("journal"))
        .arg(option("parallel").value_parser(parallel))
        .arg(option("once").action(ArgAction::SetTrue))
        .arg(option("json").action(ArgAction::SetTrue));
    Command::new("vault-collect")
        .about(said("collect-about"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(watch)
}

async fn watch(matches: &ArgMatches, wording: &Wording) -> anyhow::Result<ExitCode> {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    let path = |name: &str| matches.get_one::<PathBuf>(name).cloned();
    let directory = path("directory").unwrap_or_default();
    let directory = directory.canonicalize().with_context(|| directory.display().to_string())?;
    let token = path("token-file").unwrap_or_default();
    let language = wording.language().tag();
    let server = text("server").unwrap_or_default();
    let service = Service::new(&server, &token, path("certificate").as_deref(), language)?;
    let journal = path("journal").unwrap_or_else(|| directory.join(JOURNAL));
    let deliveries = Deliveries {
        service,
        journal: Mutex::new(Journal::open(&journal)?),
        directory: directory.clone(),
        device: text("device"),
    };
    let parallel =
        matches.get_one::<u64>("parallel").and_then(|count| usize::try_from(*count).ok());
    let mut turns = Turns {
        deliveries,
        watch: Watch::new(directory),
        refused: HashSet::new(),
        parallel: parallel.unwrap_or(PARALLEL),
        told: Told { wording, json: matches.get_flag("json") },
    };
    tokio::select! {
        code = turns.all(matches.get_flag("once")) => code,
        // What is on its way goes on from where the service has it.
        _ = tokio::signal::ctrl_c() => Ok(ExitCode::SUCCESS),
    }
}

/// How things are told: a line for people, or one of JSON.
struct Told<'a> {
    wording: &'a Wording,
    json: bool,
}

impl Told<'_> {
    fn tell(&self, seen: &Seen, came: &Came) -> std::io::Result<()> {
        let (name, bytes) = (seen.name(), seen.bytes);
        let line = match (self.json, came) {
            (true, Came::Stored { recording, duplicate }) => {
                json!({"name": name, "bytes": bytes, "recording": recording, "duplicate": duplicate})
                    .to_string()
            }
            (true, Came::Refused(reason)) => json!({"name": name, "refused": reason}).to_string(),
            (true, Came::Later(reason)) => json!({"name": name, "later": reason}).to_string(),
            (false, Came::Stored { recording, duplicate }) => {
                let key = if *duplicate { "collect-duplicate" } else { "collect-stored" };
                let count = bytes.to_string();
                let values = [("name", name.as_str()), ("bytes", &count), ("recording", recording)];
                self.wording.text(key, &values)
            }
            (false, Came::Refused(reason)) => {
                self.wording.text("collect-refused", &[("name", &name), ("reason", reason)])
            }
            (false, Came::Later(reason)) => {
                self.wording.text("collect-later", &[("name", &name), ("reason", reason)])
            }
        };
        let mut out = std::io::stdout();
        writeln!(out, "{line}")?;
        out.flush()
    }
}

struct Turns<'a> {
    deliveries: Deliveries,
    watch: Watch,
    refused: HashSet<String>,
    parallel: usize,
    told: Told<'a>,
}

impl Turns<'_> {
    /// Looks and delivers, until everything is stored (`once`) or for ever.
    async fn all(&mut self, once: bool) -> anyhow::Result<ExitCode> {
        loop {
            let (resting, moving) = self.watch.look();
            let due: Vec<Seen> = resting.into_iter().filter(|seen| self.is_due(seen)).collect();
            let whole = self.deliver(&due).await?;
            if once && !whole {
                return Ok(ExitCode::from(PARTLY));
            }
            if once && moving == 0 {
                let all = self.refused.is_empty();
                return Ok(if all { ExitCode::SUCCESS } else { ExitCode::from(PARTLY) });
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    fn is_due(&self, seen: &Seen) -> bool {
        let key = seen.key(&self.deliveries.directory);
        let stored = matches!(self.deliveries.known(&key), Some(Known::Stored { .. }));
        !stored && !self.refused.contains(&key)
    }

    /// Delivers these, several at a time; tells whether none is left for later.
    async fn deliver(&mut self, due: &[Seen]) -> anyhow::Result<bool> {
        let deliveries = &self.deliveries;
        let mut coming = futures::stream::iter(due)
            .map(async |seen| (seen, deliveries.deliver(seen).await))
            .buffer_unordered(self.parallel);
        let mut whole = true;
        while let Some((seen, came)) = coming.next().await {
            self.told.tell(seen, &came)?;
            match came {
                Came::Stored { .. } => {}
                Came::Refused(_) => {
                    self.refused.insert(seen.key(&deliveries.directory));
                }
                Came::Later(_) => whole = false,
            }
        }
        Ok(whole)
    }
}
