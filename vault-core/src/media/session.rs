//! Recording sessions (R01, R06): files a recorder split are one recording, and what is missing
//! between them is found.
//!
//! A session is what one device recorded for one case without a pause longer than
//! `SESSION_PAUSE_MAX_MS`. The split is by time alone: names and numbers of recorders differ. Pure:
//! it looks at times, decides nothing about people, and changes nothing.

use crate::clock::UtcTime;
use vault_proof::ContentId;

/// Two files further apart than this are two sessions: longer than a lost part of any recorder
/// (5, 10 or 15 minutes), shorter than the way to another place.
const SESSION_PAUSE_MAX_MS: i64 = 30 * 60_000;

/// Times of most devices have full seconds; two ends may differ by that much without a gap.
const RESOLUTION_MS: i64 = 2_000;

/// A file with its times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionPart {
    /// Which recording.
    pub recording: ContentId,
    /// Its name.
    pub name: String,
    /// When it began.
    pub started: UtcTime,
    /// When it ended.
    pub ended: UtcTime,
}

/// What lies between one part and the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seam {
    /// Number of the part before it, from 0.
    pub after: usize,
    /// End of that part.
    pub from: UtcTime,
    /// Begin of the next.
    pub to: UtcTime,
    /// Positive: missing; negative: recorded twice. Milliseconds.
    pub measure_ms: i64,
}

/// Files that belong together, in the order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its files.
    pub parts: Vec<SessionPart>,
    /// Where they do not join.
    pub seams: Vec<Seam>,
}

/// How a recording's times differ from those of a written record (R06, A3.9), in milliseconds;
/// positive where the recording is later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenDifference {
    /// Begin.
    pub started_ms: i64,
    /// End.
    pub ended_ms: i64,
}

impl Session {
    /// When it began.
    pub fn started(&self) -> Option<UtcTime> {
        self.parts.first().map(|part| part.started)
    }

    /// When it ended.
    pub fn ended(&self) -> Option<UtcTime> {
        self.parts.iter().map(|part| part.ended).max()
    }

    /// Compares with the times of a written record.
    pub fn differs_from(&self, from: UtcTime, to: UtcTime) -> Option<WrittenDifference> {
        Some(WrittenDifference {
            started_ms: self.started()?.as_ms() - from.as_ms(),
            ended_ms: self.ended()?.as_ms() - to.as_ms(),
        })
    }
}

/// Puts the files of one device and case into sessions.
pub fn sessions(mut parts: Vec<SessionPart>) -> Vec<Session> {
    parts.sort_by(|one, other| {
        (one.started, one.ended, &one.name).cmp(&(other.started, other.ended, &other.name))
    });
    let mut sessions: Vec<Session> = Vec::new();
    for part in parts {
        let open = sessions.last_mut().and_then(|session| {
            let ended = session.ended()?;
            let pause = part.started.as_ms() - ended.as_ms();
            (pause <= SESSION_PAUSE_MAX_MS).then_some((session, ended, pause))
        });
        match open {
            None => sessions.push(Session { parts: vec![part], seams: Vec::new() }),
            Some((session, ended, pause)) => {
                if pause.abs() > RESOLUTION_MS {
                    session.seams.push(Seam {
                        after: session.parts.len() - 1,
                        from: ended,
                        to: part.started,
                        measure_ms: pause,
                    });
                }
                session.parts.push(part);
            }
        }
    }
    sessions
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn part(number: u8, from_s: i64, to_s: i64) -> SessionPart {
        SessionPart {
            recording: ContentId::from_bytes([number; 32]),
            name: format!("{number}.mp4"),
            started: UtcTime::from_ms(from_s * 1_000),
            ended: UtcTime::from_ms(to_s * 1_000),
        }
    }

    #[test]
    fn a_missing_part_is_a_seam_and_a_long_pause_begins_anew() {
        // Parts of five minutes; the third is missing; much later another session.
        let found = sessions(vec![
            part(4, 900, 1_200),
            part(1, 0, 300),
            part(2, 300, 600),
            part(9, 9_000, 9_300),
        ]);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].parts.len(), 3);
        let seam = found[0].seams[0];
        assert_eq!((seam.after, seam.measure_ms), (1, 300_000));
        let difference =
            found[0].differs_from(UtcTime::from_ms(-60_000), UtcTime::from_ms(1_200_000)).unwrap();
        assert_eq!((difference.started_ms, difference.ended_ms), (60_000, 0));
    }

    #[test]
    fn what_was_recorded_twice_is_told_and_a_second_is_not() {
        let found = sessions(vec![part(1, 0, 300), part(2, 301, 600), part(3, 590, 900)]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].seams.len(), 1);
        assert_eq!(found[0].seams[0].measure_ms, -10_000);
    }

    proptest! {
        #[test]
        fn every_part_is_in_one_session_and_missing_time_adds_up(
            lengths in proptest::collection::vec((1i64..900, 0i64..1_000), 1..20)
        ) {
            let (mut at, mut parts, mut missing) = (0, Vec::new(), 0);
            for (number, (length, pause)) in lengths.iter().enumerate() {
                if number > 0 {
                    at += pause;
                    missing += if *pause > 2 { pause * 1_000 } else { 0 };
                }
                parts.push(part(u8::try_from(number).unwrap(), at, at + length));
                at += length;
            }
            let count = parts.len();
            parts.reverse();
            let found = sessions(parts);
            prop_assert_eq!(found.len(), 1);
            prop_assert_eq!(found[0].parts.len(), count);
            let told: i64 = found[0].seams.iter().map(|seam| seam.measure_ms).sum();
            prop_assert_eq!(told, missing);
        }
    }
}
