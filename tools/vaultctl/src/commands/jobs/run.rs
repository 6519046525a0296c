//! `vaultctl jobs run`: does what is due, and ends.
//!
//! Promises: a job that fails is tried again later and does not stop the rest (exit 3).

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Answer, Failure};
use crate::help::Help;
use crate::output;
use clap::{ArgMatches, Command};
use serde_json::json;
use vault_core::fault::{Code, Fault};
use vault_core::work as jobs;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("run", "jobs-run").arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let tools = context.tools()?;
    let summary =
        jobs::run(&vault, &context.actor(&vault).await?, &tools, context.stop.clone()).await?;
    if matches.get_flag("json") {
        output::json(&json!({ "done": summary.done, "failed": summary.failed }))?;
    } else {
        let (done, failed) = (summary.done.to_string(), summary.failed.to_string());
        output::line(&context.text("ctl-jobs-ran", &[("done", &done), ("failed", &failed)]))?;
    }
    if context.stop.requested() {
        return Err(Failure::Fault(Fault::new(Code::Interrupted)));
    }
    Ok(if summary.failed > 0 { Exit::SomeFailed } else { Exit::Done })
}
