//! Looking at each picture once, small: black and frozen stretches, the poster, the contact sheet.

use super::canvas::{Scaler, blacken, fitted, paste, turned, turned_size, write_time};
use super::jpeg;
use crate::decode::Pictures;
use crate::input::Refusal;
use ffmpeg_next::format::Pixel;
use ffmpeg_next::frame;
use vault_media_protocol::{Finding, FindingClass, SHEET_FRAMES_MAX, SheetFacts};

/// The box a looked-at picture fits into; also the pictures of the contact sheet.
const SMALL: (u32, u32) = (160, 160);

/// The box a poster fits into.
const POSTER: (u32, u32) = (640, 640);

/// A pixel up to this brightness (of 16 to 235) is black: a tenth, as FFmpeg's blackdetect has it.
const BLACK_PIXEL: u8 = 38;

/// Of a black picture at least this share of pixels is black, in hundredths.
const BLACK_SHARE: u64 = 98;

/// A black stretch is told from this length on.
const BLACK_LEAST_US: i64 = 2_000_000;

/// Two pictures differ if their mean difference is more than this, in millionths of full scale:
/// above the noise of a sensor that encoding leaves, below a hand that moves.
const FROZEN_MOST: i64 = 1_500;

/// A frozen stretch is told from this length on: people may sit still for a moment.
const FROZEN_LEAST_US: i64 = 5_000_000;

/// Pictures on the sheet: one for each ten seconds, within bounds.
const SHEET_STEP_US: i64 = 10_000_000;
const SHEET_LEAST: i64 = 9;

/// A stretch that goes on.
struct Stretch {
    class: FindingClass,
    least_us: i64,
    began: Option<i64>,
    measure: i64,
    pictures: i64,
}

/// The contact sheet on its way.
struct Sheet {
    canvas: frame::Video,
    columns: u32,
    tile: (u32, u32),
    step_us: i64,
    count: i64,
    times_us: Vec<i64>,
}

/// Everything that is seen.
pub(super) struct Seen {
    pub(super) findings: Vec<Finding>,
    pub(super) poster: Option<(Vec<u8>, i64)>,
    pub(super) sheet: Option<(Vec<u8>, SheetFacts)>,
}

/// The looking.
pub(super) struct Looking {
    stream: u32,
    rotation: u32,
    start_us: i64,
    small: Scaler,
    large: Scaler,
    black: Stretch,
    frozen: Stretch,
    /// Brightness of the picture that a frozen stretch is compared with.
    reference: Vec<u8>,
    findings: Vec<Finding>,
    sheet: Sheet,
    poster: Option<(frame::Video, i64)>,
    /// Whether the poster is the one that was hoped for: not black, a tenth into the recording.
    poster_settled: bool,
    poster_is_black: bool,
    poster_from_us: i64,
    last_us: i64,
    pace_us: i64,
}

impl Looking {
    pub(super) fn new(pictures: &Pictures, start_us: Option<i64>, length_us: i64) -> Self {
        let size = (pictures.decoder.width(), pictures.decoder.height());
        let small = fitted(size, SMALL);
        let large = fitted(size, POSTER);
        let rotation = pictures.rotation;
        let stretch =
            |class, least_us| Stretch { class, least_us, began: None, measure: 0, pictures: 0 };
        Self {
            stream: u32::try_from(pictures.index).unwrap_or(u32::MAX),
            rotation,
            start_us: start_us.unwrap_or(0),
            small: Scaler::new(Pixel::YUV420P, small.0, small.1),
            large: Scaler::new(Pixel::YUV420P, large.0, large.1),
            black: stretch(FindingClass::Black, BLACK_LEAST_US),
            frozen: stretch(FindingClass::Frozen, FROZEN_LEAST_US),
            reference: Vec::new(),
            findings: Vec::new(),
            sheet: Sheet::new(turned_size(small, rotation), length_us),
            poster: None,
            poster_settled: false,
            poster_is_black: true,
            poster_from_us: length_us / 10,
            last_us: i64::MIN,
            pace_us: 40_000,
        }
    }

    /// Looks at a picture.
    pub(super) fn picture(&mut self, picture: &frame::Video, at_us: i64) -> Result<(), Refusal> {
        let at_us = at_us - self.start_us;
        if self.last_us != i64::MIN && (1..1_000_000).contains(&(at_us - self.last_us)) {
            self.pace_us = at_us - self.last_us;
        }
        let luma = luma(self.small.scale(picture)?);
        let bright: u64 = luma.iter().map(|pixel| u64::from(*pixel)).sum();
        let dark = luma.iter().filter(|pixel| **pixel <= BLACK_PIXEL).count() as u64;
        let pixels = luma.len().max(1) as u64;
        let black = dark * 100 >= pixels * BLACK_SHARE;
        let mean = i64::try_from(bright / pixels).unwrap_or(0);
        let brightness = ((mean - 16) * 1_000 / 219).max(0);
        let ended = self.black.step(black, at_us, brightness);
        self.tell(ended);
        let difference = difference(&self.reference, &luma);
        let frozen = !black && difference.is_some_and(|difference| difference <= FROZEN_MOST);
        let since = if self.last_us == i64::MIN { at_us } else { self.last_us };
        let ended = self.frozen.step_from(frozen, since, at_us, difference.unwrap_or(0));
        self.tell(ended);
        if !frozen {
            self.reference = luma;
        }
        self.last_us = at_us;
        self.sheet.offer(&mut self.small, self.rotation, at_us);
        self.offer_poster(picture, at_us, black)
    }

