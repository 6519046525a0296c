//! The mark of a copy, burnt into pictures (R22): drawn by the vault, laid over each picture here.
//!
//! Promises: the mark is seen on light and dark pictures alike, in three places, so that no crop of
//! use is without it; it is made smaller where the picture is, never larger.

use crate::input::Refusal;
use ffmpeg_next::frame;
use vault_media_protocol::Mark;

/// How much of a picture's width the mark takes at most, in hundredths.
const WIDTH_HUNDREDTHS: u32 = 92;

/// How much of the picture the mark covers where it is densest, of 255; its shadow a little less.
const STRENGTH: u32 = 190;
const SHADOW: u32 = 140;

/// The mark is laid in dark to all sides first, then in light between, so that it has an edge on
/// every colour.
const LAYERS: [((usize, usize), u32, u32); 5] = [
    ((0, 0), DARK, SHADOW),
    ((2, 0), DARK, SHADOW),
    ((0, 2), DARK, SHADOW),
    ((2, 2), DARK, SHADOW),
    ((1, 1), LIGHT, STRENGTH),
];

/// White and black of a picture.
const LIGHT: u32 = 235;
const DARK: u32 = 16;

/// A mark at the size of its pictures.
pub(super) struct Burning {
    width: usize,
    height: usize,
    points: Vec<u8>,
}

impl Burning {
    /// The mark of an order for pictures of that size.
    pub(super) fn new(mark: &Mark, picture: (u32, u32)) -> Result<Self, Refusal> {
        let points = mark.bytes().ok_or_else(|| Refusal::new("internal", "mark"))?;
        let (width, height) = (mark.width as usize, mark.height as usize);
        let most = (picture.0 * WIDTH_HUNDREDTHS / 100).max(1) as usize;
        if width <= most {
            return Ok(Self { width, height, points });
        }
        let (to_width, to_height) = (most, (height * most / width).max(1));
        let mut small = Vec::with_capacity(to_width * to_height);
        for y in 0..to_height {
            for x in 0..to_width {
                let columns = x * width / to_width..((x + 1) * width).div_ceil(to_width);
                let rows = y * height / to_height..((y + 1) * height).div_ceil(to_height);
                let count = columns.len() * rows.len();
                let row = |row: usize| {
                    let part = points.get(row * width + columns.start..row * width + columns.end);
                    part.unwrap_or_default().iter().map(|point| usize::from(*point)).sum::<usize>()
                };
                let mean = rows.map(row).sum::<usize>() / count.max(1);
                small.push(u8::try_from(mean).unwrap_or(u8::MAX));
            }
        }
        Ok(Self { width: to_width, height: to_height, points: small })
    }

    /// Lays the mark over a picture of eight bits in 4:2:0.
    pub(super) fn burn(&self, picture: &mut frame::Video) {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let right = width.saturating_sub(self.width + 8);
        let bottom = height.saturating_sub(self.height + 8);
        let middle = (width.saturating_sub(self.width) / 2, height.saturating_sub(self.height) / 2);
        let stride = picture.stride(0);
        let luma = picture.data_mut(0);
        for (left, top) in [(8, 8), middle, (right, bottom)] {
            for ((right_by, down_by), tone, strength) in LAYERS {
                for (y, row) in self.points.chunks(self.width).enumerate() {
                    let down = top + y + down_by;
                    if down >= height {
                        break;
                    }
                    for (x, point) in row.iter().enumerate() {
                        let across = left + x + right_by;
                        let place = luma.get_mut(down * stride + across).filter(|_| across < width);
                        let Some(place) = place else { break };
                        let covers = u32::from(*point) * strength / 255;
                        let mixed = (u32::from(*place) * (255 - covers) + tone * covers) / 255;
                        *place = u8::try_from(mixed).unwrap_or(u8::MAX);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ffmpeg_next::format::Pixel;

    fn luma(picture: &frame::Video) -> Vec<u8> {
        let (width, stride) = (picture.width() as usize, picture.stride(0));
        let rows = picture.data(0).chunks(stride).take(picture.height() as usize);
        rows.flat_map(|row| row[..width].to_vec()).collect()
    }

    #[test]
    fn a_mark_is_seen_on_black_and_on_white_and_fits_pictures_smaller_than_itself() {
        let points = "ff".repeat(40 * 4);
        let mark = Mark { width: 40, height: 4, points, words: String::new() };
        for tone in [16, 128, 235] {
            for size in [(64, 48), (20, 10), (2, 2)] {
                let mut picture = frame::Video::new(Pixel::YUV420P, size.0, size.1);
                picture.data_mut(0).fill(tone);
                let before = luma(&picture);
                Burning::new(&mark, size).ok().unwrap().burn(&mut picture);
                let after = luma(&picture);
                let changed = |(one, other): (&u8, &u8)| one.abs_diff(*other) > 40;
                let seen = before.iter().zip(&after).filter(|pair| changed(*pair)).count();
                assert!(seen > 0, "{tone} {size:?}");
            }
        }
        assert!(Burning::new(&Mark { width: 41, ..mark }, (64, 48)).is_err());
    }
}
