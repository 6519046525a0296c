//! Verification, with keys or without, at the speed of the hardware.
//!
//! Workers take extents, several of one recording at once if there is only one. A check of a
//! recording is an event of its custody; a vault that cannot be written is verified all the same.

use super::copies::{Repair, repair_found};
use super::pace::Pace;
use super::tiers::store_name;
use crate::catalog::{Filter, NewEvent};
use crate::fault::{Code, Fault, Outcome};
use crate::keys::KeyStore;
use crate::limits::FIXITY_BATCH_MAX;
use crate::policy::{Act, Actor};
use crate::stop::Stop;
use crate::store::check::{CheckBuffers, Checking, Expected};
use crate::store::{MAIN_STORE, Store};
use crate::vault::{Vault, blocking};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use vault_proof::{Body, ContentId, Damage, Subject};

/// What is to be verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// Everything.
    All,
    /// At least this part of the recordings, those first that were not checked for longest.
    Percent(u8),
    /// These.
    These(Vec<ContentId>),
}

/// What happens on the way.
#[derive(Debug)]
pub enum VerifyReport {
    /// What there is to do.
    Found {
        /// Recordings.
        objects: u64,
        /// Their bytes.
        bytes: u64,
    },
    /// Bytes were checked.
    Read {
        /// How many more.
        bytes: u64,
    },
    /// A recording was found whole.
    Checked {
        /// Which.
        recording: ContentId,
    },
    /// A recording is damaged.
    Damaged(Damage),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VerifySummary {
    /// Recordings checked.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// How long it took.
    pub elapsed: Duration,
    /// What does not agree.
    pub failed: Vec<Damage>,
    /// What of it was mended from a further store.
    pub repaired: Vec<Repair>,
}

type Reporter = Arc<dyn Fn(VerifyReport) + Send + Sync>;

/// Verifies a selection; damage is in the answer, and every check is put on record.
pub async fn verify(
    vault: &Vault,
    actor: &Actor,
    selection: Selection,
    keyless: bool,
    stop: Stop,
    report: Reporter,
) -> Outcome<VerifySummary> {
    let began = Instant::now();
    let everything = selection == Selection::All;
    let expected = select(vault, selection).await?;
    let bytes = expected.iter().map(|one| one.bytes).sum();
    report(VerifyReport::Found { objects: expected.len() as u64, bytes });
    let manner = Manner::at_full_speed(keyless);
    let (mut summary, _) =
        check_copies(vault, actor, expected, manner, stop.clone(), Arc::clone(&report)).await?;
    if everything && !keyless {
        let vault = vault.clone();
        for damage in blocking(move || Ok(vault.keys.examine())).await? {
            let damage = Damage {
                recording: ContentId::from_bytes([0; 32]),
                class: "key-copy".to_owned(),
                from: damage.slot,
                to: damage.slot + 1,
            };
            report(VerifyReport::Damaged(damage.clone()));
            summary.failed.push(damage);
        }
    }
    stop.check()?;
    summary.elapsed = began.elapsed();
    Ok(summary)
}

/// Fails where the bytes of a recording are not in the vault's own store: destroyed, or cold.
pub async fn require_here(vault: &Vault, recording: &ContentId) -> Outcome<()> {
    if let Some(seq) = vault.catalog.destroyed(recording).await? {
        return Err(Fault::new(Code::Destroyed).with("recording", recording).with("seq", seq));
    }
    let Some(row) = vault.catalog.cold(recording).await? else { return Ok(()) };
    let fault = Fault::new(Code::InColdStore).with("recording", recording);
    Err(fault.with("store", store_name(vault, &row.store).await?))
}

async fn select(vault: &Vault, selection: Selection) -> Outcome<Vec<Expected>> {
    let mut expected = Vec::new();
    match selection {
        Selection::These(ids) => {
            for id in ids {
                require_here(vault, &id).await?;
                let row = vault.catalog.recording(&id).await?;
                let unknown = || Fault::new(Code::RecordingUnknown).with("id", id);
                expected.push(row.ok_or_else(unknown)?.expected());
                derived(vault, Some(&id), &mut expected).await?;
            }
        }
        Selection::All => {
            let mut elsewhere = vault.catalog.all_destroyed().await?;
            let cold = vault.catalog.all_cold(false).await?;
            elsewhere.extend(cold.into_iter().map(|row| row.recording));
            let mut after = None;
            loop {
                let page = vault.catalog.list(&Filter::All, after, 2_000).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.cursor);
                let kept = page.iter().filter(|row| !elsewhere.contains(&row.recording.id));
                expected.extend(kept.map(|row| row.recording.expected()));
            }
            derived(vault, None, &mut expected).await?;
        }
        Selection::Percent(percent) => {
            let total = vault.catalog.counts().await?.recordings;
            let wanted = (total * u64::from(percent.min(100))).div_ceil(100);
            let wanted = u32::try_from(wanted).unwrap_or(u32::MAX);
            let before = vault.now_after_the_record().await?.plus_ms(1);
            let due = vault.catalog.fixity_due(before, wanted).await?;
            expected.extend(due.iter().map(crate::catalog::RecordingRow::expected));
        }
    }
    Ok(expected)
}