    fn tell(&mut self, ended: Option<Finding>) {
        self.findings.extend(ended.map(|finding| Finding { stream: self.stream, ..finding }));
    }

    /// The first picture that is not black, a tenth into the recording; until then the best there
    /// was.
    fn offer_poster(
        &mut self,
        picture: &frame::Video,
        at_us: i64,
        black: bool,
    ) -> Result<(), Refusal> {
        let in_time = at_us >= self.poster_from_us;
        let better = self.poster.is_none() || (self.poster_is_black && !black);
        if self.poster_settled || !(better || (in_time && !black)) {
            return Ok(());
        }
        self.large.scale(picture)?;
        self.poster = Some((self.large.take(), at_us));
        self.poster_is_black = black;
        self.poster_settled = in_time && !black;
        Ok(())
    }

    /// The end of the pictures.
    pub(super) fn finish(mut self) -> Result<Seen, Refusal> {
        let end = self.last_us.saturating_add(self.pace_us);
        for ended in [self.black.end(end), self.frozen.end(end)] {
            self.tell(ended);
        }
        let poster = match self.poster {
            None => None,
            Some((picture, at_us)) => {
                Some((jpeg::encode(&turned(picture, self.rotation))?, at_us.max(0)))
            }
        };
        let sheet = self.sheet.finish()?;
        Ok(Seen { findings: self.findings, poster, sheet })
    }
}

/// The brightness of a picture, row by row.
fn luma(picture: &frame::Video) -> Vec<u8> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let stride = picture.stride(0);
    let rows = picture.data(0).chunks(stride).take(height);
    rows.flat_map(|row| row[..width.min(row.len())].iter().copied()).collect()
}

/// Mean difference in millionths of full scale; `None` where there is nothing to compare with.
fn difference(one: &[u8], other: &[u8]) -> Option<i64> {
    if one.len() != other.len() || one.is_empty() {
        return None;
    }
    let sum: u64 = one.iter().zip(other).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    i64::try_from(sum * 1_000_000 / (255 * one.len() as u64)).ok()
}

impl Stretch {
    fn step(&mut self, on: bool, at_us: i64, measure: i64) -> Option<Finding> {
        self.step_from(on, at_us, at_us, measure)
    }

    /// Goes on, begins at `since` or ends at `at_us`.
    fn step_from(&mut self, on: bool, since: i64, at_us: i64, measure: i64) -> Option<Finding> {
        if !on {
            return self.end(at_us);
        }
        self.began.get_or_insert(since);
        self.measure += measure;
        self.pictures += 1;
        None
    }

    fn end(&mut self, at_us: i64) -> Option<Finding> {
        let began = self.began.take();
        let (sum, count) = (std::mem::take(&mut self.measure), std::mem::take(&mut self.pictures));
        let from_us = began?;
        let measure = sum.checked_div(count).unwrap_or(0);
        let (class, stream, to_us) = (self.class, 0, at_us);
        (to_us - from_us >= self.least_us).then_some(Finding {
            class,
            stream,
            from_us,
            to_us,
            measure,
        })
    }
}

impl Sheet {
    fn new(tile: (u32, u32), length_us: i64) -> Self {
        let most = i64::try_from(SHEET_FRAMES_MAX).unwrap_or(64);
        let count = (length_us / SHEET_STEP_US).clamp(SHEET_LEAST, most);
        let columns = if count > 16 { 8 } else { 3 };
        let rows = u32::try_from(count).unwrap_or(1).div_ceil(columns);
        let mut canvas = frame::Video::new(Pixel::YUV420P, columns * tile.0, rows * tile.1);
        blacken(&mut canvas);
        let step_us = (length_us / count).max(1);
        Self { canvas, columns, tile, step_us, count, times_us: Vec::new() }
    }

    /// Takes the picture if one is due.
    fn offer(&mut self, small: &mut Scaler, rotation: u32, at_us: i64) {
        let number = i64::try_from(self.times_us.len()).unwrap_or(i64::MAX);
        // Each from the middle of its stretch.
        if number >= self.count || at_us < self.step_us * number + self.step_us / 2 {
            return;
        }
        let place = u32::try_from(number).unwrap_or(0);
        let corner = (place % self.columns * self.tile.0, place / self.columns * self.tile.1);
        paste(&mut self.canvas, &turned(small.take(), rotation), corner);
        let line = corner.1 + self.tile.1.saturating_sub(16);
        write_time(&mut self.canvas, at_us.max(0), (corner.0 + 2, line));
        self.times_us.push(at_us.max(0));
    }

    fn finish(self) -> Result<Option<(Vec<u8>, SheetFacts)>, Refusal> {
        if self.times_us.is_empty() {
            return Ok(None);
        }
        let (width, height) = self.tile;
        let (columns, times_us) = (self.columns, self.times_us);
        let facts = SheetFacts { columns, width, height, times_us };
        Ok(Some((jpeg::encode(&self.canvas)?, facts)))
    }
}
