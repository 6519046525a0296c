//! `vaultctl transcript import`: a file of captions becomes a version.
//!
//! Promises: WebVTT, SRT and plain text; what is not usable is refused and nothing is stored. The
//! file is read only.

use crate::arguments::{path, text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Answer, Failure};
use crate::help::Help;
use crate::output;
use clap::{ArgMatches, Command, value_parser};
use serde_json::json;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use vault_core::fault::{Code, Fault};
use vault_core::limits::TRANSCRIPT_BYTES_MAX;
use vault_core::transcript::{self, NewVersion, Origin, read_captions};
use vault_core::vault::Vault;
use vault_proof::ContentId;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("import", "transcript-import")
        .arg(help.positional("recording").required(true))
        .arg(help.positional("captions").required(true).value_parser(value_parser!(PathBuf)))
        .arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let file = read(&path(matches, "captions")?)?;
    let vault = context.vault().await?;
    let recording = vault.find(&text(matches, "recording")).await?;
    let captions = read_captions(&file, length_ms(&vault, &recording).await?)?;
    let new = transcript::version_from_captions(&recording, captions, None, Origin::Imported);
    store(context, matches, (&vault, &recording), new).await
}

/// A file of captions, `-` for standard input; never more than a transcript may have.
pub(super) fn read(path: &Path) -> Answer<Vec<u8>> {
    let unreadable = |error: io::Error| {
        Failure::Fault(
            Fault::new(Code::SourceUnreadable).with("path", path.display()).caused_by(error),
        )
    };
    let source: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(std::fs::File::open(path).map_err(unreadable)?)
    };
    let mut bytes = Vec::new();
    source.take(TRANSCRIPT_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > TRANSCRIPT_BYTES_MAX {
        let fault = Fault::new(Code::TranscriptInvalid).with("limit", TRANSCRIPT_BYTES_MAX);
        return Err(Failure::Fault(fault));
    }
    Ok(bytes)
}

/// How long the recording is, as far as it is known.
pub(super) async fn length_ms(vault: &Vault, recording: &ContentId) -> Answer<u64> {
    let facts = vault.media_facts(recording).await?;
    let length = facts.report().and_then(|report| report.duration_us);
    Ok(length.and_then(|us| u64::try_from(us / 1_000).ok()).unwrap_or(0))
}

/// Stores a version and says which it became.
pub(super) async fn store(
    context: &Context,
    matches: &ArgMatches,
    (vault, recording): (&Vault, &ContentId),
    new: NewVersion,
) -> Answer<Exit> {
    let cues = new.transcript.cues.len();
    let actor = context.actor(vault).await?;
    let version = transcript::store_version(vault, &actor, recording, new).await?;
    if matches.get_flag("json") {
        let recording = recording.to_string();
        output::json(&json!({ "recording": recording, "version": version, "cues": cues }))?;
    } else {
        let (version, cues) = (version.to_string(), cues.to_string());
        let values = [("version", version.as_str()), ("cues", cues.as_str())];
        output::line(&context.text("ctl-transcript-stored", &values))?;
    }
    Ok(Exit::Done)
}
