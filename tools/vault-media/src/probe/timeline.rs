//! The times of one stream's packets, put in the order of presentation: what is missing, what lies
//! over each other, what leaps.
//!
//! Promises: memory does not grow with the stream; a gap is placed by times of presentation, so
//! that reordered pictures do not shift it; a rate that varies by nature is no gap. Never: decodes,
//! or believes the length a container claims. Serves R06.

use ffmpeg_next::{Packet, Rational};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use vault_media_protocol::{FINDINGS_MAX, Finding, FindingClass};

/// Packets that may be out of order of presentation: H.264 and H.265 allow 16.
const REORDER_MAX: usize = 17;

/// Times further off than a hundred years are damage and would overflow sums, in microseconds.
const FURTHEST_US: i64 = 3_200_000_000_000_000;

/// The shortest gap, in microseconds: two packets of speech codecs, two pictures at 25 a second.
const GAP_MIN_US: i64 = 80_000;

/// A gap is at least this many times the usual distance.
const GAP_TIMES_USUAL: i64 = 3;

/// What is missing for longer than this is a leap of the clock rather than a pause, in
/// microseconds: an hour.
pub(crate) const LEAP_LEAST_US: i64 = 3_600_000_000;

/// Time that runs back by more than this is a leap rather than an overlap, in microseconds.
const OVERLAP_MAX_US: i64 = 10_000_000;

/// Steps back below this are rounding, in microseconds.
const OVERLAP_MIN_US: i64 = 20_000;

/// Corrupt packets closer than this are one finding, in microseconds.
const CORRUPT_APART_US: i64 = 1_000_000;

/// Distances that make the usual one: about a second of pictures.
const RECENT: usize = 31;

/// One packet's times, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// When it is presented.
    pub(super) presented: Option<i64>,
    /// When it is decoded; this never steps back in a sound stream.
    pub(super) decoded: Option<i64>,
    /// How long it lasts; 0 where unknown.
    pub(super) lasts: i64,
    /// Whether the container marks it as damaged.
    pub(super) corrupt: bool,
}

/// A time of a stream in microseconds; `None` where it is out of reach.
pub(super) fn microseconds(time: i64, base: Rational) -> Option<i64> {
    if time == i64::MIN || base.denominator() <= 0 || base.numerator() <= 0 {
        return None;
    }
    let scaled = i128::from(time) * i128::from(base.numerator()) * 1_000_000;
    let denominator = i128::from(base.denominator());
    let rounded = (scaled + denominator / 2 * scaled.signum()) / denominator;
    i64::try_from(rounded).ok().filter(|time| time.abs() < FURTHEST_US)
}

impl Moment {
    /// The times of a packet.
    pub(super) fn of(packet: &Packet, base: Rational) -> Self {
        Self {
            presented: packet.pts().and_then(|time| microseconds(time, base)),
            decoded: packet.dts().and_then(|time| microseconds(time, base)),
            lasts: microseconds(packet.duration(), base).unwrap_or(0),
            corrupt: packet.is_corrupt(),
        }
    }
}

/// What became of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Course {
    /// Time of the first packet presented.
    pub(super) first: Option<i64>,
    /// End of the last one, leaps taken out.
    pub(super) reached: i64,
    /// Whether distances vary by more than a tenth.
    pub(super) varies: bool,
    /// What was noticed.
    pub(super) findings: Vec<Finding>,
    /// How many, those beyond the limit too.
    pub(super) findings_total: u64,
}

/// Distances counted in classes a twentieth apart: bounded memory, exact enough for a tenth.
#[derive(Debug)]
struct Spread {
    classes: Vec<u64>,
    counted: u64,
}

const CLASS_STEP: f64 = 1.05;
const CLASSES: usize = 512;

impl Spread {
    fn new() -> Self {
        Self { classes: vec![0; CLASSES], counted: 0 }
    }

    fn add(&mut self, distance: i64) {
        if distance > 0 {
            self.classes[Self::class(distance)] += 1;
            self.counted += 1;
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a class is a rough measure, and the logarithm of a positive integer is in range"
    )]
    fn class(distance: i64) -> usize {
        let class = (distance.max(1) as f64).ln() / CLASS_STEP.ln();
        (class.round() as usize).min(CLASSES - 1)
    }

