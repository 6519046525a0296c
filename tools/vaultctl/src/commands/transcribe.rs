//! `vaultctl transcribe`: has the configured engine listen, and stores what it heard.
//!
//! Promises: the result is machine text and says so; what the engine claims to hear in silence is
//! left out and counted. Without a configured engine nothing happens (usage).

use crate::arguments::texts;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Answer, Failure};
use crate::help::Help;
use crate::output;
use crate::view::short;
use clap::{ArgAction, ArgMatches, Command};
use serde_json::json;
use vault_core::transcript;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("transcribe", "transcribe")
        .arg(help.positional("recording").required(true).num_args(1..).action(ArgAction::Append))
        .arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let settings = context.settings()?;
    let Some(engine) = settings.transcriber()? else {
        return Err(Failure::Usage("ctl-transcribe-no-engine", Vec::new()));
    };
    let pool = context.media_pool(&settings);
    let actor = context.actor(&vault).await?;
    let mut failed = false;
    for prefix in texts(matches, "recording") {
        let recording = vault.find(&prefix).await?;
        context.stop_requested()?;
        match transcript::transcribe(&vault, &actor, &recording, &pool, &engine).await {
            Ok(done) if matches.get_flag("json") => output::json(&json!({
                "recording": recording.to_string(),
                "version": done.version,
                "cues": done.cues,
                "left_out": done.left_out,
            }))?,
            Ok(done) => {
                let values = [
                    ("recording", short(&recording)),
                    ("version", done.version.to_string()),
                    ("cues", done.cues.to_string()),
                    ("left-out", done.left_out.to_string()),
                ];
                let values: Vec<_> =
                    values.iter().map(|(name, value)| (*name, value.as_str())).collect();
                output::line(&context.text("ctl-transcribe-done", &values))?;
            }
            Err(fault) if texts(matches, "recording").len() > 1 => {
                failed = true;
                Failure::Fault(fault).report(&context.wording, matches.get_flag("json"));
            }
            Err(fault) => return Err(fault.into()),
        }
    }
    Ok(if failed { Exit::SomeFailed } else { Exit::Done })
}
