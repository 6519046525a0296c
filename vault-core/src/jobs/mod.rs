//! The queue of work the vault owes itself: rows in the catalogue, claimed with leases.
//!
//! Promises: a job that was enqueued in a committed change is done at least once; the same work
//! is owed once at a time; of two workers only the one that holds the lease can finish, so what a
//! job found out, committed together with `Tx::finish_job`, is recorded once. A worker that dies
//! gives its job back when the lease ends. A job that keeps failing waits for a person, visibly.
//! The queue says what is owed, never what happened: that is the ledger's.

use crate::catalog::{Catalog, Cell, Cells, Column, Kind, Session, execute_batch};
use crate::clock::{Clock, Date, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{JOB_ATTEMPTS_MAX, JOB_BACKOFF, JOB_LEASE};
use std::time::Duration;
use vault_proof::ContentId;

/// What is to be done. Closed: a new kind of work needs a name here and a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// Take SHA-256 and SM3 of a recording.
    TakeDigests,
    /// Read a recording again and compare it with its digests.
    CheckFixity,
    /// Fill further stores, and read again what lies in them.
    CopyOut,
    /// Make a backup, and rehearse one.
    BackUp,
    /// Take what is past its hot period to a cold store, and bring back what was asked for.
    MoveTiers,
    /// Look at a recording's container, streams and packets.
    Probe,
    /// Look through its pictures and sound, and make previews.
    Preview,
    /// Put missed terms on record; once a day.
    CountTerms,
    /// Send reminders; once a day.
    Remind,
}

impl JobKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Probe,
        Self::TakeDigests,
        Self::CheckFixity,
        Self::Preview,
        Self::CopyOut,
        Self::CountTerms,
        Self::Remind,
        Self::BackUp,
        Self::MoveTiers,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TakeDigests => "take-digests",
            Self::CheckFixity => "check-fixity",
            Self::CopyOut => "copy-out",
            Self::BackUp => "back-up",
            Self::MoveTiers => "move-tiers",
            Self::Probe => "probe",
            Self::Preview => "preview",
            Self::CountTerms => "count-terms",
            Self::Remind => "remind",
        }
    }

    fn parse(text: &str) -> Outcome<Self> {
        let known = Self::ALL.iter().find(|kind| kind.as_str() == text);
        known.copied().ok_or_else(|| damaged("kind of a job"))
    }
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobState {
    /// Waiting for its turn.
    Ready,
    /// Claimed by a worker.
    Running,
    /// Given up; waits for a person.
    Failed,
    /// Done.
    Done,
}

impl JobState {
    /// Every state.
    pub const ALL: &'static [Self] = &[Self::Ready, Self::Running, Self::Failed, Self::Done];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Failed => "failed",
            Self::Done => "done",
        }
    }

    fn parse(text: &str) -> Outcome<Self> {
        let known = Self::ALL.iter().find(|state| state.as_str() == text);
        known.copied().ok_or_else(|| damaged("state of a job"))
    }
}

/// Work to be put into the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewJob {
    /// What.
    pub kind: JobKind,
    /// With which recording.
    pub recording: ContentId,
}

/// A job that this worker holds until its lease ends. Not `Clone`: it is held once.
#[derive(Debug, PartialEq, Eq)]
pub struct ClaimedJob {
    id: i64,
    kind: JobKind,
    recording: ContentId,
    owner: String,
    attempt: i64,
}

impl ClaimedJob {
    /// Its number.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// What is to be done.
    pub fn kind(&self) -> JobKind {
        self.kind
    }

    /// With which recording.
    pub fn recording(&self) -> &ContentId {
        &self.recording
    }

    /// Which attempt this is, from 1.
    pub fn attempt(&self) -> i64 {
        self.attempt
    }
}

/// Whether a claimed job is still this worker's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "work done under a lost lease must not be recorded"]
pub enum LeaseState {
    /// It is.
    Held,
    /// The lease ended, and the job was or will be given to another.
    Lost,
}

/// A job, for people to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// Its number.
    pub id: i64,
    /// What.
    pub kind: JobKind,
    /// With which recording.
    pub recording: ContentId,
    /// How far.
    pub state: JobState,
    /// Not before then.
    pub run_after: UtcTime,
    /// When its lease ends, while it runs.
    pub lease_until: UtcTime,
    /// Who holds it.
    pub lease_owner: String,
    /// Attempts so far.
    pub attempts: i64,
    /// The code of the last fault; empty if there was none.
    pub last_error_code: String,
    /// Its details.
    pub last_error_text: String,
}