/// Adds what was made from recordings, each object once.
async fn derived(
    vault: &Vault,
    recording: Option<&ContentId>,
    expected: &mut Vec<Expected>,
) -> Outcome<()> {
    let mut known: HashSet<ContentId> = expected.iter().map(|one| one.id).collect();
    let mut after = (-1, -1);
    loop {
        let page = vault.catalog.derived_after(after, recording, 2_000).await?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = *last;
        expected.extend(page.into_iter().map(|(_, one)| one).filter(|one| known.insert(one.id)));
    }
}

/// One recording under way.
struct Work {
    expected: Expected,
    checking: Mutex<Option<Damage>>,
    next: AtomicU64,
    left: AtomicU64,
    extents: u64,
}

impl Work {
    /// Where the reading stopped, unless nothing was read or something was found damaged: then it
    /// begins anew.
    fn reached(&self) -> Option<Reached> {
        let next = self.next.load(Ordering::Relaxed);
        let sound = self.checking.lock().is_ok_and(|found| found.is_none());
        (sound && next > 0 && next < self.extents).then(|| (self.expected.clone(), next))
    }
}

/// How copies are checked.
#[derive(Debug, Clone)]
pub(crate) struct Manner {
    /// Without keys, against the stored root alone.
    pub(crate) keyless: bool,
    /// How many extents are read at once.
    pub(crate) workers: usize,
    /// How much is read in a second at most.
    pub(crate) pace: Option<Pace>,
    /// No extent is begun after this.
    pub(crate) until: Option<Instant>,
    /// Where earlier readings had stopped: the manifest read by, the first extent to read.
    pub(crate) from: HashMap<ContentId, (ContentId, u64)>,
}

impl Manner {
    /// Everything at once, from its beginning to its end.
    pub(crate) fn at_full_speed(keyless: bool) -> Self {
        let workers = std::thread::available_parallelism().map_or(2, usize::from);
        Self { keyless, workers, pace: None, until: None, from: HashMap::new() }
    }
}

/// A reading that was stopped in the middle: what, and the first extent that was not read.
pub(crate) type Reached = (Expected, u64);

/// Checks copies and puts the checks on record, a batch at a time. What was stopped in the middle
/// is in the answer and not on record.
pub(crate) async fn check_copies(
    vault: &Vault,
    actor: &Actor,
    expected: Vec<Expected>,
    manner: Manner,
    stop: Stop,
    report: Reporter,
) -> Outcome<(VerifySummary, Vec<Reached>)> {
    let keyless = manner.keyless;
    let mut summary = VerifySummary::default();
    let mut pending: Vec<Checked> = Vec::new();
    let (send, mut receive) = tokio::sync::mpsc::unbounded_channel();
    let (store, keys) = (vault.store.clone(), (!keyless).then(|| Arc::clone(&vault.keys)));
    let workers = tokio::task::spawn_blocking(move || {
        Round { store, keys, manner, stop, report, send, queue: Queue::of(expected) }.run()
    });
    while let Some((subject, bytes, damage)) = receive.recv().await {
        if let Some(found) = &damage
            && taken_away(vault, &found.recording).await?
        {
            continue;
        }
        summary.objects += 1;
        summary.bytes += bytes;
        summary.failed.extend(damage.clone());
        pending.push((subject, bytes, damage));
        if pending.len() >= FIXITY_BATCH_MAX {
            record(vault, actor, keyless, std::mem::take(&mut pending)).await?;
        }
    }
    record(vault, actor, keyless, pending).await?;
    let reached = workers
        .await
        .map_err(|error| Fault::new(Code::Internal).with("what", "worker").caused_by(error))??;
    Ok((summary, reached))
}

/// Whether what was looked for went to a cold store or was destroyed meanwhile, which is on record
/// before its bytes go: what is not there then is not damaged.
async fn taken_away(vault: &Vault, object: &ContentId) -> Outcome<bool> {
    Ok(vault.catalog.copy(MAIN_STORE, object).await?.is_none())
}

