//! Ctrl-C and SIGTERM: the first stops, the second kills.
//!
//! Promises: long jobs are asked to stop and finish what they acknowledged; everything else ends
//! at once, its transaction undone. Either way the program ends with 130 and says how to go on.

use crate::failure::{Answer, Failure};
use crate::output;
use std::future::Future;
use std::io;
use std::sync::Arc;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Notify;
use vault_core::fault::{Code, Fault};
use vault_core::stop::Stop;
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
    // Installed before the work begins, so that no signal falls between.
    let signals = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    let watcher = tokio::spawn(watch(signals, stop, Arc::clone(&interrupted), manner, wording));
    let answer = tokio::select! {
        answer = work => answer,
        () = interrupted.notified(), if manner == Manner::AtOnce => {
            Err(Failure::Fault(Fault::new(Code::Interrupted)))
        }
    };
    watcher.abort();
    answer
}

async fn watch(
    signals: (io::Result<Signal>, io::Result<Signal>),
    stop: Stop,
    interrupted: Arc<Notify>,
    manner: Manner,
    wording: Arc<Wording>,
) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::process::{Signal as Number, getpid, kill_process};
    use std::time::Duration;
    use vault_core::wording::Language;

    /// One test for both manners: signals reach the whole process, so they must not overlap.
    #[tokio::test(flavor = "multi_thread")]
    async fn the_first_signal_stops_cleanly_or_at_once() {
        let wording = Arc::new(Wording::new(Language::Chinese));
        let work = async {
            kill_process(getpid(), Number::INT).unwrap();
            std::future::pending::<Answer<()>>().await
        };
        let stop = Stop::default();
        let answer = guarded(work, Manner::AtOnce, stop.clone(), Arc::clone(&wording)).await;
        assert!(matches!(answer, Err(Failure::Fault(f)) if f.code() == Code::Interrupted));

        let stop = Stop::default();
        let seen = stop.clone();
        let work = async move {
            kill_process(getpid(), Number::TERM).unwrap();
            while !seen.requested() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Ok("finished what it began")
        };
        let answer = guarded(work, Manner::Clean, stop, wording).await;
        assert!(matches!(answer, Ok("finished what it began")));
    }
}