/// The queue of a catalogue.
#[derive(Debug, Clone)]
pub struct Jobs {
    catalog: Catalog,
    clock: Clock,
}

fn damaged(what: &str) -> Fault {
    Fault::new(Code::CatalogueDamaged).with("what", what)
}

/// The longest text of an error kept with a job; the whole of it is in the log.
const ERROR_TEXT_MAX: usize = 500;

fn later(at: UtcTime, by: Duration) -> i64 {
    at.as_ms().saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX))
}

/// The pause before the next attempt: doubled after each one.
fn backoff(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(20);
    JOB_BACKOFF.saturating_mul(1 << doublings)
}

const ENQUEUE: &str = "WITH {batch} INSERT INTO jobs (kind, subject, state, run_after_ms, \
         lease_until_ms, lease_owner, attempts, last_error_code, last_error_text) \
     SELECT kind, subject, 'ready', run_after_ms, 0, '', 0, '', '' FROM batch WHERE true \
     ON CONFLICT (kind, subject) WHERE state <> 'done' DO NOTHING";

/// Puts jobs into the queue, within a change.
pub(crate) async fn enqueue(session: &mut Session, jobs: &[NewJob], now: UtcTime) -> Outcome<()> {
    let columns: &[Column] =
        &[("kind", Kind::Text), ("subject", Kind::Text), ("run_after_ms", Kind::Integer)];
    let row = |job: &NewJob| {
        let recording = job.recording.to_string();
        vec![job.kind.as_str().into(), Cell::Text(recording), now.as_ms().into()]
    };
    let rows: Vec<_> = jobs.iter().map(row).collect();
    execute_batch(session, ENQUEUE, columns, &rows).await?;
    Ok(())
}

/// Marks a job done, if it is still held. Within a change, or by itself.
pub(crate) async fn finish(
    session: &mut Session,
    job: &ClaimedJob,
    now: UtcTime,
) -> Outcome<LeaseState> {
    let sql = format!(
        "UPDATE jobs SET state = 'done', lease_until_ms = 0, lease_owner = '', \
         last_error_code = '', last_error_text = '' {HELD}"
    );
    held(session.execute(&sql, &held_by(job, now)).await?)
}

/// A lease counts only until it ends, even if nobody else came for the job yet.
const HELD: &str = "WHERE id = $1 AND state = 'running' AND lease_owner = $2 AND attempts = $3 \
     AND lease_until_ms > $4";

fn held_by(job: &ClaimedJob, now: UtcTime) -> Vec<Cell> {
    vec![job.id.into(), job.owner.as_str().into(), job.attempt.into(), now.as_ms().into()]
}

fn held(changed: u64) -> Outcome<LeaseState> {
    match changed {
        0 => Ok(LeaseState::Lost),
        1 => Ok(LeaseState::Held),
        _ => Err(damaged("number of a job")),
    }
}

impl Jobs {
    /// The queue of this catalogue, by this clock.
    pub fn new(catalog: &Catalog, clock: &Clock) -> Self {
        Self { catalog: catalog.clone(), clock: clock.clone() }
    }

    /// Puts jobs into the queue outside of a change, as a schedule does. One that is owed already
    /// is left as it is.
    pub async fn enqueue(&self, jobs: &[NewJob]) -> Outcome<()> {
        let mut session = self.catalog.database.write().await?;
        enqueue(&mut session, jobs, self.clock.now()).await?;
        session.commit().await
    }

    /// Puts a job of this day into the queue, unless there was one already.
    pub async fn enqueue_daily(&self, kind: JobKind, day: Date) -> Outcome<()> {
        let mut number = [0; 32];
        number[..8].copy_from_slice(&day.begins_at().as_ms().to_be_bytes());
        let recording = ContentId::from_bytes(number);
        let cells = [kind.as_str().into(), Cell::Text(recording.to_string())];
        let sql = "SELECT id FROM jobs WHERE kind = $1 AND subject = $2 LIMIT 1";
        let mut session = self.catalog.database.read().await?;
        let known = session.fetch(sql, &cells, &[Kind::Integer]).await?;
        drop(session);
        if known.is_empty() {
            self.enqueue(&[NewJob { kind, recording }]).await?;
        }
        Ok(())
    }

    /// Claims up to `limit` jobs of these kinds for `owner`, which must be a name no other worker
    /// has. Jobs whose lease ended come back first.
    pub async fn claim(
        &self,
        owner: &str,
        kinds: &[JobKind],
        limit: u32,
    ) -> Outcome<Vec<ClaimedJob>> {
        self.claim_of(owner, kinds, None, limit).await
    }

