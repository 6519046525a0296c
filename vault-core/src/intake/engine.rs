//! The workers of an intake: small files one each, large files by several workers at once.
//!
//! Memory is one set of buffers for each worker, whatever the number and size of files. A worker
//! takes an extent of a large file under way before it begins another file, so that few attempts
//! are open at a time.

use super::sources::FoundSource;
use super::{IntakeReport, Reporter};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::EXTENT_BYTES;
use crate::media::{self, BEGINNING_BYTES, MediaGuess};
use crate::stop::Stop;
use crate::store::stage::{
    self, Attempt, Interrupted, Source, SourceIdentity, StageBuffers, Staged,
};
use crate::vault::Vault;
use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use tokio::runtime::Handle;
use tokio::sync::mpsc::Sender;
use vault_proof::ContentId;

/// A recording ready for its commit.
pub(super) struct Ready {
    pub(super) path: PathBuf,
    pub(super) modified_ms: i64,
    /// Whether it is worth an examination.
    pub(super) guess: MediaGuess,
    pub(super) content: Content,
}

/// Its bytes: staged anew, or known to be here.
pub(super) enum Content {
    Staged(Box<Staged>),
    Known { id: ContentId, bytes: u64 },
}

impl Content {
    /// Its id.
    pub(super) fn id(&self) -> ContentId {
        match self {
            Self::Staged(staged) => staged.id,
            Self::Known { id, .. } => *id,
        }
    }
}

/// What workers hand on.
pub(super) enum Handed {
    Ready(Ready),
    Failed(PathBuf, Fault),
}

/// Removes what was staged and will not be committed, so that its space is free again.
pub(super) fn give_up(vault: &Vault, handed: Handed) -> Outcome<()> {
    match handed {
        Handed::Ready(Ready { content: Content::Staged(staged), .. }) => {
            vault.store.backend().discard(staged.data)
        }
        Handed::Ready(_) | Handed::Failed(..) => Ok(()),
    }
}

/// A large file under way.
struct Large {
    path: PathBuf,
    modified_ms: i64,
    guess: MediaGuess,
    next: AtomicU64,
    extents: u64,
    /// Extents not yet done; whoever brings it to zero finishes the file.
    left: AtomicU64,
    failed: Mutex<Option<Fault>>,
}

struct Queue {
    files: VecDeque<FoundSource>,
    large: VecDeque<Arc<LargeWork>>,
    opening: usize,
    ended: bool,
}

/// The part of a large file that workers share without a lock.
struct LargeWork {
    large: Large,
    shared: Attempt,
}

enum Unit {
    File(FoundSource),
    Extent(Arc<LargeWork>, u64),
}

/// Everything the workers share.
pub(super) struct Engine {
    vault: Vault,
    runtime: Handle,
    stop: Stop,
    report: Reporter,
    hand: Sender<Handed>,
    queue: Mutex<Queue>,
    wake: Condvar,
    interrupted: Mutex<HashMap<SourceIdentity, Interrupted>>,
    /// Content staged in this run, and (length, first block) of large files: a file that agrees
    /// with one of these is hashed before it is written.
    seen: Mutex<HashSet<ContentId>>,
    beginnings: Mutex<HashSet<(u64, [u8; 32])>>,
    sizes: Mutex<HashMap<u64, bool>>,
}

fn poisoned<T>(_: T) -> Fault {
    Fault::new(Code::Internal).with("what", "intake queue")
}

fn modified_ms(identity: SourceIdentity) -> i64 {
    i64::try_from(identity.modified_ns / 1_000_000).unwrap_or(0)
}

/// Whether a source is worth an examination, by its beginning and its name.
fn guess(source: &Source, path: &Path) -> Outcome<MediaGuess> {
    let mut beginning = [0; BEGINNING_BYTES];
    let there = usize::try_from(source.bytes()).unwrap_or(BEGINNING_BYTES).min(BEGINNING_BYTES);
    source.read(0, &mut beginning[..there])?;
    Ok(media::guess(&beginning[..there], path))
}

