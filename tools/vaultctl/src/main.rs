//! The operator's command line: works on a vault directory, with or without a running server.
//!
//! Promises: data on stdout, progress and logs on stderr; every word from the catalogue, in Chinese
//! or English; the exit codes of the interface document. Each command is parse, one act, answer:
//! nothing here knows SQL, where bytes lie, or who may do what.

mod arguments;
mod commands;
mod context;
mod events;
mod exit;
mod failure;
mod forms;
mod help;
mod interrupt;
mod media;
mod output;
mod person;
mod progress;
mod registers;
mod requests;
mod secret;
mod sheets;
mod table;
mod times;
mod transcripts;
mod usage;
mod view;

use crate::context::{Context, Environment};
use crate::exit::Exit;
use crate::failure::{Answer, Failure};
use clap::ArgMatches;
use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;
use tracing_subscriber::EnvFilter;
use vault_core::clock::Clock;
use vault_core::stop::Stop;
use vault_core::wording::{Language, Wording};

fn main() -> ExitCode {
    #[cfg(feature = "failpoints")]
    let _crash_points = fail::FailScenario::setup();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let environment = Environment::read();
    let asked = arguments::language(&arguments, environment.language.as_deref());
    let wording = Arc::new(Wording::new(*asked.as_ref().unwrap_or(&Language::Chinese)));
    let answer = match asked {
        Ok(_) => parse(&wording, arguments),
        Err(tag) => Err(Some(arguments::invalid("lang", &tag))),
    };
    let exit = match answer {
        Ok(matches) => run(&wording, environment, &matches),
        Err(None) => Exit::Done,
        Err(Some(failure)) => {
            failure.report(&wording, false);
            failure.exit()
        }
    };
    exit.into()
}

/// The call, or nothing if it was answered by help, or why it makes no sense.
fn parse(wording: &Wording, arguments: Vec<OsString>) -> Result<ArgMatches, Option<Failure>> {
    arguments::root(wording).try_get_matches_from(arguments).map_err(|error| {
        if usage::is_answer(&error) {
            return output::data(&error.render().to_string()).err().map(Failure::Output);
        }
        if usage::wants_command(&error) {
            output::note(&error.render().to_string());
            return Some(Failure::Usage("ctl-usage-no-command", Vec::new()));
        }
        Some(usage::failure(&error))
    })
}

fn run(wording: &Arc<Wording>, environment: Environment, matches: &ArgMatches) -> Exit {
    log_to_stderr(environment.log.as_deref());
    let context = Context {
        wording: Arc::clone(wording),
        clock: Clock::system(),
        stop: Stop::default(),
        directory: arguments::optional_path(matches, "vault").or(environment.vault),
        media: environment.media,
        acting: secret::Acting::of(matches),
        proved: tokio::sync::OnceCell::new(),
    };
    let json = wants_json(matches);
    let answer = tokio::runtime::Runtime::new()
        .map_err(Failure::Output)
        .and_then(|runtime| runtime.block_on(commands::run(&context, matches)));
    ended(answer, wording, json)
}

fn ended(answer: Answer<Exit>, wording: &Wording, json: bool) -> Exit {
    answer.unwrap_or_else(|failure| {
        failure.report(wording, json);
        failure.exit()
    })
}

/// Whether the innermost command was asked for JSON.
fn wants_json(matches: &ArgMatches) -> bool {
    match matches.subcommand() {
        Some((_, inner)) => wants_json(inner),
        None => matches.try_get_one::<bool>("json").ok().flatten().copied().unwrap_or(false),
    }
}

fn log_to_stderr(filter: Option<&str>) {
    let filter =
        EnvFilter::try_new(filter.unwrap_or("warn")).unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

#[cfg(test)]
mod tests;
