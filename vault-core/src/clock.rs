//! The time, from one place.
//!
//! Everything that needs the time takes a `Clock`, so that tests can set it and so that a clock
//! that lies can be found out in one place. This is the only caller of the system time.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Milliseconds since 1970-01-01 UTC. Times are kept in UTC and shown in the installation's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcTime(i64);

impl UtcTime {
    /// From milliseconds since 1970-01-01 UTC.
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub const fn as_ms(self) -> i64 {
        self.0
    }
}

/// Where the time comes from.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// The clock of the machine.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until it is set; for tests.
    pub fn fixed(at: UtcTime) -> Self {
        Self(Source::Fixed(Arc::new(AtomicI64::new(at.as_ms()))))
    }

    /// Sets a fixed clock; the system clock is left alone.
    pub fn set(&self, at: UtcTime) {
        if let Source::Fixed(ms) = &self.0 {
            ms.store(at.as_ms(), Ordering::SeqCst);
        }
    }

    /// The time now.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system")]
    pub fn now(&self) -> UtcTime {
        match &self.0 {
            Source::Fixed(ms) => UtcTime(ms.load(Ordering::SeqCst)),
            Source::System => {
                let since = std::time::SystemTime::now()
                    .duration_since(std::time::UNIX_EPOCH)
                    .unwrap_or_default();
                UtcTime(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.0 {
            Source::System => "Clock(system)",
            Source::Fixed(_) => "Clock(fixed)",
        })
    }
}
