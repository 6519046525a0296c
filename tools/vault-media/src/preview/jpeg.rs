//! One picture as JPEG.

use super::canvas::Scaler;
use crate::input::Refusal;
use ffmpeg_next::codec::{Context, Id, encoder};
use ffmpeg_next::format::Pixel;
use ffmpeg_next::{Dictionary, Packet, Rational, frame};

/// How pictures are made, for the record.
pub(super) const RECIPE: &str = "mjpeg qscale 4, yuvj420p";

/// Encodes a picture of any form at its own size.
pub(super) fn encode(picture: &frame::Video) -> Result<Vec<u8>, Refusal> {
    let failed = |error| Refusal::of(error, "jpeg");
    let mut scaler = Scaler::new(Pixel::YUVJ420P, picture.width(), picture.height());
    scaler.scale(picture)?;
    let mut full = scaler.take();
    full.set_pts(Some(0));
    let codec =
        encoder::find(Id::MJPEG).ok_or_else(|| Refusal::new("internal", "no JPEG encoder"))?;
    let mut encoder = Context::new_with_codec(codec).encoder().video().map_err(failed)?;
    encoder.set_width(full.width());
    encoder.set_height(full.height());
    encoder.set_format(Pixel::YUVJ420P);
    encoder.set_time_base(Rational(1, 25));
    encoder.set_qmin(4);
    encoder.set_qmax(4);
    let mut encoder = encoder.open_with(Dictionary::new()).map_err(failed)?;
    encoder.send_frame(&full).map_err(failed)?;
    encoder.send_eof().map_err(failed)?;
    let mut packet = Packet::empty();
    encoder.receive_packet(&mut packet).map_err(failed)?;
    Ok(packet.data().unwrap_or_default().to_vec())
}
