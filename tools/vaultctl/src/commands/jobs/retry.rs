//! `vaultctl jobs retry`: lets a job that gave up try again.

use crate::arguments::{invalid, number};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use crate::output;
use clap::{ArgMatches, Command};
use vault_core::work as jobs;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("retry", "jobs-retry").arg(help.positional("job").required(true))
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let id = number(matches, "job", &(0..=i64::MAX))?.ok_or_else(|| invalid("job", ""))?;
    let vault = context.vault().await?;
    jobs::retry(&vault, &context.actor(&vault).await?, id).await?;
    output::note(&context.text("ctl-jobs-retried", &[("job", &id.to_string())]));
    Ok(Exit::Done)
}
