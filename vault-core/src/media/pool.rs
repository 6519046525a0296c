//! Workers kept ready, a few at a time.

use super::worker::{Ended, Worker, WorkerProgram};
use crate::fault::{Code, Fault, Outcome};
use crate::vault::Vault;
use std::sync::Mutex;
use std::time::Duration;
use vault_media_protocol::Order;
use vault_proof::ContentId;

/// Workers of one program. At most one for each order under way; idle ones wait for the next.
pub struct MediaPool {
    program: WorkerProgram,
    idle: Mutex<Vec<Worker>>,
}

impl std::fmt::Debug for MediaPool {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "MediaPool({})", self.program.path.display())
    }
}

impl MediaPool {
    /// A pool of workers of this program; none is started yet.
    pub fn new(program: WorkerProgram) -> Self {
        Self { program, idle: Mutex::default() }
    }

    /// The program.
    pub fn program(&self) -> &WorkerProgram {
        &self.program
    }

    /// Has an order served for a recording; blocks until it ended.
    pub(super) fn serve(
        &self,
        vault: &Vault,
        id: &ContentId,
        order: &Order,
        within: Duration,
    ) -> Outcome<Ended> {
        let broken = |()| Fault::new(Code::Internal).with("what", "worker");
        let recording = vault.store.open(id, &vault.keys)?;
        let order = Order { bytes: recording.bytes(), ..order.clone() };
        let waiting = self.idle.lock().map_err(|_| broken(()))?.pop();
        let mut worker = match waiting {
            Some(worker) => worker,
            None => Worker::start(&self.program)?,
        };
        let ended = worker.serve(&order, &recording, vault.directory(), within)?;
        if matches!(ended, Ended::Answered(..)) && worker.fit() {
            self.idle.lock().map_err(|_| broken(()))?.push(worker);
        }
        Ok(ended)
    }
}
