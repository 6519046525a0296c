//! The walk over every packet: how long a recording really is, and where it is not continuous
//! (R06, A3.9).
//!
//! Promises: every byte is read once, in order; memory is bounded for each stream, whatever the
//! length; times of pictures and sound alone count, as text and positions come when they come.
//! Never: decodes.

use super::bases;
use super::timeline::{Course, Moment, Timeline, microseconds};
use crate::decode::frame_us;
use crate::input::Refusal;
use ffmpeg_next::format::context::Input;
use ffmpeg_next::media::Type;
use ffmpeg_next::{Error, Packet, Rational};
use vault_media_protocol::{Finding, FindingClass, Report, StreamFacts};

/// Read errors after which the walk ends: a recording of nothing but errors is damaged.
const ERRORS_MAX: u32 = 10_000;

/// Less than this is missing at the end of many sound files, in microseconds.
const TRUNCATED_LEAST_US: i64 = 1_000_000;

/// Containers whose head says how long the recording is; of others FFmpeg only guesses.
const PROMISING: &[&str] = &["mov", "matroska", "avi", "wav", "w64", "flv", "asf"];

/// Time base and medium of a stream, and whether it is a cover.
type Base = (Rational, Type, bool);

/// Where a stream begins in its time base, and its rate, as the container says.
type More = (i64, Rational);

/// One stream on the way.
struct Walker {
    base: Rational,
    medium: Type,
    timeline: Option<Timeline>,
    course: Course,
    /// Where the container says the stream begins: sound has packets before it that are decoded
    /// and not heard.
    told_us: Option<i64>,
    /// How long a picture lasts, where packets have no times.
    frame_us: i64,
    packets: u64,
    bytes: u64,
}

/// The walk.
pub(super) struct Walk {
    streams: Vec<Walker>,
    errors: u32,
    cut_short: bool,
}

impl Walk {
    pub(super) fn new(input: &Input) -> Self {
        let more = input.streams().map(|stream| (stream.start_time(), stream.avg_frame_rate()));
        let streams = (0..).zip(bases(input).into_iter().zip(more));
        let walker = |(index, ((base, medium, cover), (start, rate))): (u32, (Base, More))| {
            let timed = matches!(medium, Type::Video | Type::Audio) && !cover;
            Walker {
                base,
                medium,
                timeline: timed.then(|| Timeline::new(index)),
                course: Course::default(),
                told_us: microseconds(start, base),
                frame_us: frame_us(rate),
                packets: 0,
                bytes: 0,
            }
        };
        Self { streams: streams.map(walker).collect(), errors: 0, cut_short: false }
    }

    /// Walks over all packets.
    pub(super) fn packets(&mut self, input: &mut Input) -> Result<(), Refusal> {
        loop {
            // A packet of its own for each: reading into one that is full would lose its bytes, and
            // the memory of the worker would grow with the recording.
            let mut packet = Packet::empty();
            match packet.read(input) {
                Ok(()) => self.packet(&packet),
                Err(Error::Eof) => break,
                Err(Error::InvalidData) if self.errors < ERRORS_MAX => self.errors += 1,
                Err(error) => {
                    let refusal = Refusal::of(error, "packets");
                    if refusal.reason == "read-failed" {
                        return Err(refusal);
                    }
                    self.cut_short = true;
                    break;
                }
            }
        }
        if self.streams.iter().all(|stream| stream.packets == 0) {
            return Err(Refusal::new("damaged", "there is not one packet"));
        }
        self.streams.iter_mut().for_each(Walker::finish);
        Ok(())
    }

    fn packet(&mut self, packet: &Packet) {
        let Some(stream) = self.streams.get_mut(packet.stream()) else { return };
        stream.packets += 1;
        stream.bytes += packet.size() as u64;
        if let Some(timeline) = &mut stream.timeline {
            timeline.push(Moment::of(packet, stream.base));
        }
    }

    /// Time stamp of the first packet that is seen or heard.
    pub(super) fn start_us(&self) -> Option<i64> {
        self.streams.iter().filter_map(Walker::begins_us).min()
    }

    /// From the first packet to the end of the last.
    pub(super) fn duration_us(&self) -> Option<i64> {
        let timed = self.streams.iter().filter(|stream| stream.course.first.is_some());
        let end = timed.map(|stream| stream.course.reached).max()?;
        self.start_us().map(|start| end - start).filter(|us| *us > 0)
    }

    /// What was noticed, from the first packet on, in the order of time; and how much there was.
    pub(super) fn findings(self, report: &Report) -> (Vec<Finding>, u64) {
        let start = self.start_us().unwrap_or(0);
        let mut total: u64 = self.streams.iter().map(|stream| stream.course.findings_total).sum();
        let found = self.streams.into_iter().flat_map(|stream| stream.course.findings);
        let mut findings: Vec<Finding> = found
            .map(|finding| Finding {
                from_us: (finding.from_us - start).max(0),
                to_us: (finding.to_us - start).max(0),
                ..finding
            })
            .collect();
        let length = report.duration_us.unwrap_or(0);
        if let Some(missing) = missing_us(report).or(self.cut_short.then_some(0)) {
            total += 1;
            findings.push(Finding {
                class: FindingClass::Truncated,
                stream: 0,
                from_us: length,
                to_us: length + missing,
                measure: missing,
            });
        }
        findings.sort_by_key(|finding| (finding.from_us, finding.stream, finding.class));
        (findings, total)
    }

    /// Adds what the walk found to the facts of a stream.
    pub(super) fn fill(&self, facts: &mut StreamFacts) {
        let Some(stream) = self.streams.get(facts.index as usize) else { return };
        (facts.packets, facts.bytes) = (stream.packets, stream.bytes);
        if let Some(begins) = stream.begins_us() {
            facts.duration_us = (stream.course.reached - begins).max(0);
        }
        facts.frame_rate_varies = stream.medium == Type::Video && stream.course.varies;
    }
}

impl Walker {
    fn finish(&mut self) {
        self.course = self.timeline.take().map(Timeline::finish).unwrap_or_default();
        if self.medium == Type::Video && self.course.first.is_none() && self.packets > 0 {
            let pictures = i64::try_from(self.packets).unwrap_or(i64::MAX);
            self.course.first = Some(0);
            self.course.reached = pictures.saturating_mul(self.frame_us);
            self.told_us = None;
        }
    }

    fn begins_us(&self) -> Option<i64> {
        let first = self.course.first?;
        Some(self.told_us.map_or(first, |told| told.max(first).min(self.course.reached)))
    }
}

/// What a container with an index promises beyond its packets. Lengths that are only estimated
/// from a bit rate promise nothing.
fn missing_us(report: &Report) -> Option<i64> {
    let indexed = report.container.split(',').any(|name| PROMISING.contains(&name));
    let missing = report.claimed_duration_us? - report.duration_us.unwrap_or(0);
    let least = (report.claimed_duration_us? / 100).max(TRUNCATED_LEAST_US);
    (indexed && missing > least).then_some(missing)
}
