//! Ctrl-C and SIGTERM: the first stops, the second kills.
//!
//! Promises: long jobs are asked to stop and finish what they acknowledged; everything else ends
//! at once, its transaction undone. Either way the program ends with 130 and says how to go on.

use crate::core_api::stop::Stop;
use crate::failure::{Answer, Failure};
use crate::output;
use std::future::Future;
use std::sync::Arc;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Notify;
use vault_core::fault::{Code, Fault};
use vault_core::wording::Wording;

/// How a command ends when it is interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// It watches its `Stop` and ends cleanly by itself.
    Clean,
    /// It is dropped.
    AtOnce,
}

/// Does the work under the signals.
pub(crate) async fn guarded<T>(
    work: impl Future<Output = Answer<T>>,
    manner: Manner,
    stop: Stop,
    wording: Arc<Wording>,
) -> Answer<T> {
    let interrupted = Arc::new(Notify::new());
    let watcher = tokio::spawn(watch(stop, Arc::clone(&interrupted), manner, wording));
    let answer = tokio::select! {
        answer = work => answer,
        () = interrupted.notified(), if manner == Manner::AtOnce => {
            Err(Failure::Fault(Fault::new(Code::Interrupted)))
        }
    };
    watcher.abort();
    answer
}

async fn watch(stop: Stop, interrupted: Arc<Notify>, manner: Manner, wording: Arc<Wording>) {
    let signals = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    let (Ok(mut interrupts), Ok(mut terminations)) = signals else {
        // Without handlers the system's own stay: both signals end the program at once.
        return;
    };
    next(&mut interrupts, &mut terminations).await;
    stop.request();
    interrupted.notify_one();
    if manner == Manner::Clean {
        output::note(&wording.text("ctl-stopping", &[]));
    }
    next(&mut interrupts, &mut terminations).await;
    output::note(&wording.text("ctl-killed", &[]));
    std::process::exit(130);
}

async fn next(interrupts: &mut Signal, terminations: &mut Signal) {
    tokio::select! {
        _ = interrupts.recv() => {}
        _ = terminations.recv() => {}
    }
}
