//! Photos: a poster turned upright, and a JPEG of what a browser does not show.

use super::canvas::{Scaler, fitted, turned};
use super::mark::Burning;
use super::{hand_over, heif, jpeg, note};
use crate::decode;
use crate::input::{self, Refusal};
use crate::link::Link;
use crate::probe::Photo;
use ffmpeg_next::format::Pixel;
use ffmpeg_next::format::context::Input;
use ffmpeg_next::{Packet, frame};
use std::sync::Arc;
use vault_media_protocol::{Order, Product, Report};

/// The box a poster fits into.
const POSTER: (u32, u32) = (640, 640);

/// The box a proxy of a photo fits into.
const PROXY: (u32, u32) = (4_096, 4_096);

/// Makes the previews of a photo.
pub(super) fn preview(link: &Arc<Link>, order: &Order, photo: &Photo) -> Result<Report, Refusal> {
    let plays = photo.plays_in_browser;
    let (picture, rotation) = if photo.is_heif {
        // Its own box says how to turn it; EXIF says it once more.
        heif::picture(link, order)?
    } else {
        (first_picture(&mut input::open(link, order)?)?, photo.rotation)
    };
    let mut report = Report { plays_in_browser: plays, ..Report::default() };
    let mut make = |product, most: (u32, u32)| -> Result<(), Refusal> {
        let (width, height) = fitted((picture.width(), picture.height()), most);
        let mut scaler = Scaler::new(Pixel::YUV420P, width, height);
        scaler.scale(&picture)?;
        let mut upright = turned(scaler.take(), rotation);
        if let Some(mark) = order.mark.as_ref().filter(|_| product == Product::Proxy) {
            Burning::new(mark, (upright.width(), upright.height()))?.burn(&mut upright);
        }
        let bytes = jpeg::encode(&upright)?;
        hand_over(link, order, product, &bytes)?;
        note(&mut report, product, jpeg::RECIPE);
        Ok(())
    };
    if order.products.contains(&Product::Poster) {
        make(Product::Poster, POSTER)?;
    }
    if order.products.contains(&Product::Proxy) && (!plays || order.mark.is_some()) {
        make(Product::Proxy, PROXY)?;
    }
    Ok(report)
}

fn first_picture(input: &mut Input) -> Result<frame::Video, Refusal> {
    let pictures = decode::pictures(input)?;
    let mut pictures = pictures.ok_or_else(|| Refusal::new("no-picture", ""))?;
    let mut first = None;
    let mut packet = Packet::empty();
    let mut keep = |picture: &frame::Video, _: i64| {
        if first.is_none() {
            first = Some(picture.clone());
        }
        Ok(())
    };
    if packet.read(input).is_ok() {
        pictures.decode(Some(&packet), &mut keep)?;
    }
    pictures.decode(None, &mut keep)?;
    first.ok_or_else(|| Refusal::new("damaged", "no picture could be decoded"))
}
