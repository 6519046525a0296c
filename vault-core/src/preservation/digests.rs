//! SHA-256 and SM3, taken from the stored bytes in a later pass that proves the content id again.

use crate::catalog::NewEvent;
use crate::fault::{Code, Fault, Outcome};
use crate::jobs::{ClaimedJob, LeaseState};
use crate::policy::{Act, Actor};
use crate::store::read::ReadBuffers;
use crate::vault::{Vault, blocking};
use sha2::Digest;
use vault_proof::{Body, ContentId, Subject};

/// Takes both digests of a recording and records them together with the end of the job.
pub(crate) async fn take_digests(vault: &Vault, actor: &Actor, job: &ClaimedJob) -> Outcome<()> {
    let id = *job.recording();
    let reading = vault.clone();
    let body = blocking(move || digest(&reading, id)).await?;
    let permitted = vault.permit(actor, Act::TakeDigests).await?;
    let mut tx = vault.catalog.begin(permitted, &vault.clock).await?;
    let event = NewEvent { subjects: vec![Subject::recording(&id)], body, payload: None };
    tx.append(vec![event]).await?;
    if tx.finish_job(job).await? == LeaseState::Lost {
        return Err(Fault::new(Code::Locked).with("what", "lease"));
    }
    let _ = tx.commit().await?;
    vault.ledger.publish(&vault.catalog).await
}

/// Reads the whole recording, verified block by block, so that the id is proved by the same pass.
fn digest(vault: &Vault, id: ContentId) -> Outcome<Body> {
    let recording = vault.store.open(&id, &vault.keys)?;
    let (mut sha256, mut sm3) = (sha2::Sha256::new(), sm3::Sm3::new());
    let mut buffers = ReadBuffers::default();
    recording.read_range(0..recording.bytes(), &mut buffers, &mut |piece| {
        sha256.update(piece);
        sm3.update(piece);
        Ok(())
    })?;
    Ok(Body::DigestsTaken {
        recording: id,
        bytes: recording.bytes(),
        sha256: hex::encode(sha256.finalize()),
        sm3: hex::encode(sm3.finalize()),
    })
}
