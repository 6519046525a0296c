//! The mark of a copy (副本标识) as points: words drawn with the fonts of the forms, to be burnt into
//! what is rendered for that copy (R22).
//!
//! Promises: the same words with the same fonts give the same points; a character without a glyph
//! is a fault that names it, as in a form.

use crate::fonts::Fonts;
use tiny_skia::{FillRule, Mask, Path, PathBuilder, Transform};
use ttf_parser::{Face, GlyphId, OutlineBuilder};
use typst::text::Font;
use vault_core::access::Points;
use vault_core::fault::{Code, Fault, Outcome};

/// Pixels of an em, and of a line.
const EM_PIXELS: f32 = 30.0;
const LINE_PIXELS: f32 = 40.0;

/// Pixels of the widest line, that of the widest rendition with its margins.
const WIDTH_PIXELS: f32 = 1_170.0;

/// Lines of a mark: more would hide what is to be seen.
const LINES_MAX: usize = 2;

/// Draws the words, in as many lines as they need; what goes beyond the last line is cut.
pub fn mark(words: &str, fonts: &Fonts) -> Outcome<Points> {
    let mut pen = Pen { path: PathBuilder::new(), at: (0.0, 0.0), scale: 1.0 };
    let (mut across, mut line, mut widest) = (0.0f32, 0usize, 0.0f32);
    let faces = faces(fonts);
    for character in words.chars() {
        let (face, glyph) = glyph_of(character, &faces).ok_or_else(|| {
            let value = format!("{character} U+{:04X}", u32::from(character));
            Fault::new(Code::FormGlyphMissing).with("value", value).with("key", "mark")
        })?;
        pen.scale = EM_PIXELS / f32::from(face.units_per_em());
        let advance = f32::from(face.glyph_hor_advance(glyph).unwrap_or(0)) * pen.scale;
        if across + advance > WIDTH_PIXELS {
            if line + 1 == LINES_MAX {
                break;
            }
            (across, line) = (0.0, line + 1);
        }
        let lines_before = f32::from(u8::try_from(line).unwrap_or(0));
        pen.at = (across, EM_PIXELS + lines_before * LINE_PIXELS);
        face.outline_glyph(glyph, &mut pen);
        across += advance;
        widest = widest.max(across);
    }
    let lines = f32::from(u8::try_from(line + 1).unwrap_or(1));
    points(pen.path.finish(), (widest.ceil().max(1.0), lines * LINE_PIXELS))
}

/// The fonts as their outlines are read, those of the preferred families first, as in a form.
fn faces(fonts: &Fonts) -> Vec<Face<'_>> {
    let preferred = |font: &&Font| fonts.text.contains(&font.info().family);
    let others = |font: &&Font| !preferred(font);
    let all = fonts.faces.iter().filter(preferred).chain(fonts.faces.iter().filter(others));
    all.filter_map(|font| Face::parse(font.data(), font.index()).ok()).collect()
}

fn glyph_of<'a, 'b>(character: char, faces: &'a [Face<'b>]) -> Option<(&'a Face<'b>, GlyphId)> {
    faces.iter().find_map(|face| Some((face, face.glyph_index(character)?)))
}

fn points(path: Option<Path>, (width, height): (f32, f32)) -> Outcome<Points> {
    let internal = || Fault::new(Code::Internal).with("what", "mark");
    // Both are small whole numbers by the limits above.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1,170")]
    let (width, height) = (width as u32, height as u32);
    let mut mask = Mask::new(width, height).ok_or_else(internal)?;
    if let Some(path) = path {
        mask.fill_path(&path, FillRule::Winding, true, Transform::identity());
    }
    Ok(Points { width, height, points: mask.take() })
}

/// Puts outlines of glyphs, which grow upwards, onto a picture, which grows downwards.
struct Pen {
    path: PathBuilder,
    at: (f32, f32),
    scale: f32,
}

impl Pen {
    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        (self.at.0 + x * self.scale, self.at.1 - y * self.scale)
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.place(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.place(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.place(x1, y1), self.place(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) =
            (self.place(x1, y1), self.place(x2, y2), self.place(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(words: &str) -> Outcome<Points> {
        mark(words, &Fonts::find(None)?)
    }

    #[test]
    fn words_leave_ink_the_same_each_time_and_long_ones_take_a_second_line() {
        let one = drawn("副本 2026-1-1-57").unwrap();
        let ink = |points: &Points| points.points.iter().filter(|point| **point > 128).count();
        assert!(ink(&one) > 500, "{}", ink(&one));
        assert_eq!(one, drawn("副本 2026-1-1-57").unwrap());
        assert_ne!(one, drawn("副本 2026-1-1-58").unwrap());
        let long = drawn(&"副本提供给某某人民法院".repeat(20)).unwrap();
        assert_eq!(long.height, 2 * one.height);
        assert!(long.width <= 1_170 && long.points.len() <= 1_280 * 96);
        assert_eq!(drawn("a\u{e000}").unwrap_err().code(), Code::FormGlyphMissing);
    }
}
