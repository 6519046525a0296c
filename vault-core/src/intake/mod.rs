//! Intake (接收入库): recordings from recorders and directories become accessions (R01–R03, R08–R11).
//!
//! Sources → staged (read once, hashed, encrypted, written) → committed in batches (keys, data,
//! manifests, one transaction, ledger log) → acknowledged. Sources are never written to. A source
//! that cannot be taken in is reported, and the rest of the batch is done. The same call after a
//! stop or a crash goes on: what is stored is found by content, large files continue where they
//! were.

mod commit;
mod earlier;
mod engine;
mod labels;
mod sources;
mod tray;
mod upload;

pub use earlier::{Earlier, brought_in_by};
pub use labels::{ACTIVITIES, LabelInput, Labels, SECRECIES};
pub(crate) use labels::{checked_text, checked_text_of};
pub(crate) use tray::unlabelled;
pub use tray::{label, tray};
pub use upload::{Arrived, NewUpload, Piece, Shape, UploadView, Uploads};

use crate::fault::{Code, Fault, Outcome};
use crate::people::Names;
use crate::policy::Actor;
use crate::stop::Stop;
use crate::vault::{Vault, blocking};
use commit::Committer;
use engine::{Engine, Handed};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use vault_proof::ContentId;

/// How intake is to work.
#[derive(Debug, Clone, Copy)]
pub struct IntakeOptions {
    /// Workers; 0 chooses by the machine.
    pub jobs: usize,
}

/// What happens on the way, for progress and answers.
#[derive(Debug)]
pub enum IntakeReport {
    /// The sources were counted.
    Found {
        /// Files.
        files: u64,
        /// Their bytes.
        bytes: u64,
    },
    /// Bytes of sources were read.
    Read {
        /// How many more.
        bytes: u64,
    },
    /// A source is durably in the vault. The acknowledgement.
    Received {
        /// The source.
        path: PathBuf,
        /// Its content id.
        recording: ContentId,
        /// Its length.
        bytes: u64,
        /// Whether the content was here already.
        duplicate: bool,
        /// How it came in the first time, where it was here already and the actor may know.
        earlier: Option<Earlier>,
        /// The event.
        seq: u64,
    },
    /// A source was not taken in.
    Failed {
        /// The source.
        path: PathBuf,
        /// Why.
        fault: Fault,
    },
}

/// What came of an intake.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IntakeSummary {
    /// Sources found.
    pub files: u64,
    /// New recordings.
    pub stored: u64,
    /// Content that was here already.
    pub duplicates: u64,
    /// Sources not taken in.
    pub failed: u64,
    /// Bytes of the new recordings.
    pub bytes: u64,
    /// New recordings that begin like media and can be probed at once.
    pub media: Vec<ContentId>,
    /// How long it took.
    pub elapsed: Duration,
}

/// Where reports go.
pub type Reporter = Arc<dyn Fn(IntakeReport) + Send + Sync>;

/// How many staged recordings may wait for their commit: enough to fill a batch while one is
/// committed, few enough to keep their tables small.
const STAGED_WAITING_MAX: usize = 1_024;

/// Takes in files and directories.
pub async fn ingest(
    vault: &Vault,
    actor: &Actor,
    sources: Vec<PathBuf>,
    labels: Labels,
    options: IntakeOptions,
    stop: Stop,
    report: Reporter,
) -> Outcome<IntakeSummary> {
    let began = Instant::now();
    let _ = vault.permit(actor, crate::policy::Act::TakeIn).await?;
    let (found, unusable) = blocking(move || sources::find(&sources)).await?;
    let mut summary = IntakeSummary {
        files: (found.len() + unusable.len()) as u64,
        failed: unusable.len() as u64,
        ..IntakeSummary::default()
    };
    let bytes = found.iter().map(|source| source.bytes).sum();
    report(IntakeReport::Found { files: summary.files, bytes });
    for (path, fault) in unusable {
        report(IntakeReport::Failed { path, fault });
    }
    let (hand, mut handed) = tokio::sync::mpsc::channel(STAGED_WAITING_MAX);
    let engine = Engine::new(vault.clone(), found, stop.clone(), Arc::clone(&report), hand)?;
    let workers = tokio::task::spawn_blocking(move || engine.run(options.jobs));
    let committer = Committer::new(vault.clone(), actor.clone(), labels);
    let names = earlier::names_for(vault, actor).await?;
    let telling = Telling { vault, names, report: &report };
    let result = commit_all(&committer, &mut handed, &telling, &mut summary).await;
    // A commit that failed for good ends the intake: workers see the closed channel and stop, and
    // what waited for its commit makes room.
    handed.close();
    while let Some(waiting) = handed.recv().await {
        let vault = vault.clone();
        blocking(move || engine::give_up(&vault, waiting)).await?;
    }
    let ran = workers
        .await
        .map_err(|error| Fault::new(Code::Internal).with("what", "worker").caused_by(error))?;
    result?;
    ran?;
    stop.check()?;
    summary.elapsed = began.elapsed();
    Ok(summary)
}

/// What receipts are told with.
struct Telling<'a> {
    vault: &'a Vault,
    names: Option<Names>,
    report: &'a Reporter,
}

/// The acknowledgement of what is durable.
async fn acknowledge(telling: &Telling<'_>, received: commit::Received) -> Outcome<()> {
    let earlier = match &telling.names {
        Some(names) if received.duplicate => {
            Some(earlier::earlier(telling.vault, names, &received.id).await?)
        }
        _ => None,
    };
    (telling.report)(IntakeReport::Received {
        path: received.path,
        recording: received.id,
        bytes: received.bytes,
        duplicate: received.duplicate,
        earlier,
        seq: received.seq,
    });
    Ok(())
}

async fn commit_all(
    committer: &Committer,
    handed: &mut tokio::sync::mpsc::Receiver<Handed>,
    telling: &Telling<'_>,
    summary: &mut IntakeSummary,
) -> Outcome<()> {
    let mut batch = Vec::new();
    while handed.recv_many(&mut batch, crate::limits::COMMIT_BATCH_MAX).await > 0 {
        let mut ready = Vec::with_capacity(batch.len());
        for item in batch.drain(..) {
            match item {
                Handed::Ready(item) => ready.push(item),
                Handed::Failed(path, fault) => {
                    summary.failed += 1;
                    (telling.report)(IntakeReport::Failed { path, fault });
                }
            }
        }
        let (ready, gone) = committer.part(ready).await?;
        for ready in gone {
            let (path, id) = (ready.path.clone(), ready.content.id());
            committer.give_up(ready).await?;
            summary.failed += 1;
            let fault = Fault::new(Code::Destroyed).with("recording", id);
            (telling.report)(IntakeReport::Failed { path, fault });
        }
        for received in committer.commit(ready).await? {
            if received.duplicate {
                summary.duplicates += 1;
            } else {
                summary.stored += 1;
                summary.bytes += received.bytes;
                summary.media.extend(received.media.then_some(received.id));
            }
            acknowledge(telling, received).await?;
        }
    }
    Ok(())
}
