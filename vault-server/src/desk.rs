//! Long work that somebody began from a page: with volumes, with further stores, with what is
//! stored.
//!
//! Promises: one piece at a time on each lane, as the person who began it; what it came to is in
//! the ledger by the core's own hand, and what is shown here is that it goes on, how far it is,
//! what it found, or why it did not come to its end. Work that a stop of the service cut off left
//! nothing under a name that counts, and is begun again by hand.

use crate::state::App;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::task::AbortHandle;
use vault_core::clock::UtcTime;
use vault_core::fault::{Code, Fault, Outcome};
use vault_core::policy::{Act, Actor};
use vault_core::preservation::{FillSummary, Moved, Repair, VerifySummary};
use vault_core::stop::Stop;
use vault_core::volume::{Restored, VolumeCheck};

/// Pieces of work that are remembered after their end.
const REMEMBERED: usize = 40;

/// What work may not meet: two burns in one drive, two turns over one store, two readings that take
/// one another's disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Images and drives.
    Volumes,
    /// Further stores, the cold one among them.
    Stores,
    /// What is stored, object by object.
    Objects,
}

impl Lane {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Volumes => "volumes",
            Self::Stores => "stores",
            Self::Objects => "objects",
        }
    }
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An image is built.
    Build,
    /// An image of what another volume bears is built.
    Migrate,
    /// An image is burnt and read back.
    Burn,
    /// A copy of a volume is read again.
    Check,
    /// A copy of a volume is read to its end and put on a shelf.
    Shelve,
    /// What the vault lacks is brought back from a volume.
    Restore,
    /// A further store is given what it lacks.
    FillStore,
    /// A further store is read again.
    CheckStore,
    /// What is cold goes to the cold store, what was asked for comes back.
    MoveTiers,
    /// A recording and what was made from it are read again.
    Verify,
    /// The damaged copies of an object are mended from its others.
    Repair,
}

impl Kind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Build,
        Self::Migrate,
        Self::Burn,
        Self::Check,
        Self::Shelve,
        Self::Restore,
        Self::FillStore,
        Self::CheckStore,
        Self::MoveTiers,
        Self::Verify,
        Self::Repair,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Migrate => "migrate",
            Self::Burn => "burn",
            Self::Check => "check",
            Self::Shelve => "shelve",
            Self::Restore => "restore",
            Self::FillStore => "fill-store",
            Self::CheckStore => "check-store",
            Self::MoveTiers => "move-tiers",
            Self::Verify => "verify",
            Self::Repair => "repair",
        }
    }

    /// The act that it is.
    pub const fn act(self) -> Act {
        match self {
            Self::Build | Self::Migrate => Act::BuildVolume,
            Self::Burn => Act::BurnVolume,
            Self::Shelve => Act::ShelveVolume,
            Self::Check | Self::CheckStore | Self::Verify => Act::CheckFixity,
            Self::Restore | Self::Repair => Act::RepairCopy,
            Self::FillStore => Act::CopyOut,
            Self::MoveTiers => Act::CoolDown,
        }
    }

    /// Whether it can be stopped in the middle and leaves nothing that counts half done.
    pub const fn can_stop(self) -> bool {
        !matches!(self, Self::Check | Self::Shelve | Self::Repair)
    }

    /// Whether it is stopped by letting go of it: the core ends what nobody waits for. The others
    /// look for a wish to stop between two steps.
    const fn is_let_go(self) -> bool {
        matches!(self, Self::Build | Self::Migrate | Self::Burn)
    }

    /// Beside what it cannot go on.
    pub const fn lane(self) -> Lane {
        match self {
            Self::Build
            | Self::Migrate
            | Self::Burn
            | Self::Check
            | Self::Shelve
            | Self::Restore => Lane::Volumes,
            Self::FillStore | Self::CheckStore | Self::MoveTiers => Lane::Stores,
            Self::Verify | Self::Repair => Lane::Objects,
        }
    }
}

/// What work came to, beside its record.
#[derive(Debug)]
pub enum Found {
    /// Nothing that is not shown with the volumes.
    Recorded,
    /// What was copied to a store.
    Copied(FillSummary),
    /// What was read.
    Read(VerifySummary),
    /// What reading a copy of a volume again found.
    Checked(VolumeCheck),
    /// What was mended.
    Mended(Vec<Repair>),
    /// What was brought back from a volume.
    Restored(Restored),
    /// What went to the cold store, and what came back.
    Moved(Moved),
}

