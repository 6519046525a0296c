//! The pace of a reading that nobody waits for: so many bytes in a second, and a part of the time
//! at rest after each small piece, so that those who wait for theirs do not feel it.

use crate::settings::ScrubSettings;
use crate::stop::Stop;
use std::time::Duration;

/// The lowest priority there is (`setpriority(2)`): whoever else has work on a processor goes first.
const LAST: i32 = 19;

/// How long a rest lasts before the wish to stop is looked at again.
const LOOK: Duration = Duration::from_millis(50);

/// A pace for one reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    bytes_per_second: u64,
    idle_percent: u64,
}

impl Pace {
    /// The pace of the settings.
    pub(crate) const fn of(settings: &ScrubSettings) -> Self {
        let ScrubSettings { bytes_per_second, idle_percent, .. } = *settings;
        Self { bytes_per_second, idle_percent }
    }

    /// Lets every other thread of the machine go first. For a thread that does nothing else until it
    /// ends: priority is not given back.
    pub(crate) fn give_way() {
        // To go last needs no permission; where it is refused, the rests remain.
        rustix::process::setpriority_process(None, LAST).ok();
    }

    /// How long to rest after so many bytes that took so long.
    fn pause(&self, bytes: u64, took: Duration) -> Duration {
        let busy = 100_u64.saturating_sub(self.idle_percent).max(1);
        let idle = u32::try_from(self.idle_percent).unwrap_or(u32::MAX);
        let share = took.saturating_mul(idle) / u32::try_from(busy).unwrap_or(1);
        let milliseconds = bytes.saturating_mul(1_000) / self.bytes_per_second.max(1);
        share.max(Duration::from_millis(milliseconds).saturating_sub(took))
    }

    /// Rests; ends at once when a stop is asked for.
    pub(crate) fn rest(&self, bytes: u64, took: Duration, stop: &Stop) {
        let mut left = self.pause(bytes, took);
        while !left.is_zero() && !stop.requested() {
            let now = left.min(LOOK);
            std::thread::sleep(now);
            left -= now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(bytes_per_second: u64, idle_percent: u64) -> Pace {
        let settings = ScrubSettings { bytes_per_second, idle_percent, ..ScrubSettings::default() };
        Pace::of(&settings)
    }

    #[test]
    fn the_longer_of_both_rests_is_taken() {
        let took = Duration::from_millis(100);
        // Sixteen bytes a second: one second for sixteen, of which a tenth is over.
        assert_eq!(pace(16, 0).pause(16, took), Duration::from_millis(900));
        // As long at rest as at work.
        assert_eq!(pace(u64::MAX, 50).pause(16, took), took);
        assert_eq!(pace(u64::MAX, 90).pause(16, took), took * 9);
        assert_eq!(pace(u64::MAX, 0).pause(16, took), Duration::ZERO);
    }

    #[test]
    fn a_wish_to_stop_ends_the_rest() {
        let stop = Stop::default();
        stop.request();
        let began = std::time::Instant::now();
        pace(1, 0).rest(3_600, Duration::ZERO, &stop);
        assert!(began.elapsed() < Duration::from_secs(5));
    }
}
