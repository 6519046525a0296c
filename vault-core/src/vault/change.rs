//! The three steps that every change of a flow takes: seal what is personal, open the door, make
//! it durable in both forms.

use super::{Vault, blocking};
use crate::catalog::{NewEvent, SealedPayload, Tx};
use crate::fault::{Code, Fault, Outcome};
use crate::policy::Permitted;
use crate::store::cipher::random_bytes;
use vault_proof::canonical::Value;
use vault_proof::{Body, RecordId, Subject};

impl Vault {
    /// Seals the personal part of one event.
    pub(crate) async fn seal_one(&self, plain: Value) -> Outcome<SealedPayload> {
        let sealing = self.clone();
        let sealed = blocking(move || sealing.seal(vec![plain])).await?.into_iter().next();
        sealed.ok_or_else(|| Fault::new(Code::Internal).with("what", "sealing"))
    }

    /// Opens the door.
    pub(crate) async fn begin(&self, permitted: Permitted) -> Outcome<Tx> {
        self.catalog.begin(permitted, &self.clock).await
    }

    /// Makes a change durable in the catalogue and in the ledger log.
    pub(crate) async fn finish(&self, tx: Tx) -> Outcome<()> {
        let _ = tx.commit().await?;
        self.ledger.publish(&self.catalog).await
    }
}

/// An event with a personal part.
pub(crate) fn event(body: Body, payload: Option<SealedPayload>, more: Vec<Subject>) -> NewEvent {
    let mut subjects = body.records();
    subjects.extend(more);
    subjects.sort_unstable();
    subjects.dedup();
    NewEvent { subjects, body, payload }
}

/// A new number for an account, a case, a request or a hold.
pub(crate) fn new_record() -> Outcome<RecordId> {
    Ok(RecordId::from_bytes(random_bytes()?))
}
