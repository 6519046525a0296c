//! `vaultctl transcript edit`: a new version, typed by a person: one piece changed, or the whole
//! text given as a file.
//!
//! Promises: the version it is based on stays as it was; pieces nobody touched keep their origin;
//! the new version is unchecked.

use super::import::{length_ms, read, store};
use super::shown;
use crate::arguments::{number, optional_path, optional_text, text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Answer, Failure};
use crate::help::Help;
use clap::{ArgGroup, ArgMatches, Command};
use vault_core::fault::{Code, Fault};
use vault_core::transcript::{Caption, Origin, Transcript, read_captions, version_from_captions};

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("edit", "transcript-edit")
        .arg(help.positional("recording").required(true))
        .arg(help.option("transcript-version").long("version"))
        .arg(help.path_option("file"))
        .arg(help.option("cue"))
        .arg(help.option("text"))
        .arg(help.option("speaker"))
        .group(ArgGroup::new("what").args(["file", "cue"]).required(true))
        .arg(help.json())
}

/// The act and the answer.
pub(super) async fn run(context: &Context, matches: &ArgMatches) -> Answer<Exit> {
    let cue = number(matches, "cue", &(1..=usize::MAX))?;
    let file = optional_path(matches, "file").map(|path| read(&path)).transpose()?;
    let vault = context.vault().await?;
    let found = shown(context, &vault, matches).await;
    let (recording, base) = match found {
        Ok((recording, version, transcript)) => (recording, Some((version, transcript))),
        // Typing by hand may begin with nothing.
        Err(Failure::Fault(fault)) if fault.code() == Code::TranscriptUnknown && cue.is_none() => {
            (vault.find(&text(matches, "recording")).await?, None)
        }
        Err(failure) => return Err(failure),
    };
    let captions = match (file, cue, &base) {
        (Some(file), _, _) => read_captions(&file, length_ms(&vault, &recording).await?)?,
        (None, Some(cue), Some((_, transcript))) => changed(transcript, cue, matches)?,
        (None, _, _) => return Err(Failure::Fault(Fault::new(Code::TranscriptUnknown))),
    };
    let base = base.as_ref().map(|(version, transcript)| (version.version, transcript));
    let new = version_from_captions(&recording, captions, base, Origin::Person);
    store(context, matches, (&vault, &recording), new).await
}

/// All pieces, one of them with another text or speaker; one without text is taken out.
fn changed(transcript: &Transcript, cue: usize, matches: &ArgMatches) -> Answer<Vec<Caption>> {
    let mut captions: Vec<Caption> = transcript.cues.iter().map(Caption::from).collect();
    let place = cue.checked_sub(1).filter(|place| *place < captions.len());
    let Some(place) = place else {
        return Err(crate::arguments::invalid("cue", &cue.to_string()));
    };
    if let Some(speaker) = optional_text(matches, "speaker") {
        captions[place].speaker = speaker;
    }
    if let Some(text) = optional_text(matches, "text") {
        captions[place].text = text;
    }
    Ok(captions)
}
