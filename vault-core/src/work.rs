//! Working off the queue: digests, scheduled fixity, the janitor.
//!
//! Each job is claimed under a lease and ended together with what it found out, so that a crash
//! loses none and doubles none. A failing job is tried again later and later, then waits for a
//! person, visibly.

use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::jobs::{ClaimedJob, JobKind, JobState, Jobs, NewJob};
use crate::limits::FIXITY_PERIOD;
use crate::policy::{Act, Actor};
use crate::preservation::{check_recordings, take_digests};
use crate::stop::Stop;
use crate::store::cipher::random_bytes;
use crate::vault::{Vault, blocking};
use std::sync::Arc;

/// A job as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobView {
    /// Its number.
    pub id: i64,
    /// Its kind, by its code.
    pub kind: String,
    /// Its state, by its code.
    pub state: String,
    /// Attempts so far.
    pub attempts: i64,
    /// When it is due.
    pub due_at: UtcTime,
    /// What went wrong last.
    pub problem: Option<String>,
}

/// What came of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunSummary {
    /// Jobs done.
    pub done: u64,
    /// Attempts that failed.
    pub failed: u64,
}

/// Jobs claimed at once: few, so that a lease is not lost while they wait for their turn.
const CLAIMED_AT_ONCE: u32 = 4;

/// How many recordings due for a check are put into the queue at once.
const DUE_AT_ONCE: u32 = 1_000;

/// Works until the queue has nothing that is due.
pub async fn run(vault: &Vault, actor: &Actor, stop: Stop) -> Outcome<RunSummary> {
    let _ = vault.permit(actor, Act::RunJobs).await?;
    let jobs = Jobs::new(&vault.catalog, &vault.clock);
    vault.enqueue_due(&jobs).await?;
    vault.sweep().await?;
    let system = Actor::system(random_bytes()?);
    let owner = hex::encode(random_bytes::<8>()?);
    let mut summary = RunSummary::default();
    loop {
        stop.check()?;
        let kinds = [JobKind::TakeDigests, JobKind::CheckFixity];
        let claimed = jobs.claim(&owner, &kinds, CLAIMED_AT_ONCE).await?;
        if claimed.is_empty() {
            return Ok(summary);
        }
        for job in claimed {
            let _ = jobs.extend(&job).await?;
            match perform(vault, &system, &jobs, &job).await {
                Ok(()) => summary.done += 1,
                Err(fault) => {
                    summary.failed += 1;
                    tracing::warn!(job = job.id(), fault = %fault, "a job failed");
                    let _ = jobs.fail(&job, &fault).await?;
                }
            }
        }
    }
}

async fn perform(vault: &Vault, actor: &Actor, jobs: &Jobs, job: &ClaimedJob) -> Outcome<()> {
    match job.kind() {
        JobKind::TakeDigests => take_digests(vault, actor, job).await,
        JobKind::CheckFixity => {
            let unknown = || Fault::new(Code::RecordingUnknown).with("id", job.recording());
            let row = vault.catalog.recording(job.recording()).await?.ok_or_else(unknown)?;
            let expected = vec![row.expected()];
            let quiet = Arc::new(|_| {});
            check_recordings(vault, actor, expected, false, Stop::default(), quiet).await?;
            let _ = jobs.finish(job).await?;
            Ok(())
        }
    }
}

impl Vault {
    /// Puts checks that are due into the queue.
    async fn enqueue_due(&self, jobs: &Jobs) -> Outcome<()> {
        let period = i64::try_from(FIXITY_PERIOD.as_millis()).unwrap_or(i64::MAX);
        let before = UtcTime::from_ms(self.clock.now().as_ms() - period);
        let due = self.catalog.fixity_due(before, DUE_AT_ONCE).await?;
        let due: Vec<NewJob> = due
            .iter()
            .map(|row| NewJob { kind: JobKind::CheckFixity, recording: row.id })
            .collect();
        jobs.enqueue(&due).await
    }

    /// Removes what interrupted attempts left and nobody took up again.
    async fn sweep(&self) -> Outcome<()> {
        let (store, now) = (self.store.clone(), self.clock.now());
        blocking(move || match store.backend().local() {
            Some(local) => local.sweep_staging(now).map(drop),
            None => Ok(()),
        })
        .await
    }

    /// Puts back into the queue what a rebuilt catalogue still lacks.
    pub(crate) async fn requeue(&self) -> Outcome<()> {
        let jobs = Jobs::new(&self.catalog, &self.clock);
        let lacking = self.catalog.recordings_without_digests(u32::MAX).await?;
        let lacking: Vec<NewJob> = lacking
            .iter()
            .map(|row| NewJob { kind: JobKind::TakeDigests, recording: row.id })
            .collect();
        jobs.enqueue(&lacking).await
    }
}

/// The jobs that are not done.
pub async fn list(vault: &Vault) -> Outcome<Vec<JobView>> {
    let jobs = Jobs::new(&vault.catalog, &vault.clock);
    let mut views = Vec::new();
    for state in [JobState::Failed, JobState::Running, JobState::Ready] {
        for row in jobs.list(state, 1_000).await? {
            let problem = format!("{} {}", row.last_error_code, row.last_error_text);
            views.push(JobView {
                id: row.id,
                kind: row.kind.as_str().to_owned(),
                state: row.state.as_str().to_owned(),
                attempts: row.attempts,
                due_at: row.run_after,
                problem: Some(problem.trim().to_owned()).filter(|text| !text.is_empty()),
            });
        }
    }
    Ok(views)
}

/// Gives a failed job another round of attempts.
pub async fn retry(vault: &Vault, actor: &Actor, id: i64) -> Outcome<()> {
    let _ = vault.permit(actor, Act::RunJobs).await?;
    Jobs::new(&vault.catalog, &vault.clock).retry(id).await
}
