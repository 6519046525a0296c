//! Long work with volumes that somebody began from a page: building, burning, reading again.
//!
//! Promises: one at a time, as the person who began it; what it came to is in the ledger by the
//! core's own hand, and what is shown here is only that it goes on, or why it did not. Work that a
//! stop of the service cut off left nothing under a name that counts, and is begun again by hand.

use crate::state::App;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use vault_core::clock::UtcTime;
use vault_core::fault::{Code, Fault, Outcome};

/// Pieces of work that are remembered after their end.
const REMEMBERED: usize = 20;

/// How work stands.
#[derive(Debug, Clone)]
pub enum WorkState {
    /// It goes on.
    Running,
    /// It came to its end.
    Done,
    /// It did not; the fault says why, with its details.
    Failed(Arc<Fault>),
}

impl WorkState {
    const fn runs(&self) -> bool {
        matches!(self, Self::Running)
    }
}

/// A piece of work.
#[derive(Debug, Clone)]
pub struct Work {
    /// `build`, `migrate`, `burn`, `check` or `shelve`.
    pub kind: &'static str,
    /// The label of the volume.
    pub label: String,
    /// Which copy; 0 where none is meant.
    pub copy: u64,
    /// Who began it.
    pub person: String,
    /// When.
    pub began: UtcTime,
    /// When it ended.
    pub ended: Option<UtcTime>,
    /// How it stands.
    pub state: WorkState,
}

/// The work of this service, the newest last.
#[derive(Debug, Default)]
pub struct Desk(Mutex<VecDeque<Work>>);

impl Desk {
    /// What is known of it, the newest first.
    pub fn list(&self) -> Vec<Work> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().rev().cloned().collect()
    }

    fn begin(&self, work: Work) -> Outcome<()> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.iter().any(|work| work.state.runs()) {
            return Err(Fault::new(Code::Locked).with("what", "volume"));
        }
        known.push_back(work);
        if known.len() > REMEMBERED {
            known.pop_front();
        }
        Ok(())
    }

    fn end(&self, state: WorkState, at: UtcTime) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // One at a time, so that there is one at the most.
        if let Some(work) = known.iter_mut().find(|work| work.state.runs()) {
            work.state = state;
            work.ended = Some(at);
        }
    }
}

/// Begins work and answers at once. Refused while other work goes on.
pub fn begin(
    app: &App,
    work: Work,
    doing: impl Future<Output = Outcome<()>> + Send + 'static,
) -> Outcome<()> {
    app.desk.begin(work)?;
    let app = app.clone();
    // Its own task, so that a panic in it is an end, too.
    let task = tokio::spawn(doing);
    tokio::spawn(async move {
        let state = match task.await {
            Ok(Ok(())) => WorkState::Done,
            Ok(Err(fault)) => {
                tracing::warn!(%fault, "work with a volume failed");
                WorkState::Failed(Arc::new(fault))
            }
            Err(error) => {
                tracing::error!(%error, "work with a volume stopped");
                WorkState::Failed(Arc::new(Fault::new(Code::Internal)))
            }
        };
        app.desk.end(state, app.vault.now());
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(label: &str) -> Work {
        Work {
            kind: "build",
            label: label.to_owned(),
            copy: 0,
            person: String::new(),
            began: UtcTime::from_ms(0),
            ended: None,
            state: WorkState::Running,
        }
    }

    #[test]
    fn one_piece_of_work_at_a_time_and_its_end_is_remembered() {
        let desk = Desk::default();
        desk.begin(work("甲")).unwrap();
        assert_eq!(desk.begin(work("乙")).unwrap_err().code(), Code::Locked);
        let fault = Fault::new(Code::MediumDiffers).with("bytes", 7);
        desk.end(WorkState::Failed(Arc::new(fault)), UtcTime::from_ms(5));
        desk.begin(work("乙")).unwrap();
        let states: Vec<_> = desk.list().into_iter().map(|work| (work.label, work.state)).collect();
        assert!(states[0].0 == "乙" && states[0].1.runs());
        let WorkState::Failed(fault) = &states[1].1 else { panic!("it failed") };
        assert_eq!((states[1].0.as_str(), fault.code()), ("甲", Code::MediumDiffers));
        assert_eq!(fault.detail("bytes"), Some("7"), "with what it says");
        for _ in 0..2 * REMEMBERED {
            desk.end(WorkState::Done, UtcTime::from_ms(6));
            desk.begin(work("丙")).unwrap();
        }
        assert_eq!(desk.list().len(), REMEMBERED);
    }
}