/// How work stands.
#[derive(Debug, Clone)]
pub enum WorkState {
    /// It goes on.
    Running,
    /// It came to its end.
    Done(Arc<Found>),
    /// It did not; the fault says why, with its details.
    Failed(Arc<Fault>),
}

impl WorkState {
    /// Whether it goes on.
    pub const fn runs(&self) -> bool {
        matches!(self, Self::Running)
    }
}

/// A piece of work.
#[derive(Debug, Clone)]
pub struct Work {
    /// Its number since the service started.
    pub number: u64,
    /// What is done.
    pub kind: Kind,
    /// The label of the volume, the name of the store, or the id of the object.
    pub about: String,
    /// Which copy of a volume; 0 where none is meant.
    pub copy: u64,
    /// Who began it.
    pub person: String,
    /// When.
    pub began: UtcTime,
    /// When it ended.
    pub ended: Option<UtcTime>,
    /// How it stands.
    pub state: WorkState,
    /// Bytes that were read or copied until now, where the work counts them.
    bytes: Arc<AtomicU64>,
    stop: Stop,
    task: Option<AbortHandle>,
}

impl Work {
    /// Work that begins now.
    pub fn new(app: &App, actor: &Actor, kind: Kind, about: &str) -> Self {
        Self {
            number: 0,
            kind,
            about: about.to_owned(),
            copy: 0,
            person: actor.person().to_owned(),
            began: app.vault.now(),
            ended: None,
            state: WorkState::Running,
            bytes: Arc::default(),
            stop: Stop::default(),
            task: None,
        }
    }

    /// What asks the work to stop.
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Asks it to stop.
    pub fn halt(&self) {
        self.stop.request();
        if let Some(task) = self.task.as_ref().filter(|_| self.kind.is_let_go()) {
            task.abort();
        }
    }

    /// The same with a copy of a volume.
    #[must_use]
    pub fn with_copy(self, copy: u64) -> Self {
        Self { copy, ..self }
    }

    /// Bytes that were read or copied until now.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// What the work tells how far it is.
    pub fn counter(&self) -> impl Fn(u64) + Send + Sync + 'static {
        let bytes = Arc::clone(&self.bytes);
        move |more| {
            bytes.fetch_add(more, Ordering::Relaxed);
        }
    }
}

/// The work of this service, the newest last.
#[derive(Debug, Default)]
pub struct Desk(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    works: VecDeque<Work>,
    begun: u64,
}

impl Desk {
    /// What is known of it, the newest first.
    pub fn list(&self) -> Vec<Work> {
        self.known().works.iter().rev().cloned().collect()
    }

    /// The work of that number while it goes on and can be stopped.
    pub fn stoppable(&self, number: u64) -> Outcome<Work> {
        let known = self.known();
        let found = known.works.iter().find(|work| work.number == number);
        let found = found.filter(|work| work.state.runs() && work.kind.can_stop());
        found.cloned().ok_or_else(|| Fault::new(Code::WorkNotStopped))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, mut work: Work) -> Outcome<u64> {
        let mut known = self.known();
        let lane = work.kind.lane();
        if known.works.iter().any(|work| work.state.runs() && work.kind.lane() == lane) {
            return Err(Fault::new(Code::WorkUnderWay));
        }
        known.begun += 1;
        work.number = known.begun;
        known.works.push_back(work);
        // What goes on is not forgotten: there is at most one of each lane.
        if known.works.len() > REMEMBERED
            && let Some(oldest) = known.works.iter().position(|work| !work.state.runs())
        {
            known.works.remove(oldest);
        }
        Ok(known.begun)
    }

    fn change(&self, number: u64, change: impl FnOnce(&mut Work)) {
        if let Some(work) = self.known().works.iter_mut().find(|work| work.number == number) {
            change(work);
        }
    }

    fn end(&self, number: u64, state: WorkState, at: UtcTime) {
        self.change(number, |work| {
            work.state = state;
            work.ended = Some(at);
        });
    }
}