impl Engine {
    pub(super) fn new(
        vault: Vault,
        found: Vec<FoundSource>,
        stop: Stop,
        report: Reporter,
        hand: Sender<Handed>,
    ) -> Outcome<Self> {
        let interrupted = stage::interrupted(&vault.store)?;
        let queue = Queue { files: found.into(), large: VecDeque::new(), opening: 0, ended: false };
        Ok(Self {
            vault,
            runtime: Handle::current(),
            stop,
            report,
            hand,
            queue: Mutex::new(queue),
            wake: Condvar::new(),
            interrupted: Mutex::new(interrupted),
            seen: Mutex::default(),
            beginnings: Mutex::default(),
            sizes: Mutex::default(),
        })
    }

    /// Works until everything is handed on or a stop is asked for.
    pub(super) fn run(self, jobs: usize) -> Outcome<()> {
        // Two workers more than cores keep the cores busy while others wait for the disk.
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let jobs = if jobs == 0 { cores + 2 } else { jobs };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
        let pool = pool
            .map_err(|error| Fault::new(Code::Internal).with("what", "workers").caused_by(error))?;
        let results: Vec<Outcome<()>> = pool.broadcast(|_| self.work());
        results.into_iter().collect()
    }

    fn work(&self) -> Outcome<()> {
        let mut buffers = StageBuffers::new();
        while let Some(unit) = self.next_unit()? {
            match unit {
                Unit::File(file) => {
                    let path = file.path.clone();
                    let handed = self.file(&file, &mut buffers);
                    self.opened(None)?;
                    match handed {
                        Ok(None) => {}
                        Ok(Some(ready)) => self.hand_on(Handed::Ready(ready))?,
                        Err(fault) => self.failed(path, fault)?,
                    }
                }
                Unit::Extent(work, extent) => self.extent(&work, extent, &mut buffers)?,
            }
        }
        Ok(())
    }

