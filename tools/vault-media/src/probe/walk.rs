//! The walk over every packet: how long a recording really is, and where it is not continuous
//! (R06, A3.9).
//!
//! Each stream is judged by its own pace: the running median of the distances between its packets.
//! Decoding times are compared, because they run evenly also where pictures are reordered; a place
//! is told in presentation time. Memory is a few numbers for each stream.

use super::{bases, us};
use crate::input::Refusal;
use ffmpeg_next::format::context::Input;
use ffmpeg_next::media::Type;
use ffmpeg_next::{Error, Packet, Rational};
use std::collections::VecDeque;
use vault_media_protocol::{Finding, FindingClass, Report, StreamFacts};

/// Distances the median is taken over.
const PACE_WINDOW: usize = 31;

/// Distances looked at to judge whether the pace of a stream varies.
const PACE_SAMPLE: usize = 3_000;

/// Less than this is no gap, whatever the pace: two pictures at 25 a second.
const GAP_LEAST_US: i64 = 80_000;

/// A stream whose pace varies has a gap only beyond this.
const VARYING_GAP_US: i64 = 1_000_000;

/// Time stamps that move further than this at once leap: no recorder pauses so long in a file.
const JUMP_US: i64 = 3_600_000_000;

/// Findings kept while walking: the report takes fewer, the number of all is told.
const FINDINGS_KEPT: usize = 100_000;

/// Read errors after which the walk ends: a recording of nothing but errors is damaged.
const ERRORS_MAX: u32 = 10_000;

/// Corrupt packets closer together than this are one finding.
const CORRUPT_TOGETHER_US: i64 = 1_000_000;

/// One stream on the way.
struct Pace {
    base: Rational,
    medium: Type,
    cover: bool,
    first_us: Option<i64>,
    end_us: i64,
    last_us: Option<i64>,
    /// From decoding to presentation, as the first packet has it.
    shift_us: i64,
    window: VecDeque<i64>,
    sample: Vec<i64>,
    packets: u64,
    bytes: u64,
}

/// The walk.
pub(super) struct Walk {
    streams: Vec<Pace>,
    findings: Vec<Finding>,
    errors: u32,
    cut_short: bool,
}

impl Walk {
    pub(super) fn new(input: &Input) -> Self {
        let pace = |(base, medium, cover)| Pace {
            base,
            medium,
            cover,
            first_us: None,
            end_us: i64::MIN,
            last_us: None,
            shift_us: 0,
            window: VecDeque::new(),
            sample: Vec::new(),
            packets: 0,
            bytes: 0,
        };
        Self {
            streams: bases(input).into_iter().map(pace).collect(),
            findings: Vec::new(),
            errors: 0,
            cut_short: false,
        }
    }

