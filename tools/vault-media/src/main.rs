//! The media worker: the only program that links FFmpeg, and the only one that parses recordings.
//!
//! Started by the vault with one socket as standard input. Confines itself before the first byte
//! is read (`sandbox`), then serves one order after the other until the socket is closed. It can
//! open nothing, connect to nothing, start nothing: what a recording makes it do ends here. Never
//! called by people; `--check` prints what this kernel can confine.

mod decode;
mod excerpt;
mod input;
mod link;
mod preview;
mod probe;
mod sandbox;
mod speech;

use crate::input::Refusal;
use crate::link::Link;
use std::io::Write;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use std::sync::Arc;
use vault_media_protocol::{ANSWER_BYTES_MAX, Answer, Declined, Report, TAG_BYTES_MAX, Task};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let weak_allowed = arguments.iter().any(|argument| argument == "--allow-weak-sandbox");
    if ffmpeg_next::init().is_err() {
        return ExitCode::FAILURE;
    }
    // FFmpeg would write about hostile files to a stderr that nobody reads.
    ffmpeg_next::log::set_level(ffmpeg_next::log::Level::Quiet);
    let socket = std::io::stdin().as_fd().try_clone_to_owned();
    let check = arguments.iter().any(|argument| argument == "--check");
    // The line may go to a file, which a worker at work may not write.
    let file_bytes = if check { u64::from(u16::MAX) } else { 0 };
    let channel = match &socket {
        Ok(socket) if !check => socket.as_raw_fd(),
        _ => std::io::stdout().as_raw_fd(),
    };
    let layers = sandbox::enter(channel, file_bytes);
    if check {
        return told(&layers.as_json());
    }
    let Ok(socket) = socket else { return ExitCode::FAILURE };
    let link = Arc::new(Link::new(UnixStream::from(socket)));
    loop {
        let order = match link.next_order() {
            Ok(Some(order)) => order,
            Ok(None) => return ExitCode::SUCCESS,
            Err(_) => return ExitCode::FAILURE,
        };
        let answer = match layers.missing() {
            Some(layer) if !weak_allowed => Err(Refusal::new("internal", layer)),
            _ => match order.task {
                Task::Probe => probe::probe(&link, &order),
                Task::Preview => preview::preview(&link, &order),
                Task::Speech => speech::speech(&link, &order),
                Task::Excerpt => excerpt::excerpt(&link, &order),
            },
        };
        let answer = if link.failed() {
            Err(Refusal::new("read-failed", "fewer bytes than announced"))
        } else {
            answer
        };
        if link.answer(&bounded(answer)).is_err() {
            return ExitCode::FAILURE;
        }
    }
}

fn told(line: &str) -> ExitCode {
    match writeln!(std::io::stdout(), "{line}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// The answer as bytes; one that would break a bound is no answer but a refusal.
fn bounded(answer: Result<Report, Refusal>) -> Vec<u8> {
    let declined = |reason: &str, detail: &str| {
        let detail = input::cut(detail, TAG_BYTES_MAX);
        Answer::Declined(Declined { reason: reason.to_owned(), detail })
    };
    let answer = match answer {
        Ok(mut report) => {
            report.engine = engine();
            Answer::Done(Box::new(report))
        }
        Err(refusal) => declined(refusal.reason, &refusal.detail),
    };
    match serde_json::to_vec(&answer) {
        Ok(bytes) if bytes.len() <= ANSWER_BYTES_MAX => bytes,
        _ => {
            serde_json::to_vec(&declined("internal", "answer beyond its limit")).unwrap_or_default()
        }
    }
}

/// Program and libraries, as they stand in the record.
fn engine() -> String {
    let version =
        |number: u32| format!("{}.{}.{}", number >> 16, number >> 8 & 0xff, number & 0xff);
    format!(
        "vault-media {}, libavformat {}, libavcodec {}",
        env!("CARGO_PKG_VERSION"),
        version(ffmpeg_next::format::version()),
        version(ffmpeg_next::codec::version()),
    )
}