/// What a reader met that does not agree: put on record, so that it is given to nobody else before
/// it is whole, and named on every board; then mended as far as there is a good copy. What is no
/// damage of what is stored is left alone.
pub(crate) async fn met_while_reading(
    vault: &Vault,
    object: &ContentId,
    fault: &Fault,
) -> Outcome<()> {
    let damage = [Code::StoredBytesDamaged, Code::StoredBytesMissing, Code::ManifestDamaged];
    if !damage.contains(&fault.code()) {
        return Ok(());
    }
    let Some(copy) = vault.catalog.copy(MAIN_STORE, object).await? else { return Ok(()) };
    // Said already: what is on record is not said again by each who comes after.
    if copy.damaged_seq.is_some() {
        return Ok(());
    }
    let (expected, system) = (copy.expected, Actor::system([0; 16]));
    let damage = expected.damage(fault);
    let check = (expected.subject.clone(), expected.bytes, Some(damage.clone()));
    record(vault, &system, false, vec![check]).await?;
    let mending = vault.clone();
    tokio::spawn(async move {
        if let Err(fault) = repair_found(&mending, &system, &[damage]).await {
            tracing::error!(%fault, "what a reader met is not mended");
        }
    });
    Ok(())
}

/// The answer of work that read recordings; where it failed by damage of one, that was put on
/// record.
pub(crate) async fn met_in<T>(vault: &Vault, answer: Outcome<T>) -> Outcome<T> {
    let fault = answer.as_ref().err();
    let met = fault.and_then(|fault| Some((fault, fault.detail("recording")?.parse().ok()?)));
    if let Some((fault, recording)) = met
        && let Err(unsaid) = met_while_reading(vault, &recording, fault).await
    {
        tracing::error!(fault = %unsaid, "what was met is not on record");
    }
    answer
}

/// Puts the checks of a batch on record.
async fn record(vault: &Vault, actor: &Actor, keyless: bool, checks: Vec<Checked>) -> Outcome<()> {
    if checks.is_empty() {
        return Ok(());
    }
    let event = NewEvent {
        subjects: checks.iter().map(|(subject, _, _)| subject.clone()).collect(),
        body: Body::FixityChecked {
            keyless,
            bytes: checks.iter().map(|(_, bytes, _)| bytes).sum(),
            failed: checks.into_iter().filter_map(|(_, _, damage)| damage).collect(),
        },
        payload: None,
    };
    let recorded = async {
        let permitted = vault.permit(actor, Act::CheckFixity).await?;
        let mut tx = vault.catalog.begin(permitted, &vault.clock).await?;
        tx.append(vec![event]).await?;
        let _ = tx.commit().await?;
        vault.ledger.publish(&vault.catalog).await
    };
    match recorded.await {
        // Reading is still worth it where nothing can be written down.
        Err(fault) if matches!(fault.code(), Code::VaultReadOnly | Code::DiskFull) => {
            tracing::warn!(fault = %fault, "a check could not be put on record");
            Ok(())
        }
        other => other,
    }
}

/// Of one object: its name in the ledger, its length, and what does not agree.
type Checked = (Subject, u64, Option<Damage>);

type Answer = tokio::sync::mpsc::UnboundedSender<Checked>;

/// Everything the checking workers share.
struct Round {
    store: Store,
    keys: Option<Arc<KeyStore>>,
    manner: Manner,
    stop: Stop,
    report: Reporter,
    send: Answer,
    queue: Queue,
}

/// What is to be opened yet, and how many workers are opening something: whoever finds nothing more
/// waits for them, because what they open has work for several.
#[derive(Default)]
struct Queue {
    waiting: Mutex<(VecDeque<Expected>, usize)>,
    opened: Condvar,
}

/// What a worker is to do next.
enum Turn<'a> {
    /// Open this; others wait until the worker lets go of the token.
    Open(Expected, Opening<'a>),
    /// Look again for work on what was opened meanwhile.
    Look,
    /// Nothing is left.
    End,
}

/// That a worker is opening something.
struct Opening<'a>(&'a Queue);

impl Queue {
    fn of(expected: Vec<Expected>) -> Self {
        Self { waiting: Mutex::new((expected.into(), 0)), opened: Condvar::new() }
    }

    fn next(&self) -> Outcome<Turn<'_>> {
        let broken = || Fault::new(Code::Internal).with("what", "check queue");
        let mut waiting = self.waiting.lock().map_err(|_| broken())?;
        if let Some(expected) = waiting.0.pop_front() {
            waiting.1 += 1;
            return Ok(Turn::Open(expected, Opening(self)));
        }
        if waiting.1 == 0 {
            return Ok(Turn::End);
        }
        drop(self.opened.wait(waiting).map_err(|_| broken())?);
        Ok(Turn::Look)
    }
}

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        let mut waiting = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.1 -= 1;
        drop(waiting);
        self.0.opened.notify_all();
    }
}

/// A recording opened for checking by several workers.
struct Shared<'a> {
    work: Work,
    checking: Checking<'a>,
}

