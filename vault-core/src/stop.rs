//! A person's wish to stop: asked between two steps, never in the middle of one.

use crate::fault::{Code, Fault, Outcome};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Shared by whoever may ask for a stop and whoever has to heed it.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks for a stop.
    pub fn request(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether a stop was asked for.
    pub fn requested(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Asks for a stop when what this gives is dropped: for work of another thread, once nobody
    /// waits for it any more.
    pub(crate) fn when_dropped(&self) -> impl Drop + Send + 'static {
        Waiting(self.clone())
    }

    /// Fails once a stop was asked for.
    pub(crate) fn check(&self) -> Outcome<()> {
        if self.requested() { Err(Fault::new(Code::Interrupted)) } else { Ok(()) }
    }
}

/// Somebody who waits for the work.
struct Waiting(Stop);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.request();
    }
}
