//! Content that came a second time: who brought it in first, when, and for which case (R08).
//!
//! Promises: nobody learns it who may not look into the catalogue; to him it is content that is here
//! already, and nothing more.

use crate::clock::UtcTime;
use crate::fault::Outcome;
use crate::people::Names;
use crate::policy::{Act, Actor, State, permit_in};
use crate::vault::Vault;
use vault_proof::ContentId;

/// How content came in for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Who brought it in; none for a terminal. Personal data.
    pub by: Option<String>,
    /// When.
    pub at: UtcTime,
    /// For which case; empty while it has no labels.
    pub case: String,
    /// The name it came under.
    pub name: String,
}

/// The people behind first receipts, for somebody who may know of them.
pub(super) async fn names_for(vault: &Vault, actor: &Actor) -> Outcome<Option<Names>> {
    if permit_in(actor, Act::ReadCatalogue, State::Any).is_err() {
        return Ok(None);
    }
    Names::of(vault).await.map(Some)
}

/// Who brought a recording in; none for a terminal. For callers that were admitted.
pub async fn brought_in_by(
    vault: &Vault,
    names: &Names,
    recording: &ContentId,
) -> Outcome<Option<String>> {
    // The first event about a recording is that it was received.
    let received = vault.catalog().events(Some(recording), None, 1).await?;
    let person = received.first().and_then(|event| names.person(&event.actor.id));
    Ok(person.map(str::to_owned))
}

pub(super) async fn earlier(
    vault: &Vault,
    names: &Names,
    recording: &ContentId,
) -> Outcome<Earlier> {
    let by = brought_in_by(vault, names, recording).await?;
    let row = vault.catalog().recording(recording).await?;
    Ok(Earlier { by, at: row.received_at, case: row.case, name: row.name })
}