    /// The class below which this many of a hundred distances lie.
    fn at(&self, hundredths: u64) -> usize {
        let wanted = (self.counted * hundredths).div_ceil(100).max(1);
        let mut seen = 0;
        let place = self.classes.iter().position(|count| {
            seen += count;
            seen >= wanted
        });
        place.unwrap_or(0)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "classes end at 70 billion microseconds"
    )]
    fn distance(class: usize) -> i64 {
        CLASS_STEP.powi(class as i32) as i64
    }

    /// Whether more than one in thirty lies further than a tenth from the middle.
    fn varies(&self) -> bool {
        let middle = self.at(50);
        let near = self.classes[middle.saturating_sub(2)..(middle + 3).min(CLASSES)].iter();
        let far = self.counted - near.sum::<u64>();
        far > 2 && far * 30 > self.counted
    }
}

/// Follows one stream from its first packet to its last.
#[derive(Debug)]
pub(super) struct Timeline {
    stream: u32,
    waiting: BinaryHeap<Reverse<(i64, i64)>>,
    last_decoded: Option<i64>,
    previous: Option<i64>,
    /// How far the clock leapt so far; taken off every time.
    leapt: i64,
    recent: Vec<i64>,
    place: usize,
    spread: Spread,
    course: Course,
    corrupt: Option<Finding>,
}

impl Timeline {
    /// The course of the stream of that number.
    pub(super) fn new(stream: u32) -> Self {
        Self {
            stream,
            waiting: BinaryHeap::new(),
            last_decoded: None,
            previous: None,
            leapt: 0,
            recent: Vec::with_capacity(RECENT),
            place: 0,
            spread: Spread::new(),
            course: Course::default(),
            corrupt: None,
        }
    }

    /// The next packet, in the order of the file.
    pub(super) fn push(&mut self, moment: Moment) {
        let Some(time) = moment.presented.or(moment.decoded) else { return };
        if let (Some(decoded), Some(last)) = (moment.decoded, self.last_decoded)
            && decoded < last - OVERLAP_MIN_US
        {
            self.stepped_back(time, decoded - last);
        }
        self.last_decoded = moment.decoded.or(self.last_decoded);
        if moment.corrupt {
            self.corrupted(time - self.leapt, moment.lasts);
        }
        self.waiting.push(Reverse((time, moment.lasts.max(0))));
        if self.waiting.len() >= REORDER_MAX {
            self.present();
        }
    }

    /// The end of the stream.
    pub(super) fn finish(mut self) -> Course {
        while !self.waiting.is_empty() {
            self.present();
        }
        if let Some(corrupt) = self.corrupt.take() {
            self.note(corrupt);
        }
        self.course.varies = self.spread.varies();
        if self.course.varies {
            // Where pictures come only when something moves, a pause is no gap.
            let pause = Spread::distance(self.spread.at(95)).saturating_mul(GAP_TIMES_USUAL);
            let before = self.course.findings.len();
            self.course
                .findings
                .retain(|finding| finding.class != FindingClass::Gap || finding.measure > pause);
            let dropped = before - self.course.findings.len();
            self.course.findings_total -= dropped as u64;
        }
        self.course
    }

    fn note(&mut self, finding: Finding) {
        self.course.findings_total += 1;
        if self.course.findings.len() < FINDINGS_MAX {
            self.course.findings.push(finding);
        }
    }

    fn finding(&self, class: FindingClass, (from_us, to_us): (i64, i64), measure: i64) -> Finding {
        Finding { class, stream: self.stream, from_us, to_us, measure }
    }

