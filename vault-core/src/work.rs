//! Working off the queue: examinations, digests, scheduled fixity, the janitor.
//!
//! Each job is claimed under a lease and ended together with what it found out, so that a crash
//! loses none and doubles none. A failing job is tried again later and later, then waits for a
//! person, visibly.

use crate::backup::{keep_backups, standing_work_due};
use crate::clock::{Date, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::jobs::{ClaimedJob, JobKind, JobState, Jobs, NewJob};
use crate::limits::{JOB_LEASE, SCRUB_TURN, UNSIGNED_MAX};
use crate::media::{self, MediaGuess, MediaPool};
use crate::oversight::term;
use crate::policy::{Act, Actor};
use crate::preservation::{
    Manner, ScrubExtent, check_copies, copies_due, keep_copies, keep_tiers, scrub, scrub_due,
    take_digests, tiers_due,
};
use crate::reminders::{self, Carry, reminders_due};
use crate::settings::Settings;
use crate::stop::Stop;
use crate::store::cipher::random_bytes;
use crate::vault::{Vault, blocking};
use std::path::Path;
use std::sync::{Arc, Mutex};
use vault_proof::{ContentId, Damage};

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

/// Stands in a check's job for everything that is stored: the standing job of the scheduled
/// reading. No recording has this id.
const EVERYTHING: ContentId = ContentId::from_bytes([0; 32]);

/// What jobs need beside the vault itself. Work whose tool is missing stays in the queue.
#[derive(Clone, Default)]
pub struct Tools {
    /// Workers that examine media.
    pub media: Option<Arc<MediaPool>>,
    /// What carries reminders.
    pub carry: Option<Carry>,
}

impl Tools {
    /// The kinds of work that can be done with these.
    fn kinds(&self) -> Vec<JobKind> {
        let possible = |kind: &&JobKind| match kind {
            JobKind::TakeDigests
            | JobKind::CheckFixity
            | JobKind::CopyOut
            | JobKind::CountTerms
            | JobKind::BackUp
            | JobKind::MoveTiers => true,
            JobKind::Remind => self.carry.is_some(),
            JobKind::Probe | JobKind::Preview => self.media.is_some(),
        };
        JobKind::ALL.iter().filter(possible).copied().collect()
    }
}

/// Works until the queue has nothing that is due and can be done.
pub async fn run(vault: &Vault, actor: &Actor, tools: &Tools, stop: Stop) -> Outcome<RunSummary> {
    let _ = vault.permit(actor, Act::RunJobs).await?;
    vault.enqueue_due(&Jobs::new(&vault.catalog, &vault.clock)).await?;
    vault.sweep().await?;
    // What stands against signing is told to whoever asks for a checkpoint; other work goes on.
    let signed = vault.keep_signed(actor, UNSIGNED_MAX).await;
    let problem = signed.as_ref().err().map(Fault::code);
    if vault.ledger.is_news(problem) {
        match signed {
            Ok(()) => tracing::info!("the ledger can be signed again"),
            Err(fault) => tracing::warn!(%fault, "the ledger was not signed"),
        }
    }
    let kinds = tools.kinds();
    let next = async |jobs: &Jobs, owner: &str| Ok(jobs.claim(owner, &kinds, 1).await?.pop());
    work_off(vault, tools, next, stop).await
}

/// Probes these recordings, so that their facts are there at once; everything that takes longer
/// is left to `run`.
pub async fn run_probes(
    vault: &Vault,
    actor: &Actor,
    tools: &Tools,
    recordings: Vec<ContentId>,
    stop: Stop,
) -> Outcome<RunSummary> {
    let _ = vault.permit(actor, Act::RunJobs).await?;
    let waiting = Mutex::new(recordings);
    let next = async |jobs: &Jobs, owner: &str| loop {
        let recording = waiting.lock().map_err(|_| Fault::new(Code::Internal))?.pop();
        let Some(recording) = recording else { return Ok(None) };
        // Somebody else may have done it in between.
        if let Some(job) = jobs.claim_one(owner, JobKind::Probe, &recording).await? {
            return Ok(Some(job));
        }
    };
    work_off(vault, tools, next, stop).await
}

/// One worker for each core, until there is no next job.
async fn work_off(
    vault: &Vault,
    tools: &Tools,
    next: impl AsyncFn(&Jobs, &str) -> Outcome<Option<ClaimedJob>>,
    stop: Stop,
) -> Outcome<RunSummary> {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let workers = (0..cores).map(|_| one_worker(vault, tools, &next, &stop));
    let mut summary = RunSummary::default();
    for one in futures::future::try_join_all(workers).await? {
        summary.done += one.done;
        summary.failed += one.failed;
    }
    stop.check()?;
    Ok(summary)
}

async fn one_worker(
    vault: &Vault,
    tools: &Tools,
    next: &impl AsyncFn(&Jobs, &str) -> Outcome<Option<ClaimedJob>>,
    stop: &Stop,
) -> Outcome<RunSummary> {
    let jobs = Jobs::new(&vault.catalog, &vault.clock);
    let system = Actor::system(random_bytes()?);
    let owner = hex::encode(random_bytes::<8>()?);
    let mut summary = RunSummary::default();
    while !stop.requested() {
        let Some(job) = next(&jobs, &owner).await? else { break };
        match alive(&jobs, &job, Box::pin(perform(vault, &system, tools, &job, stop))).await {
            Ok(()) => summary.done += 1,
            Err(fault) => {
                summary.failed += 1;
                tracing::warn!(job = job.id(), fault = %fault, "a job failed");
                let _ = jobs.fail(&job, &fault).await?;
            }
        }
    }
    Ok(summary)
}

/// Does at a person's word what the service does by itself, too: under the lease of that job, so
/// that the two never meet. Refused while the other is at it.
pub(crate) async fn by_hand<T>(
    vault: &Vault,
    kind: JobKind,
    work: impl Future<Output = Outcome<T>>,
) -> Outcome<T> {
    let jobs = Jobs::new(&vault.catalog, &vault.clock);
    let owner = hex::encode(random_bytes::<8>()?);
    let Some(job) = jobs.take(&owner, kind, &EVERYTHING).await? else {
        return Err(Fault::new(Code::WorkUnderWay));
    };
    let done = alive(&jobs, &job, work).await;
    // What failed is the person's to see; the service asks again by itself whether it is due.
    let _ = jobs.finish(&job).await?;
    done
}

/// Gives signs of life while the work goes on.
async fn alive<T>(
    jobs: &Jobs,
    job: &ClaimedJob,
    work: impl Future<Output = Outcome<T>>,
) -> Outcome<T> {
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(JOB_LEASE / 4) => {
                // A lease that was lost shows at the end, when the job cannot be finished.
                let _ = jobs.extend(job).await?;
            }
        }
    }
}