    /// Claims the job of this kind with this recording, if it is owed and due.
    pub async fn claim_one(
        &self,
        owner: &str,
        kind: JobKind,
        recording: &ContentId,
    ) -> Outcome<Option<ClaimedJob>> {
        Ok(self.claim_of(owner, &[kind], Some(recording), 1).await?.pop())
    }

    /// Claims the job of this kind with this recording for work at a person's word: owed or not,
    /// due or not, given up or not. `None` while a worker is at it.
    pub async fn take(
        &self,
        owner: &str,
        kind: JobKind,
        recording: &ContentId,
    ) -> Outcome<Option<ClaimedJob>> {
        let mut session = self.catalog.database.write().await?;
        let now = self.clock.now();
        give_back(&mut session, now).await?;
        enqueue(&mut session, &[NewJob { kind, recording: *recording }], now).await?;
        let sql = "UPDATE jobs SET state = 'running', attempts = attempts + 1, lease_owner = $1, \
             lease_until_ms = $2 WHERE kind = $3 AND subject = $4 \
             AND state IN ('ready', 'failed') RETURNING id, attempts";
        let cells = [
            owner.into(),
            later(now, JOB_LEASE).into(),
            kind.as_str().into(),
            Cell::Text(recording.to_string()),
        ];
        let rows = session.fetch(sql, &cells, &[Kind::Integer, Kind::Integer]).await?;
        session.commit().await?;
        let claimed = |row: Vec<Cell>| {
            let mut cells = Cells::of(row);
            let (id, attempt) = (cells.integer()?, cells.integer()?);
            let (recording, owner) = (*recording, owner.to_owned());
            Ok(ClaimedJob { id, kind, recording, owner, attempt })
        };
        rows.into_iter().next().map(claimed).transpose()
    }

    async fn claim_of(
        &self,
        owner: &str,
        kinds: &[JobKind],
        recording: Option<&ContentId>,
        limit: u32,
    ) -> Outcome<Vec<ClaimedJob>> {
        let mut session = self.catalog.database.write().await?;
        let now = self.clock.now();
        give_back(&mut session, now).await?;
        let skip = match session {
            Session::Sqlite(_) => "",
            Session::Postgres(_) => "FOR UPDATE SKIP LOCKED",
        };
        // Names of a closed list, never text from outside.
        let names: Vec<_> = kinds.iter().map(|kind| format!("'{}'", kind.as_str())).collect();
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let of = if recording.is_some() { "AND subject = $5" } else { "" };
        let sql = format!(
            "UPDATE jobs SET state = 'running', attempts = attempts + 1, lease_owner = $1, \
             lease_until_ms = $2 WHERE id IN (SELECT id FROM jobs WHERE state = 'ready' \
             AND run_after_ms <= $3 AND kind IN ({}) {of} ORDER BY run_after_ms, id \
             LIMIT $4 {skip}) RETURNING id, kind, subject, attempts",
            names.join(", ")
        );
        let until = later(now, JOB_LEASE);
        let mut cells =
            vec![owner.into(), until.into(), now.as_ms().into(), i64::from(limit).into()];
        cells.extend(recording.map(|id| Cell::Text(id.to_string())));
        let answer = [Kind::Integer, Kind::Text, Kind::Text, Kind::Integer];
        let rows = session.fetch(&sql, &cells, &answer).await?;
        session.commit().await?;
        let claimed = |row: Vec<Cell>| {
            let mut cells = Cells::of(row);
            Ok(ClaimedJob {
                id: cells.integer()?,
                kind: JobKind::parse(&cells.text()?)?,
                recording: cells.id()?,
                attempt: cells.integer()?,
                owner: owner.to_owned(),
            })
        };
        let mut jobs = rows.into_iter().map(claimed).collect::<Outcome<Vec<_>>>()?;
        jobs.sort_by_key(ClaimedJob::id);
        Ok(jobs)
    }

    /// Holds a job for another lease: a sign of life.
    pub async fn extend(&self, job: &ClaimedJob) -> Outcome<LeaseState> {
        let now = self.clock.now();
        let sql = format!("UPDATE jobs SET lease_until_ms = $5 {HELD}");
        let mut cells = held_by(job, now);
        cells.push(later(now, JOB_LEASE).into());
        self.change(&sql, &cells).await
    }

    /// Marks a job done. Where it leaves an event behind, `Tx::finish_job` does it instead.
    pub async fn finish(&self, job: &ClaimedJob) -> Outcome<LeaseState> {
        let mut session = self.catalog.database.write().await?;
        let state = finish(&mut session, job, self.clock.now()).await?;
        session.commit().await?;
        Ok(state)
    }