impl Round {
    fn run(&self) -> Outcome<Vec<Reached>> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.manner.workers);
        let paced = self.manner.pace.is_some();
        let pool = pool
            .start_handler(move |_| {
                if paced {
                    Pace::give_way();
                }
            })
            .build();
        let pool = pool
            .map_err(|error| Fault::new(Code::Internal).with("what", "workers").caused_by(error))?;
        let under_way: Mutex<VecDeque<Arc<Shared<'_>>>> = Mutex::default();
        let results: Vec<Outcome<()>> = pool.broadcast(|_| self.work(&under_way));
        results.into_iter().collect::<Outcome<()>>()?;
        let stopped = under_way.into_inner().map_err(|_| Fault::new(Code::Internal))?;
        Ok(stopped.iter().filter_map(|shared| shared.work.reached()).collect())
    }

    /// Whether nothing more is to be begun.
    fn ended(&self) -> bool {
        self.stop.requested() || self.manner.until.is_some_and(|until| Instant::now() >= until)
    }

    /// The extent to begin with: where an earlier reading by the same manifest had stopped.
    fn first_extent(&self, expected: &Expected, extents: u64) -> u64 {
        match self.manner.from.get(&expected.id) {
            Some((manifest, extent)) if *manifest == expected.manifest => {
                (*extent).min(extents.saturating_sub(1))
            }
            _ => 0,
        }
    }

    fn work<'a>(&'a self, under_way: &Mutex<VecDeque<Arc<Shared<'a>>>>) -> Outcome<()> {
        let broken = |()| Fault::new(Code::Internal).with("what", "check queue");
        let mut buffers = CheckBuffers::default();
        while !self.ended() {
            let helped = {
                let mut under_way = under_way.lock().map_err(|_| broken(()))?;
                let mut taken = None;
                while let Some(shared) = under_way.front() {
                    let extent = shared.work.next.fetch_add(1, Ordering::Relaxed);
                    if extent < shared.work.extents {
                        taken = Some((Arc::clone(shared), extent));
                        break;
                    }
                    under_way.pop_front();
                }
                taken
            };
            if let Some((shared, extent)) = helped {
                self.extent(&shared, extent, &mut buffers)?;
                continue;
            }
            let (expected, opening) = match self.queue.next()? {
                Turn::Open(expected, opening) => (expected, opening),
                Turn::Look => continue,
                Turn::End => return Ok(()),
            };
            let Some(shared) = self.open(expected) else { continue };
            if shared.work.extents <= 1 {
                drop(opening);
                shared.work.next.store(1, Ordering::Relaxed);
                self.extent(&shared, 0, &mut buffers)?;
            } else {
                under_way.lock().map_err(|_| broken(()))?.push_back(shared);
                drop(opening);
            }
        }
        Ok(())
    }

    /// Opens a recording; what cannot even be opened is damaged, and answered at once.
    fn open(&self, expected: Expected) -> Option<Arc<Shared<'_>>> {
        match self.store.begin_check(&expected, self.keys.as_deref()) {
            Ok(checking) => {
                let extents = checking.extents();
                let first = self.first_extent(&expected, extents);
                let left = AtomicU64::new((extents - first).max(1));
                let next = AtomicU64::new(first);
                let work = Work { expected, checking: Mutex::new(None), next, left, extents };
                Some(Arc::new(Shared { work, checking }))
            }
            Err(fault) => {
                let damage = expected.damage(&fault);
                self.answer(&expected, Some(damage));
                None
            }
        }
    }

    fn extent(&self, shared: &Shared<'_>, extent: u64, buffers: &mut CheckBuffers) -> Outcome<()> {
        let work = &shared.work;
        if extent < work.extents {
            let mut began = Instant::now();
            let mut after_each = |bytes| {
                (self.report)(VerifyReport::Read { bytes });
                if let Some(pace) = &self.manner.pace {
                    pace.rest(bytes, began.elapsed(), &self.stop);
                    began = Instant::now();
                }
            };
            if let Err(fault) = shared.checking.extent_in_pieces(extent, buffers, &mut after_each) {
                let damage = work.expected.damage(&fault);
                let mut found = work.checking.lock().map_err(|_| Fault::new(Code::Internal))?;
                // Of several damages of one recording the first range is named.
                if found.as_ref().is_none_or(|found| damage.from < found.from) {
                    *found = Some(damage);
                }
            }
        }
        if work.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            let damage = work.checking.lock().map_err(|_| Fault::new(Code::Internal))?.take();
            self.answer(&work.expected, damage);
        }
        Ok(())
    }

    fn answer(&self, expected: &Expected, damage: Option<Damage>) {
        (self.report)(match &damage {
            None => VerifyReport::Checked { recording: expected.id },
            Some(damage) => VerifyReport::Damaged(damage.clone()),
        });
        // The receiver is gone only if putting checks on record failed, which is its answer.
        self.send.send((expected.subject.clone(), expected.bytes, damage)).ok();
    }
}

#[cfg(test)]
mod tests;