async fn perform(
    vault: &Vault,
    actor: &Actor,
    tools: &Tools,
    job: &ClaimedJob,
    stop: &Stop,
) -> Outcome<()> {
    let pool = || tools.media.as_ref().ok_or_else(|| Fault::new(Code::MediaWorkerFailed));
    match job.kind() {
        JobKind::TakeDigests => take_digests(vault, actor, job).await,
        JobKind::Probe => {
            media::probe(vault, actor, pool()?, job).await?;
            term::note_late(vault, actor, job.recording()).await
        }
        JobKind::Preview => media::preview(vault, actor, pool()?, job).await,
        JobKind::CountTerms => {
            term::sweep(vault, actor).await?;
            let _ = Jobs::new(&vault.catalog, &vault.clock).finish(job).await?;
            Ok(())
        }
        JobKind::Remind => {
            let carry = tools.carry.as_ref().ok_or_else(|| Fault::new(Code::DeliveryFailed))?;
            reminders::deliver_due(vault, actor, carry).await?;
            let _ = Jobs::new(&vault.catalog, &vault.clock).finish(job).await?;
            Ok(())
        }
        JobKind::CopyOut => {
            keep_copies(vault, actor, stop).await?;
            let _ = Jobs::new(&vault.catalog, &vault.clock).finish(job).await?;
            Ok(())
        }
        JobKind::BackUp => {
            keep_backups(vault, actor, stop).await?;
            let _ = Jobs::new(&vault.catalog, &vault.clock).finish(job).await?;
            Ok(())
        }
        JobKind::MoveTiers => {
            keep_tiers(vault, actor, stop).await?;
            let _ = Jobs::new(&vault.catalog, &vault.clock).finish(job).await?;
            Ok(())
        }
        JobKind::CheckFixity if *job.recording() == EVERYTHING => {
            let quiet = Arc::new(|_| {});
            let turn = ScrubExtent::Turn(SCRUB_TURN);
            let found = scrub(vault, actor, turn, stop.clone(), quiet).await?;
            for damage in &found.failed {
                let Damage { recording, class, from, to } = damage;
                tracing::error!(%recording, class, from, to, "stored bytes are damaged");
            }
            let _ = Jobs::new(&vault.catalog, &vault.clock).finish(job).await?;
            Ok(())
        }
        JobKind::CheckFixity => {
            let unknown = || Fault::new(Code::RecordingUnknown).with("id", job.recording());
            let row = vault.catalog.recording(job.recording()).await?.ok_or_else(unknown)?;
            let expected = vec![row.expected()];
            let quiet = Arc::new(|_| {});
            let manner = Manner::at_full_speed(false);
            check_copies(vault, actor, expected, manner, Stop::default(), quiet).await?;
            let _ = Jobs::new(&vault.catalog, &vault.clock).finish(job).await?;
            Ok(())
        }
    }
}