    /// Walks over all packets.
    pub(super) fn packets(&mut self, input: &mut Input) -> Result<(), Refusal> {
        let mut packet = Packet::empty();
        loop {
            match packet.read(input) {
                Ok(()) => self.packet(&packet),
                Err(Error::Eof) => return Ok(()),
                Err(Error::InvalidData) if self.errors < ERRORS_MAX => self.errors += 1,
                Err(error) => {
                    let refusal = Refusal::of(error, "packets");
                    if refusal.reason == "read-failed" || self.is_empty() {
                        return Err(refusal);
                    }
                    self.cut_short = true;
                    return Ok(());
                }
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.streams.iter().all(|stream| stream.packets == 0)
    }

    fn packet(&mut self, packet: &Packet) {
        let number = packet.stream();
        let Some(stream) = self.streams.get_mut(number) else { return };
        stream.packets += 1;
        stream.bytes += packet.size() as u64;
        let timed = matches!(stream.medium, Type::Video | Type::Audio) && !stream.cover;
        let stamp = packet.dts().or_else(|| packet.pts());
        let (true, Some(stamp)) = (timed, stamp) else { return };
        let index = u32::try_from(number).unwrap_or(u32::MAX);
        let decode_us = us(stamp, stream.base);
        let shown_us = us(packet.pts().unwrap_or(stamp), stream.base);
        let length_us = us(packet.duration(), stream.base);
        if stream.first_us.is_none() {
            stream.first_us = Some(shown_us);
            stream.shift_us = shown_us - decode_us;
        } else {
            stream.first_us = stream.first_us.map(|first| first.min(shown_us));
        }
        let found = stream.step(decode_us, index);
        let pace = stream.pace_us(length_us);
        stream.end_us = stream.end_us.max(shown_us + pace);
        let corrupt = packet.is_corrupt().then_some(Finding {
            class: FindingClass::Corrupt,
            stream: index,
            from_us: shown_us,
            to_us: shown_us + pace,
            measure: 1,
        });
        for finding in [found, corrupt].into_iter().flatten() {
            self.note(finding);
        }
    }

    fn note(&mut self, finding: Finding) {
        if finding.class == FindingClass::Corrupt {
            let before = self.findings.iter_mut().rev().take(8).find(|before| {
                before.class == FindingClass::Corrupt
                    && before.stream == finding.stream
                    && finding.from_us - before.to_us < CORRUPT_TOGETHER_US
            });
            if let Some(before) = before {
                before.to_us = before.to_us.max(finding.to_us);
                before.measure += 1;
                return;
            }
        }
        if self.findings.len() < FINDINGS_KEPT && finding.from_us <= finding.to_us {
            self.findings.push(finding);
        }
    }

    /// Time stamp of the first packet that has one.
    pub(super) fn start_us(&self) -> Option<i64> {
        self.streams.iter().filter_map(|stream| stream.first_us).min()
    }

    /// From the first packet to the end of the last.
    pub(super) fn duration_us(&self) -> Option<i64> {
        let end = self.streams.iter().map(|stream| stream.end_us).max()?;
        self.start_us().map(|start| end.saturating_sub(start)).filter(|us| *us > 0)
    }

    /// What was noticed, from the first packet on, in the order of time.
    pub(super) fn findings(self, report: &Report) -> Vec<Finding> {
        let start = self.start_us().unwrap_or(0);
        let mut findings = self.findings;
        for finding in &mut findings {
            finding.from_us -= start;
            finding.to_us -= start;
        }
        let length = report.duration_us.unwrap_or(0);
        if let Some(missing) = missing_us(report).or(self.cut_short.then_some(0)) {
            findings.push(Finding {
                class: FindingClass::Truncated,
                stream: 0,
                from_us: length,
                to_us: length + missing,
                measure: missing,
            });
        }
        findings.sort_by_key(|finding| (finding.from_us, finding.class));
        findings
    }

    /// Adds what the walk found to the facts of a stream.
    pub(super) fn fill(&self, facts: &mut StreamFacts) {
        let Some(stream) = self.streams.get(facts.index as usize) else { return };
        (facts.packets, facts.bytes) = (stream.packets, stream.bytes);
        if let Some(first) = stream.first_us {
            facts.duration_us = stream.end_us.saturating_sub(first).max(0);
        }
        facts.frame_rate_varies = stream.medium == Type::Video && stream.varies();
    }
}

/// What a container with an index promises beyond its packets. Lengths that are only estimated
/// from a bit rate promise nothing.
fn missing_us(report: &Report) -> Option<i64> {
    let promises = ["mov", "matroska", "avi", "wav"];
    let indexed = report.container.split(',').any(|name| promises.contains(&name));
    let missing = report.claimed_duration_us? - report.duration_us.unwrap_or(0);
    let least = (report.claimed_duration_us? / 100).max(1_000_000);
    (indexed && missing > least).then_some(missing)
}

impl Pace {
    /// Takes the next decoding time; gives what does not fit.
    fn step(&mut self, decode_us: i64, index: u32) -> Option<Finding> {
        let last = self.last_us.replace(decode_us)?;
        let distance = decode_us - last;
        let pace = self.median().unwrap_or(distance.max(0));
        let varying = self.window.len() >= 8 && self.varies();
        let most = if varying { VARYING_GAP_US.max(10 * pace) } else { GAP_LEAST_US.max(3 * pace) };
        let found = |class, from: i64, to: i64, measure| {
            let (from_us, to_us) = (from.min(to) + self.shift_us, from.max(to) + self.shift_us);
            Some(Finding { class, stream: index, from_us, to_us, measure })
        };
        let due = last + pace;
        let late = decode_us - due;
        if late.abs() > JUMP_US {
            return found(FindingClass::Jump, due, decode_us, late);
        }
        if self.window.len() >= 2 && late > most - pace {
            return found(FindingClass::Gap, due, decode_us, late);
        }
        if -late > GAP_LEAST_US.max(2 * pace) {
            return found(FindingClass::Overlap, decode_us, due, -late);
        }
        if distance > 0 {
            self.window.push_back(distance);
            if self.window.len() > PACE_WINDOW {
                self.window.pop_front();
            }
            if self.sample.len() < PACE_SAMPLE {
                self.sample.push(distance);
            }
        }
        None
    }

    fn median(&self) -> Option<i64> {
        let mut distances: Vec<i64> = self.window.iter().copied().collect();
        distances.sort_unstable();
        distances.get(distances.len() / 2).copied()
    }

    /// How long a packet lasts: by the stream's pace, which a hole in the file does not stretch,
    /// else as the container says.
    fn pace_us(&self, length_us: i64) -> i64 {
        self.median().unwrap_or(length_us).max(0)
    }

    /// Whether more than one in twenty distances is more than a tenth from the median.
    fn varies(&self) -> bool {
        let Some(median) = self.median() else { return false };
        let odd = self.sample.iter().filter(|distance| (**distance - median).abs() * 10 > median);
        // A time base of a millisecond makes 33 and 34 of 33.3.
        let odd = odd.filter(|distance| (**distance - median).abs() > 2_000).count();
        odd * 20 > self.sample.len()
    }
}
