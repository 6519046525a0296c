//! How far a long job is: bytes, rate, time left, items. On a terminal only, on stderr.
//!
//! Promises: nothing is drawn where stderr is no terminal; lines of data do not run into the bar;
//! the bar is gone when the job ends. Callable from several threads.

use crate::output;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use vault_core::wording::Wording;

/// Redraws per second: enough to look alive, too few to cost anything.
const REDRAWS_PER_SECOND: u8 = 5;

/// The bar of one job.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    wording: Arc<Wording>,
    items: AtomicU64,
    items_done: AtomicU64,
}

impl Progress {
    /// A bar, hidden where stderr is no terminal.
    pub(crate) fn new(wording: Arc<Wording>) -> Self {
        let target = if io::stderr().is_terminal() {
            ProgressDrawTarget::stderr_with_hz(REDRAWS_PER_SECOND)
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let template = format!(
            "{{bar:24}} {{binary_bytes}}/{{binary_total_bytes}} {{binary_bytes_per_sec}} {} {{eta}} {{msg}}",
            wording.text("ctl-progress-left", &[])
        );
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.enable_steady_tick(Duration::from_secs(1));
        Self { bar, wording, items: AtomicU64::new(0), items_done: AtomicU64::new(0) }
    }

    /// This much is to be done in all, as far as known.
    pub(crate) fn found(&self, items: u64, bytes: u64) {
        self.items.store(items, Ordering::Relaxed);
        self.bar.set_length(bytes);
        self.show_items();
    }

    /// This many bytes more are done.
    pub(crate) fn advance(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    /// One item more is done.
    pub(crate) fn item_done(&self) {
        self.items_done.fetch_add(1, Ordering::Relaxed);
        self.show_items();
    }

    /// Writes a line of data beside the bar.
    pub(crate) fn line(&self, text: &str) -> io::Result<()> {
        self.bar.suspend(|| output::line(text))
    }

    /// Tells people something beside the bar.
    pub(crate) fn note(&self, text: &str) {
        self.bar.suspend(|| output::note(text));
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn show_items(&self) {
        let done = self.items_done.load(Ordering::Relaxed).to_string();
        let items = self.items.load(Ordering::Relaxed).to_string();
        let values = [("done", done.as_str()), ("items", items.as_str())];
        self.bar.set_message(self.wording.text("ctl-progress-items", &values));
    }
}
