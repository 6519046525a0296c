//! Limits of the service, each with its reason.

use std::time::Duration;

/// Connections at once, if nothing else is said: a province's offices at their busiest, with six
/// connections for each browser.
pub const CONNECTIONS: usize = 2_048;

/// What an operator may raise that to; each waiting connection costs some kilobytes.
pub const CONNECTIONS_MAX: usize = 65_536;

/// The largest head of a request: cookies, names of files in two encodings, and room.
pub const HEAD_BYTES_MAX: usize = 16 * 1024;

/// The most fields in a head.
pub const HEAD_FIELDS_MAX: usize = 100;

/// How long a head may take to arrive.
pub const HEAD_WAIT: Duration = Duration::from_secs(10);

/// How long a handshake may take.
pub const HANDSHAKE_WAIT: Duration = Duration::from_secs(10);

/// The largest JSON body: a transcript of a long day has its own limit, everything else is short.
pub const JSON_BYTES_MAX: usize = 1 << 20;

/// The largest transcript sent by a browser: `vault_core::limits::TRANSCRIPT_BYTES_MAX` holds for
/// what is kept of it.
pub const TRANSCRIPT_BYTES_MAX: usize = 32 << 20;

/// The largest written record or scan sent by a browser: a few hundred scanned pages. Larger ones
/// are filed at the terminal.
pub const DOCUMENT_BYTES_MAX: usize = 64 << 20;

/// How many such bodies are held at once.
pub const DOCUMENTS_AT_ONCE: usize = 4;

/// How long a whole body of that kind may take.
pub const BODY_WAIT: Duration = Duration::from_mins(2);

/// How long an upload may stay silent before its connection is closed; it is gone on with later.
pub const UPLOAD_SILENCE: Duration = Duration::from_mins(1);

/// The largest piece of an upload that bears a checksum: it is held until the sum is known to fit.
pub const CHECKED_PIECE_BYTES_MAX: usize = 8 << 20;

/// Minutes without a request after which a session ends (reliability anchors, §4c).
pub const IDLE_MINUTES: u64 = 30;

/// What an operator may raise that to: a working day.
pub const IDLE_MINUTES_MAX: u64 = 12 * 60;

/// How long a session lasts, whatever happens in it.
pub const SESSION_MAX: Duration = Duration::from_hours(12);

/// Sessions at once; the oldest gives way.
pub const SESSIONS_MAX: usize = 20_000;

/// How long a confirmation holds for approvals, copies and changes of people.
pub const CONFIRMED: Duration = Duration::from_mins(5);

/// Failed attempts to sign in from one place for one name before it has to wait.
pub const ATTEMPTS_FREE: u32 = 5;

/// The longest such wait.
pub const ATTEMPT_WAIT_MAX: Duration = Duration::from_mins(5);

/// Names and places whose failed attempts are remembered.
pub const ATTEMPTS_REMEMBERED: usize = 10_000;

/// Passwords proved at once: each takes a core and tens of megabytes.
pub const PROOFS_AT_ONCE: usize = 2;

/// Rows of a page, if nothing is said.
pub const PAGE_ROWS: u32 = 50;

/// Rows of a page at most.
pub const PAGE_ROWS_MAX: u32 = 200;

/// How often queued work is looked for.
pub const WORK_EVERY: Duration = Duration::from_secs(5);

/// How long open connections may go on after a stop was asked for.
pub const STOP_WAIT: Duration = Duration::from_secs(20);

/// Answers to repeated mutations that are remembered.
pub const REPEATS_REMEMBERED: usize = 10_000;

/// Connections that wait to be accepted.
pub const BACKLOG: u32 = 1_024;

/// Bytes of an answer that the kernel holds for one connection: enough for 100 Mbit/s over 40 ms.
pub const SEND_BUFFER_BYTES: u32 = 512 * 1024;