impl Vault {
    /// Puts the standing work into the queue: a turn of the scheduled reading, the filling and
    /// reading of further stores, what is done once a day.
    async fn enqueue_due(&self, jobs: &Jobs) -> Outcome<()> {
        let today = Date::of(self.clock.now());
        jobs.enqueue_daily(JobKind::CountTerms, today).await?;
        if reminders_due(self, &Settings::read(self.directory())?) {
            jobs.enqueue_daily(JobKind::Remind, today).await?;
        }
        if copies_due(self).await? {
            jobs.enqueue(&[NewJob { kind: JobKind::CopyOut, recording: EVERYTHING }]).await?;
        }
        if standing_work_due(self).await? {
            jobs.enqueue(&[NewJob { kind: JobKind::BackUp, recording: EVERYTHING }]).await?;
        }
        if tiers_due(self).await? {
            jobs.enqueue(&[NewJob { kind: JobKind::MoveTiers, recording: EVERYTHING }]).await?;
        }
        if scrub_due(self).await? {
            jobs.enqueue(&[NewJob { kind: JobKind::CheckFixity, recording: EVERYTHING }]).await?;
        }
        Ok(())
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
        jobs.enqueue(&lacking).await?;
        self.requeue_examinations(&jobs).await
    }

    /// Examinations that never came to an end, of whatever may be media by its name; what has
    /// another name and was never probed before the loss is probed at its next receipt.
    async fn requeue_examinations(&self, jobs: &Jobs) -> Outcome<()> {
        for (task, kind) in [("probe", JobKind::Probe), ("preview", JobKind::Preview)] {
            let lacking = self.catalog.unexamined(task).await?;
            let lacking: Vec<NewJob> = lacking
                .into_iter()
                .filter(|(_, name)| {
                    kind == JobKind::Preview
                        || media::guess(&[], Path::new(name)) != MediaGuess::Other
                })
                .map(|(recording, _)| NewJob { kind, recording })
                .collect();
            jobs.enqueue(&lacking).await?;
        }
        Ok(())
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
