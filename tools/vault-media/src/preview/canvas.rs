//! Small pictures as plain planes: scaling, turning, pasting, writing times on them.

use crate::input::Refusal;
use ffmpeg_next::format::Pixel;
use ffmpeg_next::frame;
use ffmpeg_next::software::scaling::{Context, Flags};

/// Scales pictures of one recording to one size and form, whatever they come in.
pub(super) struct Scaler {
    format: Pixel,
    width: u32,
    height: u32,
    inner: Option<Context>,
    out: frame::Video,
}

impl Scaler {
    pub(super) fn new(format: Pixel, width: u32, height: u32) -> Self {
        let out = frame::Video::new(format, width, height);
        Self { format, width, height, inner: None, out }
    }

    /// The picture, scaled; valid until the next.
    pub(super) fn scale(&mut self, picture: &frame::Video) -> Result<&frame::Video, Refusal> {
        let failed = |error| Refusal::of(error, "scaling");
        let fits = self.inner.as_ref().is_some_and(|inner| {
            let input = inner.input();
            (input.format, input.width, input.height)
                == (picture.format(), picture.width(), picture.height())
        });
        if !fits {
            let (width, height) = (picture.width(), picture.height());
            let inner = Context::get(
                picture.format(),
                width,
                height,
                self.format,
                self.width,
                self.height,
                Flags::BILINEAR,
            );
            self.inner = Some(inner.map_err(failed)?);
        }
        if let Some(inner) = &mut self.inner {
            inner.run(picture, &mut self.out).map_err(failed)?;
        }
        Ok(&self.out)
    }

    /// The last picture, to be worked on.
    pub(super) fn take(&mut self) -> frame::Video {
        let fresh = frame::Video::new(self.format, self.width, self.height);
        std::mem::replace(&mut self.out, fresh)
    }
}

/// A size that fits into a box, even in both directions, never larger than the original.
pub(super) fn fitted((width, height): (u32, u32), most: (u32, u32)) -> (u32, u32) {
    let (width, height) = (u64::from(width.max(1)), u64::from(height.max(1)));
    let (wide, high) = (u64::from(most.0), u64::from(most.1));
    let (mut to_width, mut to_height) = (width, height);
    if to_width > wide {
        (to_height, to_width) = (height * wide / width, wide);
    }
    if to_height > high {
        (to_width, to_height) = (width * high / height, high);
    }
    let even = |length: u64| u32::try_from(length & !1).unwrap_or(2).max(2);
    (even(to_width), even(to_height))
}

/// The size after turning.
pub(super) fn turned_size((width, height): (u32, u32), rotation: u32) -> (u32, u32) {
    if rotation.is_multiple_of(180) { (width, height) } else { (height, width) }
}

/// Turns a picture in planes of eight bits clockwise.
pub(super) fn turned(picture: frame::Video, rotation: u32) -> frame::Video {
    if rotation == 0 {
        return picture;
    }
    let (width, height) = turned_size((picture.width(), picture.height()), rotation);
    let mut out = frame::Video::new(picture.format(), width, height);
    for plane in 0..picture.planes() {
        let from = (picture.plane_width(plane) as usize, picture.plane_height(plane) as usize);
        let (stride, out_stride) = (picture.stride(plane), out.stride(plane));
        let source = picture.data(plane);
        let target = out.data_mut(plane);
        for y in 0..from.1 {
            for x in 0..from.0 {
                let (to_x, to_y) = match rotation {
                    90 => (from.1 - 1 - y, x),
                    180 => (from.0 - 1 - x, from.1 - 1 - y),
                    _ => (y, from.0 - 1 - x),
                };
                if let (Some(pixel), Some(place)) =
                    (source.get(y * stride + x), target.get_mut(to_y * out_stride + to_x))
                {
                    *place = *pixel;
                }
            }
        }
    }
    out
}

/// Pastes a picture onto another of the same form, at even coordinates.
pub(super) fn paste(onto: &mut frame::Video, picture: &frame::Video, (left, top): (u32, u32)) {
    for plane in 0..picture.planes() {
        let half = if plane == 0 { 1 } else { 2 };
        let (left, top) = ((left / half) as usize, (top / half) as usize);
        let (width, height) =
            (picture.plane_width(plane) as usize, picture.plane_height(plane) as usize);
        let (stride, onto_stride) = (picture.stride(plane), onto.stride(plane));
        let source = picture.data(plane);
        let target = onto.data_mut(plane);
        for y in 0..height {
            let row = source.get(y * stride..y * stride + width);
            let place = (top + y) * onto_stride + left;
            if let (Some(row), Some(place)) = (row, target.get_mut(place..place + width)) {
                place.copy_from_slice(row);
            }
        }
    }
}

