//! Access (调取): archived bytes are read under a grant, and under nothing else (R19–R21).
//!
//! A grant is made by the approval flow alone, which does not exist yet; so there is no way to
//! get one, and every attempt is a recorded refusal.
//!
//! ```compile_fail
//! // A grant cannot be made by hand.
//! let grant = vault_core::access::Grant { _private: () };
//! ```

pub mod package;

use crate::fault::{Code, Fault, Outcome};
use crate::policy::{Act, Actor};
use crate::store::read::ReadBuffers;
use crate::vault::Vault;
use std::io::Write;
use std::ops::RangeInclusive;
use vault_proof::ContentId;

/// Leave to read one recording, from an approved request with its signed notice
/// (《调取证据通知书》). No function makes one before the approval flow exists.
#[derive(Debug)]
pub struct Grant {
    recording: ContentId,
    _private: (),
}

/// Reads a range of a recording under a grant, each block verified before it leaves.
pub fn read_granted(
    vault: &Vault,
    grant: &Grant,
    range: Option<RangeInclusive<u64>>,
    out: &mut (dyn Write + Send),
) -> Outcome<()> {
    let recording = vault.store.open(&grant.recording, &vault.keys)?;
    let bytes = recording.bytes();
    let whole = 0..=bytes.saturating_sub(1);
    let range = range.unwrap_or(whole);
    let (from, end) = (*range.start(), range.end().saturating_add(1).min(bytes));
    if from > end || (from >= bytes && bytes > 0) {
        return Err(Fault::new(Code::RangeOutside).with("bytes", bytes));
    }
    recording.read_range(from..end, &mut ReadBuffers::default(), &mut |piece| {
        out.write_all(piece)
            .map_err(|error| Fault::new(Code::FileFailed).with("path", "output").caused_by(error))
    })
}

/// Asks to read a recording. Without a grant the refusal is recorded, and the answer is
/// `GrantNeeded`; a number that no approval gave out is no grant.
pub async fn read(
    vault: &Vault,
    actor: &Actor,
    recording: &ContentId,
    _grant: Option<&str>,
    _range: Option<RangeInclusive<u64>>,
    _out: &mut (dyn Write + Send),
) -> Outcome<()> {
    let _ = vault.permit(actor, Act::ReadRecording).await?;
    Err(Fault::new(Code::GrantNeeded).with("recording", recording))
}
