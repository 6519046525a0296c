//! Listening to the sound once: silent stretches, and the peaks of the waveform.
//!
//! The peaks are in the data format of audiowaveform, version 2, eight bits, one channel.

use crate::decode::Resampler;
use crate::input::Refusal;
use ffmpeg_next::format::sample::{Sample, Type};
use ffmpeg_next::{ChannelLayout, frame};
use vault_media_protocol::{Finding, FindingClass};

/// How the waveform is made, for the record.
pub(super) const RECIPE: &str = "audiowaveform 2, 8 bit, 8000 Hz mono, 400 samples a point";

/// Samples per second that are listened to: speech, and the level of all else.
const RATE: u32 = 8_000;

/// Samples of one point: twenty points a second.
const POINT_SAMPLES: usize = 400;

/// Points kept at most: a hundred hours.
const POINTS_MAX: usize = 100 * 3_600 * 20;

/// Samples of one window of the level: a tenth of a second.
const WINDOW_SAMPLES: usize = 800;

/// A window is silent below this level: −50 dBFS, in square units of 16 bits.
const SILENT_SQUARE: u64 = 104 * 104;

/// A silent stretch is told from this length on: people pause.
const SILENT_LEAST_US: i64 = 2_000_000;

/// Time stamps that differ from the count of samples by more than this are followed.
const DRIFT_US: i64 = 100_000;

/// Everything that is heard.
pub(super) struct Heard {
    pub(super) findings: Vec<Finding>,
    pub(super) peaks: Vec<u8>,
}

/// The listening.
pub(super) struct Listening {
    resampler: Resampler,
    start_us: i64,
    /// Samples since the beginning of the recording, silence that is missing included.
    clock: i64,
    begun: bool,
    window: Vec<i16>,
    silent_since: Option<i64>,
    loudest: u64,
    findings: Vec<Finding>,
    point: (i16, i16, usize),
    points: Vec<u8>,
}

fn us_of(samples: i64) -> i64 {
    samples * 1_000_000 / i64::from(RATE)
}

impl Listening {
    pub(super) fn new(start_us: Option<i64>) -> Self {
        let packed = Sample::I16(Type::Packed);
        Self {
            resampler: Resampler::new(packed, ChannelLayout::MONO, RATE),
            start_us: start_us.unwrap_or(0),
            clock: 0,
            begun: false,
            window: Vec::with_capacity(WINDOW_SAMPLES),
            silent_since: None,
            loudest: 0,
            findings: Vec::new(),
            point: (0, 0, 0),
            points: Vec::new(),
        }
    }

    /// Listens to a piece.
    pub(super) fn piece(
        &mut self,
        piece: &frame::Audio,
        at_us: Option<i64>,
    ) -> Result<(), Refusal> {
        if let Some(at_us) = at_us {
            self.follow(at_us - self.start_us);
        }
        self.begun = true;
        let out = self.resampler.run(Some(piece))?;
        self.samples(&out);
        Ok(())
    }

    /// Where sound is missing the waveform is flat, and the time goes on.
    fn follow(&mut self, at_us: i64) {
        let missing = at_us - us_of(self.clock);
        if missing <= DRIFT_US && (self.begun || missing <= 0) {
            return;
        }
        let samples = missing * i64::from(RATE) / 1_000_000;
        let most = i64::try_from(POINTS_MAX * POINT_SAMPLES).unwrap_or(i64::MAX);
        for _ in 0..samples.min(most - self.clock.min(most)) {
            self.peak(0);
        }
        self.clock += samples;
        self.window.clear();
        self.end_silence();
    }

    fn samples(&mut self, out: &frame::Audio) {
        if out.samples() == 0 {
            return;
        }
        for &sample in &out.plane::<i16>(0)[..out.samples()] {
            self.peak(sample);
            self.window.push(sample);
            self.clock += 1;
            if self.window.len() == WINDOW_SAMPLES {
                self.level();
            }
        }
    }

    fn level(&mut self) {
        let square: u64 =
            self.window.iter().map(|sample| u64::from(sample.unsigned_abs()).pow(2)).sum::<u64>()
                / WINDOW_SAMPLES as u64;
        self.window.clear();
        if square < SILENT_SQUARE {
            let window = i64::try_from(WINDOW_SAMPLES).unwrap_or(0);
            self.silent_since.get_or_insert(us_of(self.clock - window));
            self.loudest = self.loudest.max(square);
        } else {
            let before = i64::try_from(WINDOW_SAMPLES).unwrap_or(0);
            self.clock -= before;
            self.end_silence();
            self.clock += before;
        }
    }

    fn end_silence(&mut self) {
        let loudest = std::mem::take(&mut self.loudest);
        let Some(from_us) = self.silent_since.take() else { return };
        let to_us = us_of(self.clock);
        if to_us - from_us >= SILENT_LEAST_US {
            let (class, stream, measure) = (FindingClass::Silent, 0, decibels(loudest));
            self.findings.push(Finding { class, stream, from_us, to_us, measure });
        }
    }

    fn peak(&mut self, sample: i16) {
        let (low, high, count) = self.point;
        self.point = (low.min(sample), high.max(sample), count + 1);
        if self.point.2 == POINT_SAMPLES {
            self.end_point();
        }
    }

    fn end_point(&mut self) {
        let (low, high, count) = std::mem::take(&mut self.point);
        if count > 0 && self.points.len() < 2 * POINTS_MAX {
            self.points.extend([(low >> 8).to_le_bytes()[0], (high >> 8).to_le_bytes()[0]]);
        }
    }

    /// The end of the sound.
    pub(super) fn finish(mut self) -> Result<Heard, Refusal> {
        let rest = self.resampler.run(None)?;
        self.samples(&rest);
        self.end_silence();
        self.end_point();
        let count = u32::try_from(self.points.len() / 2).unwrap_or(u32::MAX);
        let point = u32::try_from(POINT_SAMPLES).unwrap_or(0);
        let mut peaks = Vec::with_capacity(24 + self.points.len());
        for number in [2, 1, RATE, point, count, 1] {
            peaks.extend(number.to_le_bytes());
        }
        peaks.extend(&self.points);
        Ok(Heard { findings: self.findings, peaks })
    }
}

/// Hundredths of a decibel below full scale, of a mean square.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a mean square of 16 bits is below 2^31, its level between -9031 and 0"
)]
fn decibels(square: u64) -> i64 {
    let share = (square.max(1) as f64).sqrt() / 32_768.0;
    (share.log10() * 2_000.0).round() as i64
}