    fn queue(&self) -> Outcome<MutexGuard<'_, Queue>> {
        self.queue.lock().map_err(poisoned)
    }

    fn next_unit(&self) -> Outcome<Option<Unit>> {
        let mut queue = self.queue()?;
        loop {
            if self.stop.requested() || queue.ended {
                queue.ended = true;
                self.wake.notify_all();
                return Ok(None);
            }
            while let Some(work) = queue.large.front() {
                let extent = work.large.next.fetch_add(1, Ordering::Relaxed);
                if extent < work.large.extents {
                    return Ok(Some(Unit::Extent(Arc::clone(work), extent)));
                }
                queue.large.pop_front();
            }
            if let Some(file) = queue.files.pop_front() {
                queue.opening += 1;
                return Ok(Some(Unit::File(file)));
            }
            if queue.opening == 0 {
                self.wake.notify_all();
                return Ok(None);
            }
            // Somebody is opening a file that may turn out to be large.
            queue = self.wake.wait(queue).map_err(poisoned)?;
        }
    }

    fn opened(&self, large: Option<LargeWork>) -> Outcome<()> {
        let mut queue = self.queue()?;
        match large {
            Some(work) => queue.large.push_back(Arc::new(work)),
            None => queue.opening -= 1,
        }
        self.wake.notify_all();
        Ok(())
    }

    fn hand_on(&self, handed: Handed) -> Outcome<()> {
        if let Err(refused) = self.hand.blocking_send(handed) {
            self.queue()?.ended = true;
            self.wake.notify_all();
            give_up(&self.vault, refused.0)?;
        }
        Ok(())
    }

    fn failed(&self, path: PathBuf, fault: Fault) -> Outcome<()> {
        if fault.code() == Code::Interrupted {
            return Ok(());
        }
        self.hand_on(Handed::Failed(path, fault))
    }

    fn read(&self, bytes: u64) {
        (self.report)(IntakeReport::Read { bytes });
    }

    /// One file: taken in whole if it is small, or opened for everybody if it is large.
    fn file(&self, file: &FoundSource, buffers: &mut StageBuffers) -> Outcome<Option<Ready>> {
        let source = Source::open(&file.path)?;
        let modified_ms = modified_ms(source.identity());
        let bytes = source.bytes();
        let guess = guess(&source, &file.path)?;
        let path = file.path.clone();
        let ready = |content| Some(Ready { path, modified_ms, guess, content });
        if bytes <= EXTENT_BYTES {
            return Ok(ready(self.small(&source, buffers)?));
        }
        if let Some(id) = self.known_large(&source, buffers)? {
            self.read(bytes);
            return Ok(ready(Content::Known { id, bytes }));
        }
        if stage::worth_compressing(&source, buffers)? {
            let proceed = |read| {
                self.read(read);
                self.stop.check()
            };
            let store = &self.vault.store;
            let staged = stage::stage_compressed(store, &source, buffers, &proceed)?;
            return Ok(ready(Content::Staged(Box::new(staged))));
        }
        let identity = source.identity();
        let earlier = self.interrupted.lock().map_err(poisoned)?.remove(&identity);
        let attempt = Attempt::begin(&self.vault.store, source, earlier)?;
        let extents = attempt.extents();
        let large = Large {
            path: file.path.clone(),
            modified_ms,
            guess,
            next: AtomicU64::new(0),
            extents,
            left: AtomicU64::new(extents),
            failed: Mutex::new(None),
        };
        self.opened(Some(LargeWork { large, shared: attempt }))?;
        Ok(None)
    }

    fn small(&self, source: &Source, buffers: &mut StageBuffers) -> Outcome<Content> {
        let bytes = source.bytes();
        let loaded = stage::load(source, buffers)?;
        self.read(bytes);
        let id = loaded.id;
        let fresh = self.seen.lock().map_err(poisoned)?.insert(id);
        if !fresh || (self.size_known(bytes)? && self.catalogued(&id)?) {
            // Its twin of this run may still fail, so only what is catalogued is left unwritten.
            if self.catalogued(&id)? {
                return Ok(Content::Known { id, bytes });
            }
        }
        let staged = stage::stage_loaded(&self.vault.store, loaded, buffers)?;
        Ok(Content::Staged(Box::new(staged)))
    }

    /// The id of a large file that is catalogued already. It is hashed only if its length, or its
    /// length and first block, agree with another; most files are written without that.
    fn known_large(
        &self,
        source: &Source,
        buffers: &mut StageBuffers,
    ) -> Outcome<Option<ContentId>> {
        let beginning = (source.bytes(), stage::first_entry(source, buffers)?);
        let twin = !self.beginnings.lock().map_err(poisoned)?.insert(beginning);
        if !twin && !self.size_known(source.bytes())? {
            return Ok(None);
        }
        let id = stage::digest(source, buffers)?;
        Ok(self.catalogued(&id)?.then_some(id))
    }

    /// Whether a recording of that length was catalogued before this run.
    fn size_known(&self, bytes: u64) -> Outcome<bool> {
        if let Some(known) = self.sizes.lock().map_err(poisoned)?.get(&bytes) {
            return Ok(*known);
        }
        let known = self.runtime.block_on(self.vault.catalog.sizes_known(bytes))?;
        self.sizes.lock().map_err(poisoned)?.insert(bytes, known);
        Ok(known)
    }

    fn catalogued(&self, id: &ContentId) -> Outcome<bool> {
        Ok(self.runtime.block_on(self.vault.catalog.recording(id))?.is_some())
    }

    fn extent(
        &self,
        work: &Arc<LargeWork>,
        extent: u64,
        buffers: &mut StageBuffers,
    ) -> Outcome<()> {
        let large = &work.large;
        let given_up = large.failed.lock().map_err(poisoned)?.is_some();
        if !given_up {
            match work.shared.extent(extent, buffers) {
                Ok(bytes) => self.read(bytes),
                Err(fault) => *large.failed.lock().map_err(poisoned)? = Some(fault),
            }
        }
        if large.left.fetch_sub(1, Ordering::AcqRel) > 1 {
            return Ok(());
        }
        self.finish(work)
    }

    fn finish(&self, work: &Arc<LargeWork>) -> Outcome<()> {
        let large = &work.large;
        let failed = large.failed.lock().map_err(poisoned)?.take();
        let staged = match failed {
            Some(fault) => Err(fault),
            None => work.shared.finish(),
        };
        match staged {
            Ok(staged) => self.hand_on(Handed::Ready(Ready {
                path: large.path.clone(),
                modified_ms: large.modified_ms,
                guess: large.guess,
                content: Content::Staged(Box::new(staged)),
            })),
            Err(fault) => {
                self.vault.store.backend().discard(work.shared.name())?;
                self.failed(large.path.clone(), fault)
            }
        }
    }
}
