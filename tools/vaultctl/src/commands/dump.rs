//! `vaultctl dump`: the catalogue as canonical text, to compare before and after a rebuild.
//!
//! Promises: equal catalogues give equal bytes.

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Answer;
use crate::help::Help;
use clap::{ArgMatches, Command};
use std::io::{self, BufWriter, Write};

/// Bytes gathered before one write.
const BUFFER_BYTES: usize = 1 << 20;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("dump", "dump")
}

/// The act and the answer.
pub(super) async fn run(context: &Context, _matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.vault().await?;
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, io::stdout());
    vault.dump(&mut out).await?;
    out.flush()?;
    Ok(Exit::Done)
}
