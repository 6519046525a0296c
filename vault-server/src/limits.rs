//! Limits of the service, each with its reason.

use std::time::Duration;

/// Connections at once, if nothing else is said: a province's offices at their busiest, with six
/// connections for each browser.
pub const CONNECTIONS: usize = 2_048;

/// What an operator may raise that to; each waiting connection costs some kilobytes.
pub const CONNECTIONS_MAX: usize = 65_536;

/// Descriptors kept for files beside connections: uploads under way with their progress, readings,
/// the database.
pub const DESCRIPTORS_BESIDE: usize = 512;

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

/// How many packages are made at once: each sets forms in type and reads recordings whole.
pub const PACKAGES_AT_ONCE: usize = 4;

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

/// How long a sign-in at the identity provider may take, with its one-time code.
pub const PROVIDER_WAIT: Duration = Duration::from_mins(10);

/// How long an answer of the identity provider may take.
pub const PROVIDER_ANSWER_WAIT: Duration = Duration::from_secs(10);

/// The largest answer of the identity provider: keys and descriptions are a few kilobytes.
pub const PROVIDER_ANSWER_BYTES_MAX: usize = 1 << 20;

/// How long what the identity provider says of itself is kept for leading browsers there; its
/// answers are checked with what it says then.
pub const PROVIDER_KEPT: Duration = Duration::from_mins(5);

/// Answers of the identity provider that are checked at once.
pub const PROVIDER_AT_ONCE: usize = 16;

/// Sign-ins under way at the identity provider.
pub const FLOWS_MAX: usize = 10_000;

/// Of these from one place; the oldest of that place gives way, so that nobody displaces others.
pub const FLOWS_OF_ONE_PLACE_MAX: usize = 500;

/// Passwords proved at once, of those who proved themselves before and of all others: each takes a
/// core and tens of megabytes.
pub const PROOFS_AT_ONCE: usize = 2;

/// Proofs of one place that wait: some offices come from one address.
pub const PROOFS_OF_ONE_PLACE_MAX: usize = 32;

/// Proofs that wait in all: some seconds of work.
pub const PROOFS_WAITING_MAX: usize = 256;

/// Rows of a page, if nothing is said.
pub const PAGE_ROWS: u32 = 50;

/// Items of one page of the feed: some 500 KiB of long paragraphs.
pub const FEED_ITEMS: usize = 200;

/// Feeds computed at once: nobody signs in for them.
pub const FEEDS_AT_ONCE: usize = 2;

/// Rows of a page at most.
pub const PAGE_ROWS_MAX: u32 = 200;

/// Characters of what is looked for in the ledger.
pub const EVENT_SEARCH_CHARS_MAX: usize = 100;

/// Events looked through for one answer: some tenths of a second; the next answer goes on.
pub const EVENTS_LOOKED_THROUGH: usize = 20_000;

/// Events read from the catalogue at once while looking through them.
pub const EVENTS_AT_ONCE: u32 = 1_000;

/// Readings of one person under way at once: six connections of a browser in each of five windows.
pub const READINGS_OF_ONE_MAX: usize = 30;

/// Threads for what blocks: readings of a few hundred people whose lines are slow, each waiting in
/// one. They cost address space and some kilobytes.
pub const BLOCKING_THREADS_MAX: usize = 4_096;

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
