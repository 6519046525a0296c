//! The commands, one file each: what the call looks like, and parse, one act, answer.

mod access;
mod annual;
mod backup;
mod calendar;
mod case;
mod device;
mod disc;
mod dispose;
mod doctor;
mod dump;
mod export;
mod figures;
mod form;
mod ingest;
mod init;
mod inspection;
mod jobs;
mod lapse;
mod ledger;
mod list;
mod marker;
mod paper;
mod people;
mod process;
mod publicity;
pub(crate) mod read;
mod rebuild;
mod remind;
mod retention;
mod review;
mod schedule;
mod scrub;
mod search;
mod session;
mod show;
mod statement;
mod store;
mod term;
mod tier;
mod transcribe;
mod transcript;
mod verify;
mod witness;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Answer, Failure};
use crate::help::Help;
use crate::interrupt::{Manner, guarded};
use clap::{ArgMatches, Command};
use std::sync::Arc;

/// Every command, in the order of a vault's life.
pub(crate) fn all(help: Help<'_>) -> Vec<Command> {
    let mut all = vec![
        init::command(help),
        ingest::command(help),
        list::command(help),
        show::command(help),
        session::command(help),
        transcribe::command(help),
        transcript::command(help),
        marker::command(help),
        search::command(help),
        calendar::command(help),
        calendar::deadlines_command(help),
        figures::command(help),
        term::command(help),
        remind::todo_command(help),
        remind::command(help),
        people::command(help),
        case::command(help),
        retention::command(help),
        disc::command(help),
        tier::command(help),
        dispose::command(help),
        inspection::command(help),
        device::command(help),
        statement::command(help),
        statement::table_command(help),
        lapse::command(help),
        review::command(help),
        publicity::command(help),
        process::command(help),
        annual::command(help),
        read::command(help),
        export::command(help),
        form::command(help),
        paper::command(help),
        verify::command(help),
        scrub::command(help),
        ledger::command(help),
        witness::command(help),
        backup::command(help),
        backup::restore_command(help),
        rebuild::command(help),
        dump::command(help),
        jobs::command(help),
        doctor::command(help),
    ];
    let after_scrub = all.iter().position(|command| command.get_name() == "ledger");
    let at = after_scrub.unwrap_or(all.len());
    all.splice(at..at, store::commands(help));
    let reading = all.iter().position(|command| command.get_name() == "read");
    let at = reading.unwrap_or(all.len());
    all.splice(at..at, access::commands(help));
    all
}

/// Runs the command that was called.
pub(crate) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let Some((name, matches)) = matches.subcommand() else { return Err(no_command()) };
    // The largest of the calls decides how much this takes: it is kept off the stack.
    let work = Box::pin(dispatch(context, name, matches));
    let manner = match name {
        "ingest" | "verify" | "scrub" | "store" | "jobs" | "backup" | "restore" | "tier" => {
            Manner::Clean
        }
        _ => Manner::AtOnce,
    };
    guarded(work, manner, context.stop.clone(), Arc::clone(&context.wording)).await
}

async fn dispatch(context: &Context, name: &str, matches: &ArgMatches) -> Answer<Exit> {
    match name {
        "init" => init::run(context, matches).await,
        "ingest" => ingest::run(context, matches).await,
        "list" => list::run(context, matches).await,
        "show" => show::run(context, matches).await,
        "session" => session::run(context, matches).await,
        "transcribe" => transcribe::run(context, matches).await,
        "transcript" => transcript::run(context, matches).await,
        "marker" => marker::run(context, matches).await,
        "search" => search::run(context, matches).await,
        "calendar" => calendar::run(context, matches).await,
        "deadlines" => calendar::run_deadlines(context, matches).await,
        "figures" => figures::run(context, matches).await,
        "todo" => remind::todo(context, matches).await,
        "remind" => remind::run(context, matches).await,
        "term" => term::run(context, matches).await,
        "people" => people::run(context, matches).await,
        "case" => case::run(context, matches).await,
        "retention" => retention::run(context, matches).await,
        "disc" => disc::run(context, matches).await,
        "dispose" => dispose::run(context, matches).await,
        "inspection" => inspection::run(context, matches).await,
        "device" => device::run(context, matches).await,
        "statement" => statement::run(context, matches).await,
        "must-record" => statement::must_record(context, matches).await,
        "lapse" => lapse::run(context, matches).await,
        "review" => review::run(context, matches).await,
        "publicity" => publicity::run(context, matches).await,
        "process" => process::run(context, matches).await,
        "annual" => annual::run(context, matches).await,
        "witness" => witness::run(context, matches).await,
        "backup" => backup::run(context, matches).await,
        "restore" => backup::restore(context, matches).await,
        "tier" => tier::run(context, matches).await,
        "form" => form::run(context, matches).await,
        "paper" => paper::run(context, matches).await,
        "export" => export::run(context, matches).await,
        "read" => read::run(context, matches).await,
        "verify" => verify::run(context, matches).await,
        "scrub" => scrub::run(context, matches).await,
        "store" => store::run(context, matches).await,
        "repair" => store::repair(context, matches).await,
        "ledger" => ledger::run(context, matches).await,
        "rebuild" => rebuild::run(context, matches).await,
        "dump" => dump::run(context, matches).await,
        "jobs" => jobs::run(context, matches).await,
        "doctor" => doctor::run(context, matches).await,
        _ => access::run(context, name, matches).await,
    }
}

/// The failure for a call without a command that is known; clap makes sure there is one.
fn no_command() -> Failure {
    Failure::Usage("ctl-usage-no-command", Vec::new())
}