/// The upper left part of a picture of eight bits in 4:2:0, at an even size.
pub(super) fn cropped(picture: &frame::Video, (width, height): (u32, u32)) -> frame::Video {
    let (width, height) = (width.min(picture.width()) & !1, height.min(picture.height()) & !1);
    let mut out = frame::Video::new(picture.format(), width, height);
    for plane in 0..out.planes() {
        let (wide, high) = (out.plane_width(plane) as usize, out.plane_height(plane) as usize);
        let (stride, out_stride) = (picture.stride(plane), out.stride(plane));
        let source = picture.data(plane);
        let target = out.data_mut(plane);
        for y in 0..high {
            let row = source.get(y * stride..y * stride + wide);
            let place = target.get_mut(y * out_stride..y * out_stride + wide);
            if let (Some(row), Some(place)) = (row, place) {
                place.copy_from_slice(row);
            }
        }
    }
    out
}

/// Fills a picture with black.
pub(super) fn blacken(picture: &mut frame::Video) {
    picture.data_mut(0).fill(16);
    picture.data_mut(1).fill(128);
    picture.data_mut(2).fill(128);
}

/// Digits and the colon, three dots wide and five high, a row in three bits.
const GLYPHS: [[u8; 5]; 11] = [
    [0b111, 0b101, 0b101, 0b101, 0b111],
    [0b010, 0b110, 0b010, 0b010, 0b111],
    [0b111, 0b001, 0b111, 0b100, 0b111],
    [0b111, 0b001, 0b111, 0b001, 0b111],
    [0b101, 0b101, 0b111, 0b001, 0b001],
    [0b111, 0b100, 0b111, 0b001, 0b111],
    [0b111, 0b100, 0b111, 0b101, 0b111],
    [0b111, 0b001, 0b010, 0b010, 0b010],
    [0b111, 0b101, 0b111, 0b101, 0b111],
    [0b111, 0b101, 0b111, 0b001, 0b111],
    [0b000, 0b010, 0b000, 0b010, 0b000],
];

/// Dots of a glyph are this many pixels wide and high.
const DOT: usize = 2;

/// Writes a time, white on black, with its upper left corner there.
pub(super) fn write_time(onto: &mut frame::Video, at_us: i64, (left, top): (u32, u32)) {
    let seconds = at_us / 1_000_000;
    let text = format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let stride = onto.stride(0);
    let luma = onto.data_mut(0);
    for (number, character) in text.chars().enumerate() {
        let glyph = character.to_digit(10).map_or(10, |digit| digit as usize);
        for y in 0..7 * DOT {
            for x in 0..4 * DOT {
                let dot = y.checked_sub(DOT).zip(x.checked_sub(DOT / 2));
                let lit = dot.is_some_and(|(y, x)| {
                    let row = GLYPHS[glyph].get(y / DOT).copied().unwrap_or(0);
                    x / DOT < 3 && row >> (2 - x / DOT) & 1 == 1
                });
                let place = (top as usize + y) * stride + left as usize + number * 4 * DOT + x;
                if let Some(pixel) = luma.get_mut(place) {
                    *pixel = if lit { 235 } else { 16 };
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_fit_keep_their_shape_and_are_even() {
        assert_eq!(fitted((1920, 1080), (640, 640)), (640, 360));
        assert_eq!(fitted((1080, 1920), (1280, 720)), (404, 720));
        assert_eq!(fitted((7, 5), (640, 640)), (6, 4));
        assert_eq!(fitted((0, 0), (640, 640)), (2, 2));
        assert_eq!(fitted((100_000, 2), (640, 640)), (640, 2));
    }

    #[test]
    fn a_picture_turned_four_times_is_itself() {
        let mut picture = frame::Video::new(Pixel::YUV420P, 6, 4);
        let stride = picture.stride(0);
        for y in 0..4 {
            for x in 0..6 {
                picture.data_mut(0)[y * stride + x] = u8::try_from(10 * y + x).unwrap();
            }
        }
        let once = turned(picture.clone(), 90);
        assert_eq!((once.width(), once.height()), (4, 6));
        assert_eq!(once.data(0)[3], 0, "the upper left corner is now the upper right");
        let again = turned(turned(turned(once, 90), 90), 90);
        for y in 0..4 {
            assert_eq!(again.data(0)[y * stride..][..6], picture.data(0)[y * stride..][..6]);
        }
    }
}
