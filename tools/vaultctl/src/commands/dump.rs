//! `vaultctl dump`: the catalogue as canonical text, to compare before and after a rebuild.
//!
//! Promises: equal catalogues give equal bytes.

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Answer, Failure};
use crate::help::Help;
use clap::{ArgMatches, Command};
use std::error::Error as _;
use std::io::{self, BufWriter, Write};
use vault_core::fault::Fault;
use vault_core::policy::Act;

/// Bytes gathered before one write.
const BUFFER_BYTES: usize = 1 << 20;

/// The call.
pub(super) fn command(help: Help<'_>) -> Command {
    help.command("dump", "dump")
}

/// A reader of stdout that went away is no fault of the vault.
fn written_or_gone(fault: Fault) -> Failure {
    let gone = fault.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    match gone.map(io::Error::kind) {
        Some(io::ErrorKind::BrokenPipe) => Failure::Output(io::ErrorKind::BrokenPipe.into()),
        _ => Failure::Fault(fault),
    }
}

/// The act and the answer.
pub(super) async fn run(context: &Context, _matches: &ArgMatches) -> Answer<Exit> {
    let vault = context.reading(Act::ReadLedger).await?;
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, io::stdout());
    vault.dump(&mut out).await.map_err(written_or_gone)?;
    out.flush()?;
    Ok(Exit::Done)
}