    fn usual(&self) -> i64 {
        let mut sorted = self.recent.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).copied().unwrap_or(0)
    }

    fn remember(&mut self, distance: i64) {
        self.spread.add(distance);
        if self.recent.len() < RECENT {
            self.recent.push(distance);
        } else {
            self.recent[self.place] = distance;
            self.place = (self.place + 1) % RECENT;
        }
    }

    fn stepped_back(&mut self, time: i64, step: i64) {
        while !self.waiting.is_empty() {
            self.present();
        }
        let reached = self.course.reached;
        let back = reached - (time - self.leapt);
        if back <= 0 {
            return;
        }
        if step.abs() <= OVERLAP_MAX_US {
            let lies = (time - self.leapt, reached);
            self.note(self.finding(FindingClass::Overlap, lies, back));
        } else {
            self.note(self.finding(FindingClass::Jump, (reached, reached), -back));
            self.leapt -= back;
        }
        // What comes now is measured from its own first packet.
        self.previous = None;
    }

    fn corrupted(&mut self, time: i64, lasts: i64) {
        let end = time.saturating_add(lasts.max(0));
        match &mut self.corrupt {
            Some(run) if time - run.to_us <= CORRUPT_APART_US && time >= run.from_us => {
                run.to_us = run.to_us.max(end);
                run.measure += 1;
            }
            _ => {
                let next = self.finding(FindingClass::Corrupt, (time, end), 1);
                if let Some(run) = self.corrupt.replace(next) {
                    self.note(run);
                }
            }
        }
    }

    fn present(&mut self) {
        let Some(Reverse((stated, lasts))) = self.waiting.pop() else { return };
        let mut time = stated - self.leapt;
        if self.course.first.is_none() {
            self.course.first = Some(time);
            self.course.reached = time;
        }
        if let Some(previous) = self.previous {
            time = self.stepped(previous, time, lasts);
        }
        self.previous = Some(time);
        let lasts = if lasts > 0 { lasts } else { self.usual() };
        // A packet before a gap may claim to last through it.
        let usual = self.usual();
        let most =
            if usual > 0 { usual.saturating_mul(GAP_TIMES_USUAL).max(GAP_MIN_US) } else { lasts };
        self.course.reached = self.course.reached.max(time + lasts.min(most));
    }

    /// Judges the step from the packet before; yields the time of this one, a leap taken out.
    fn stepped(&mut self, previous: i64, time: i64, lasts: i64) -> i64 {
        let distance = time - previous;
        if distance <= GAP_MIN_US {
            self.remember(distance);
            return time;
        }
        let usual = match self.usual() {
            0 if lasts > 0 => lasts,
            0 => distance,
            usual => usual,
        };
        if distance <= usual.saturating_mul(GAP_TIMES_USUAL) {
            self.remember(distance);
            return time;
        }
        let (begin, missing) = (previous + usual, distance - usual);
        if missing >= LEAP_LEAST_US {
            self.note(self.finding(FindingClass::Jump, (begin, begin), missing));
            self.leapt += missing;
            return begin;
        }
        self.note(self.finding(FindingClass::Gap, (begin, time), missing));
        // Counted, not made usual: pauses of a varying rate are told from gaps at the end.
        self.spread.add(distance);
        time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: i64, lasts: i64) -> Moment {
        Moment { presented: Some(time), decoded: Some(time), lasts, corrupt: false }
    }

    fn course(times: impl IntoIterator<Item = i64>, lasts: i64) -> Course {
        let mut timeline = Timeline::new(0);
        times.into_iter().for_each(|time| timeline.push(at(time, lasts)));
        timeline.finish()
    }

    #[test]
    fn an_even_stream_has_no_findings_and_the_length_of_its_packets() {
        let even = course((0..500).map(|number| number * 40_000), 40_000);
        assert_eq!((even.findings.len(), even.reached, even.varies), (0, 20_000_000, false));
    }

    #[test]
    fn a_gap_is_as_long_as_what_is_missing() {
        let cut = (0..500).filter(|number| !(200..250).contains(number));
        let found = course(cut.map(|number| number * 40_000), 40_000);
        let [gap] = found.findings[..] else { panic!("{:?}", found.findings) };
        assert_eq!(gap.class, FindingClass::Gap);
        assert_eq!((gap.from_us, gap.to_us, gap.measure), (8_000_000, 10_000_000, 2_000_000));
    }

    #[test]
    fn pictures_out_of_order_neither_make_nor_shift_a_gap() {
        // I P B B P B B …, decoded in the order of the file, presented two pictures later.
        let mut timeline = Timeline::new(0);
        let mut decoded = 0;
        for group in 0..100 {
            for presented in [group * 3 + 3, group * 3 + 1, group * 3 + 2] {
                if !(150..200).contains(&presented) {
                    let moment = Moment {
                        presented: Some(presented * 40_000),
                        decoded: Some(decoded * 40_000),
                        lasts: 40_000,
                        corrupt: false,
                    };
                    timeline.push(moment);
                }
                decoded += 1;
            }
        }
        let found = timeline.finish();
        let [gap] = found.findings[..] else { panic!("{:?}", found.findings) };
        assert_eq!((gap.from_us, gap.to_us), (6_000_000, 8_000_000));
    }

    #[test]
    fn a_rate_that_varies_is_told_and_its_pauses_are_no_gaps() {
        let mut time = 0;
        let times: Vec<_> = (0..600)
            .map(|number| {
                time += if number % 10 < 7 { 33_000 } else { 400_000 };
                time
            })
            .collect();
        let found = course(times, 0);
        assert!(found.varies, "{found:?}");
        assert_eq!(found.findings, []);
    }

    #[test]
    fn a_few_dropped_pictures_are_not_a_rate_that_varies() {
        let dropped = (0..1_000).filter(|number| number % 200 != 7).map(|number| number * 40_000);
        let found = course(dropped, 40_000);
        assert!(!found.varies && found.findings.is_empty(), "{found:?}");
    }

    #[test]
    fn time_that_runs_back_a_little_overlaps_and_much_is_a_leap() {
        let times = |back: i64| {
            (0..100).chain(100 - back..200).map(|number| number * 40_000).collect::<Vec<_>>()
        };
        let found = course(times(25), 40_000);
        assert_eq!(found.findings.len(), 1);
        assert_eq!(found.findings[0].class, FindingClass::Overlap);
        assert_eq!(found.findings[0].measure, 1_000_000);
        let found = course((1_000..2_000).chain(0..100).map(|number| number * 40_000), 40_000);
        assert_eq!(found.findings.len(), 1);
        assert_eq!(found.findings[0].class, FindingClass::Jump);
        assert_eq!(found.reached, 2_100 * 40_000);
    }

    #[test]
    fn a_leap_forward_of_hours_does_not_lengthen_the_recording() {
        let leap = 7 * LEAP_LEAST_US;
        let times = (0..100).map(|n| n * 40_000).chain((100..200).map(|n| n * 40_000 + leap));
        let found = course(times, 40_000);
        assert_eq!(found.findings.len(), 1);
        assert_eq!(found.findings[0].class, FindingClass::Jump);
        assert_eq!(found.reached, 200 * 40_000);
    }

    #[test]
    fn corrupt_packets_close_together_are_one_finding() {
        let mut timeline = Timeline::new(3);
        for number in 0..400 {
            let corrupt = matches!(number, 10..13 | 300);
            timeline.push(Moment { corrupt, ..at(number * 40_000, 40_000) });
        }
        let found = timeline.finish().findings;
        assert_eq!(found.iter().map(|each| each.measure).collect::<Vec<_>>(), [3, 1]);
        assert!(found.iter().all(|each| each.class == FindingClass::Corrupt && each.stream == 3));
    }

    #[test]
    fn times_out_of_reach_are_no_times() {
        assert_eq!(microseconds(90_000, Rational::new(1, 90_000)), Some(1_000_000));
        assert_eq!(microseconds(-1_024, Rational::new(1, 48_000)), Some(-21_333));
        assert_eq!(microseconds(i64::MIN, Rational::new(1, 1)), None);
        assert_eq!(microseconds(i64::MAX, Rational::new(1, 1)), None);
        assert_eq!(microseconds(1, Rational::new(1, 0)), None);
    }

    #[test]
    fn findings_kept_are_bounded_and_all_are_counted() {
        let times = (0..240_000).filter(|number| number % 200 < 195).map(|number| number * 40_000);
        let found = course(times, 40_000);
        assert_eq!(found.findings.len(), FINDINGS_MAX);
        assert_eq!(found.findings_total, 1_199);
    }
}