    /// Reports a failed attempt: the job waits, longer each time, and in the end for a person.
    pub async fn fail(&self, job: &ClaimedJob, fault: &Fault) -> Outcome<LeaseState> {
        let now = self.clock.now();
        let state = if job.attempt >= JOB_ATTEMPTS_MAX { "failed" } else { "ready" };
        let text: String = fault.to_string().chars().take(ERROR_TEXT_MAX).collect();
        let sql = format!(
            "UPDATE jobs SET state = $5, run_after_ms = $6, lease_until_ms = 0, \
             lease_owner = '', last_error_code = $7, last_error_text = $8 {HELD}"
        );
        let mut cells = held_by(job, now);
        cells.extend([
            state.into(),
            later(now, backoff(job.attempt)).into(),
            fault.code().as_str().into(),
            text.as_str().into(),
        ]);
        self.change(&sql, &cells).await
    }

    /// Jobs in that state, in the order of their turn.
    pub async fn list(&self, state: JobState, limit: u32) -> Outcome<Vec<JobRow>> {
        let sql = "SELECT id, kind, subject, state, run_after_ms, lease_until_ms, lease_owner, \
             attempts, last_error_code, last_error_text FROM jobs WHERE state = $1 \
             ORDER BY run_after_ms, id LIMIT $2";
        let (i, t) = (Kind::Integer, Kind::Text);
        let answer = [i, t, t, t, i, i, t, i, t, t];
        let cells = [state.as_str().into(), i64::from(limit).into()];
        let rows = self.catalog.database.fetch(sql, &cells, &answer).await?;
        rows.into_iter().map(job_of).collect()
    }

    /// How many jobs are in that state.
    pub async fn count(&self, state: JobState) -> Outcome<u64> {
        let sql = "SELECT count(*) FROM jobs WHERE state = $1";
        let mut session = self.catalog.database.read().await?;
        let rows = session.fetch(sql, &[state.as_str().into()], &[Kind::Integer]).await?;
        Cells::of(rows.into_iter().flatten().collect()).count()
    }

    /// Gives a failed job new attempts, at once.
    pub async fn retry(&self, id: i64) -> Outcome<()> {
        let sql = "UPDATE jobs SET state = 'ready', attempts = 0, run_after_ms = $2 \
             WHERE id = $1 AND state = 'failed'";
        let mut session = self.catalog.database.write().await?;
        let changed = session.execute(sql, &[id.into(), self.clock.now().as_ms().into()]).await?;
        if changed != 1 {
            return Err(Fault::new(Code::ArgumentInvalid).with("argument", id));
        }
        session.commit().await
    }

    async fn change(&self, sql: &str, cells: &[Cell]) -> Outcome<LeaseState> {
        let mut session = self.catalog.database.write().await?;
        let state = held(session.execute(sql, cells).await?)?;
        session.commit().await?;
        Ok(state)
    }
}

/// Takes jobs back from workers that gave no sign of life; one that took its workers with it too
/// often is given up.
async fn give_back(session: &mut Session, now: UtcTime) -> Outcome<()> {
    // Two workers that look at the same moment pass each other by instead of waiting.
    let skip = match session {
        Session::Sqlite(_) => "",
        Session::Postgres(_) => "FOR UPDATE SKIP LOCKED",
    };
    let sql = format!(
        "UPDATE jobs SET state = CASE WHEN attempts >= $2 THEN 'failed' ELSE 'ready' END, \
         run_after_ms = $1, lease_until_ms = 0, lease_owner = '', \
         last_error_code = 'lease-ended', last_error_text = '' WHERE id IN (SELECT id FROM jobs \
         WHERE state = 'running' AND lease_until_ms <= $1 {skip})"
    );
    session.execute(&sql, &[now.as_ms().into(), JOB_ATTEMPTS_MAX.into()]).await?;
    Ok(())
}

fn job_of(row: Vec<Cell>) -> Outcome<JobRow> {
    let mut cells = Cells::of(row);
    Ok(JobRow {
        id: cells.integer()?,
        kind: JobKind::parse(&cells.text()?)?,
        recording: cells.id()?,
        state: JobState::parse(&cells.text()?)?,
        run_after: UtcTime::from_ms(cells.integer()?),
        lease_until: UtcTime::from_ms(cells.integer()?),
        lease_owner: cells.text()?,
        attempts: cells.integer()?,
        last_error_code: cells.text()?,
        last_error_text: cells.text()?,
    })
}
