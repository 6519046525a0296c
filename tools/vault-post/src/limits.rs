//! What a server at the other end gets, with reasons.

use std::time::Duration;

/// The time for one message: a server that takes longer is tried again later.
pub(crate) const SEND_WAIT: Duration = Duration::from_secs(20);

/// The bytes of an answer that are read: robots answer with a short document.
pub(crate) const ANSWER_BYTES_MAX: usize = 64 << 10;

/// The bytes of a file with a secret, or with the certificate of an authority.
pub(crate) const SECRET_BYTES_MAX: u64 = 16 << 10;

/// The characters of an answer that are noted as a problem.
pub(crate) const PROBLEM_CHARS_MAX: usize = 200;