/// Begins work and answers at once. Refused while other work goes on on its lane.
pub fn begin(
    app: &App,
    work: Work,
    doing: impl Future<Output = Outcome<Found>> + Send + 'static,
) -> Outcome<()> {
    let number = app.desk.begin(work)?;
    let app = app.clone();
    // Its own task, so that a panic in it is an end, too.
    let task = tokio::spawn(doing);
    app.desk.change(number, |work| work.task = Some(task.abort_handle()));
    tokio::spawn(async move {
        let state = match task.await {
            Ok(Ok(found)) => WorkState::Done(Arc::new(found)),
            Ok(Err(fault)) => {
                let cause = std::error::Error::source(&fault);
                tracing::warn!(%fault, ?cause, "work that was begun from a page failed");
                WorkState::Failed(Arc::new(fault))
            }
            Err(error) if error.is_cancelled() => {
                WorkState::Failed(Arc::new(Fault::new(Code::Interrupted)))
            }
            Err(error) => {
                tracing::error!(%error, "work that was begun from a page stopped");
                WorkState::Failed(Arc::new(Fault::new(Code::Internal)))
            }
        };
        app.desk.end(number, state, app.vault.now());
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(kind: Kind, about: &str) -> Work {
        Work {
            number: 0,
            kind,
            about: about.to_owned(),
            copy: 0,
            person: String::new(),
            began: UtcTime::from_ms(0),
            ended: None,
            state: WorkState::Running,
            bytes: Arc::default(),
            stop: Stop::default(),
            task: None,
        }
    }

    fn done() -> WorkState {
        WorkState::Done(Arc::new(Found::Recorded))
    }

    #[test]
    fn one_piece_of_work_at_a_time_on_each_lane_and_its_end_is_remembered() {
        let (desk, at) = (Desk::default(), UtcTime::from_ms(5));
        let build = desk.begin(work(Kind::Build, "甲")).unwrap();
        let refused = desk.begin(work(Kind::Restore, "乙")).unwrap_err();
        assert_eq!(refused.code(), Code::WorkUnderWay);
        desk.begin(work(Kind::Repair, "丁")).unwrap();
        let fault = Fault::new(Code::MediumDiffers).with("bytes", 7);
        desk.end(build, WorkState::Failed(Arc::new(fault)), at);
        let mut last = desk.begin(work(Kind::Burn, "乙")).unwrap();
        let states: Vec<_> = desk.list().into_iter().map(|work| (work.about, work.state)).collect();
        assert!(states[0].0 == "乙" && states[0].1.runs());
        assert!(states[1].0 == "丁" && states[1].1.runs(), "another lane is left alone");
        let WorkState::Failed(fault) = &states[2].1 else { panic!("it failed") };
        assert_eq!((states[2].0.as_str(), fault.code()), ("甲", Code::MediumDiffers));
        assert_eq!(fault.detail("bytes"), Some("7"), "with what it says");
        for _ in 0..2 * REMEMBERED {
            desk.end(last, done(), at);
            last = desk.begin(work(Kind::Check, "丙")).unwrap();
        }
        assert_eq!(desk.list().len(), REMEMBERED);
        let running = desk.list().into_iter().filter(|one| one.state.runs()).count();
        assert_eq!(running, 2, "what goes on is not forgotten");
    }

    #[test]
    fn only_what_goes_on_and_leaves_nothing_half_done_is_stopped() {
        let (desk, at) = (Desk::default(), UtcTime::from_ms(5));
        let fill = desk.begin(work(Kind::FillStore, "二号")).unwrap();
        let repair = desk.begin(work(Kind::Repair, "丁")).unwrap();
        let asked = desk.list().into_iter().find(|one| one.number == fill).unwrap().stop();
        desk.stoppable(fill).unwrap().halt();
        assert!(asked.requested(), "the work itself sees it");
        desk.end(fill, done(), at);
        for number in [fill, repair, 99] {
            assert_eq!(desk.stoppable(number).unwrap_err().code(), Code::WorkNotStopped);
        }
    }

    #[test]
    fn how_far_it_is_is_counted_for_whoever_looks() {
        let begun = work(Kind::FillStore, "二号");
        let (shown, count) = (begun.clone(), begun.counter());
        count(3);
        count(4);
        assert_eq!(shown.bytes(), 7);
    }
}
