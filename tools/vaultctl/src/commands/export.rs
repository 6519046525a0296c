//! `vaultctl export`: a copy handed out as a court package (R18, R20, R22).
//!
//! Promises: the package is whole and durable before this says so; nothing is overwritten.

use crate::arguments::{path, text, texts};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::forms::Typesetter;
use crate::help::Help;
use crate::output;
use crate::view::shown_path;
use clap::{ArgMatches, Command};
use serde_json::json;
use vault_core::access::package::Target;
use vault_core::access::{self, Form, Means};

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("export", "export")
        .arg(help.positional("recordings").num_args(1..))
        .arg(help.option("grant").required(true))
        .arg(help.option("recipient").required(true))
        .arg(help.path_option("package").short('o').long("output").required(true))
        .arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let place = path(matches, "package")?;
    let zip = place.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
    let target = if zip { Target::Zip(place) } else { Target::Directory(place) };
    let vault = context.vault().await?;
    let actor = context.actor(&vault).await?;
    let mut recordings = Vec::new();
    for prefix in texts(matches, "recordings") {
        recordings.push(vault.find(&prefix).await?);
    }
    let (number, to) = (text(matches, "grant"), text(matches, "recipient"));
    let asked = (recordings, to.as_str());
    let typesetter = Typesetter::new(context)?;
    let typeset = |form: &Form, day| typesetter.set(form, day);
    let tools = context.tools()?;
    let draw = |words: &str| typesetter.draw(words);
    let media = tools.media.as_ref();
    let means = Means { wording: &context.wording, typeset: &typeset, draw: &draw, media };
    let exporting = access::export(&vault, &actor, &number, asked, target, means);
    let done = Box::pin(exporting).await?;
    let (copy, written) = (done.copy, done.written);
    let unreadable = written.unreadable.len();
    if matches.get_flag("json") {
        output::json(&json!({
            "package": shown_path(&written.path),
            "copy": copy.copy,
            "mark": copy.mark(),
            "seq": copy.seq,
            "files": written.files,
            "bytes": written.bytes,
            "signature_sha256": written.signature_sha256,
            "unreadable": written
                .unreadable
                .iter()
                .map(|entry| entry.recording.to_string())
                .collect::<Vec<_>>(),
        }))?;
    } else {
        let (mark, place, files) =
            (copy.mark(), shown_path(&written.path), written.files.to_string());
        let values = [("mark", mark.as_str()), ("path", &place), ("files", &files)];
        output::line(&context.text("ctl-export-done", &values))?;
        if unreadable > 0 {
            let count = unreadable.to_string();
            output::note(&context.text("ctl-export-unreadable", &[("count", &count)]));
        }
    }
    Ok(if unreadable > 0 { Exit::SomeFailed } else { Exit::Done })
}
