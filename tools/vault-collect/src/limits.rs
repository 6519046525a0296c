//! Every bound of the collector, with its reason.

use std::time::Duration;

/// Between two looks at the directory. A file rests when two looks find it the same, so this is
/// also the shortest time a recorder may pause while it copies.
pub(crate) const LOOK_EVERY: Duration = Duration::from_secs(3);

/// The deepest directory that is looked into: recorders nest by device, day and hour.
pub(crate) const DEPTH_MAX: usize = 16;

/// Files found in one look; the rest is found after these are delivered and moved away.
pub(crate) const FILES_MAX: usize = 200_000;

/// Files on their way at once, if nothing is said: two fill a gigabit line and one is being hashed.
pub(crate) const PARALLEL: usize = 3;

/// At most so many: each takes a connection and a buffer of the service.
pub(crate) const PARALLEL_MAX: usize = 16;

/// Bytes read at once.
pub(crate) const PIECE_BYTES: usize = 1 << 20;

/// The first wait after a failure that may pass; doubled with each further one.
pub(crate) const WAIT_FIRST: Duration = Duration::from_millis(500);

/// The longest wait: a service that comes back is noticed within this time.
pub(crate) const WAIT_MAX: Duration = Duration::from_secs(30);

/// Failures in a row after which `--once` gives a file up: some five minutes.
pub(crate) const FAILURES_MAX: u32 = 15;

/// How long a connection may take to be made.
pub(crate) const CONNECT: Duration = Duration::from_secs(10);

/// How long the service may say nothing. It answers a piece when the piece is durable.
pub(crate) const SILENCE: Duration = Duration::from_mins(2);

/// The longest token, certificate and answer that is read.
pub(crate) const TEXT_BYTES_MAX: u64 = 1 << 20;
