//! The picture of a HEIC photo, which FFmpeg's demuxers of today do not put together.
//!
//! Promises: only H.265 is decoded, tile by tile, onto a canvas whose size was bounded first.
//! Never: follows a reference out of the file.

mod items;

use super::canvas::{Scaler, blacken, cropped, paste};
use crate::input::{PIXELS_MAX, Refusal};
use crate::link::{Link, Recording};
use ffmpeg_next::codec::{Context, Id, decoder};
use ffmpeg_next::format::Pixel;
use ffmpeg_next::{Packet, frame};
use items::{Layout, Place, Tile};
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;
use vault_media_protocol::Order;

/// The longest table of contents, in bytes: 1,000 tiles take 50,000.
const TABLE_BYTES_MAX: u64 = 4 << 20;

/// The longest coded picture or tile, in bytes.
const ITEM_BYTES_MAX: u64 = 64 << 20;

/// Boxes before the table of contents.
const BOXES_MAX: u32 = 64;

fn damaged(detail: &str) -> Refusal {
    Refusal::new("damaged", format!("HEIF: {detail}"))
}

/// The picture as it is stored, and how far it is to be turned clockwise.
pub(super) fn picture(link: &Arc<Link>, order: &Order) -> Result<(frame::Video, u32), Refusal> {
    let mut file = Recording::new(link, order.bytes);
    let meta = table(&mut file, order.bytes).ok_or_else(|| damaged("no table of contents"))?;
    let layout = items::layout(&meta);
    let layout = layout.ok_or_else(|| Refusal::new("codec-refused", "HEIF: not coded as H.265"))?;
    let Some(places) = &layout.grid else {
        let tile = layout.tiles.first().ok_or_else(|| damaged("no picture"))?;
        return Ok((decoded(&mut file, &layout, tile)?, layout.rotation));
    };
    let grid = bytes(&mut file, &layout, places)?;
    let grid = items::grid(&grid).ok_or_else(|| damaged("no grid"))?;
    Ok((put_together(&mut file, &layout, grid)?, layout.rotation))
}

/// The content of the `meta` box.
fn table(file: &mut Recording, length: u64) -> Option<Vec<u8>> {
    let mut place = 0_u64;
    for _ in 0..BOXES_MAX {
        let mut head = [0; 16];
        file.seek(SeekFrom::Start(place)).ok()?;
        file.read_exact(&mut head).ok()?;
        let [a, b, c, d, name @ .., _, _, _, _, _, _, _, _] = head;
        let size = match u32::from_be_bytes([a, b, c, d]) {
            0 => length.checked_sub(place)?,
            1 => u64::from_be_bytes(head[8..].try_into().ok()?),
            size => u64::from(size),
        };
        if name == *b"meta" {
            let size = size.checked_sub(8).filter(|size| *size <= TABLE_BYTES_MAX)?;
            let mut content = vec![0; usize::try_from(size).ok()?];
            file.seek(SeekFrom::Start(place + 8)).ok()?;
            file.read_exact(&mut content).ok()?;
            return Some(content);
        }
        place = place.checked_add(size.max(8)).filter(|place| *place < length)?;
    }
    None
}

fn bytes(file: &mut Recording, layout: &Layout, places: &[Place]) -> Result<Vec<u8>, Refusal> {
    let mut found = Vec::new();
    for place in places {
        let (Place::File(_, length) | Place::Table(_, length)) = place;
        if found.len() as u64 + length > ITEM_BYTES_MAX {
            return Err(Refusal::new("too-large", "HEIF: a coded picture"));
        }
        let read = match place {
            Place::File(offset, length) => {
                let sought = file.seek(SeekFrom::Start(*offset));
                sought.and_then(|_| file.by_ref().take(*length).read_to_end(&mut found)).is_ok()
            }
            Place::Table(offset, length) => {
                let range = usize::try_from(*offset).ok().zip(usize::try_from(*length).ok());
                let part = range.and_then(|(offset, length)| {
                    layout.table.get(offset..offset.checked_add(length)?)
                });
                found.extend(part.unwrap_or_default());
                part.is_some()
            }
        };
        if !read {
            return Err(damaged("a part lies outside"));
        }
    }
    Ok(found)
}

fn decoded(file: &mut Recording, layout: &Layout, tile: &Tile) -> Result<frame::Video, Refusal> {
    let item = bytes(file, layout, &tile.places)?;
    let sets = items::parameter_sets(&tile.configuration);
    let (mut stream, length_size) = sets.ok_or_else(|| damaged("no parameter sets"))?;
    let coded = items::marked(&item, length_size);
    stream.extend(coded.ok_or_else(|| damaged("lengths that do not fit"))?);
    let failed = |error| Refusal::of(error, "HEIF");
    let hevc = decoder::find(Id::HEVC).ok_or_else(|| Refusal::new("codec-refused", "no H.265"))?;
    let context = Context::new_with_codec(hevc);
    let mut decoder = context.decoder().video().map_err(failed)?;
    decoder.send_packet(&Packet::copy(&stream)).map_err(failed)?;
    decoder.send_eof().map_err(failed)?;
    let mut picture = frame::Video::empty();
    decoder.receive_frame(&mut picture).map_err(failed)?;
    let pixels = u64::from(picture.width()) * u64::from(picture.height());
    if pixels == 0 || pixels > PIXELS_MAX {
        return Err(Refusal::new("too-large", "HEIF: pixels"));
    }
    Ok(picture)
}

fn put_together(
    file: &mut Recording,
    layout: &Layout,
    (columns, rows, width, height): (u32, u32, u32, u32),
) -> Result<frame::Video, Refusal> {
    let count = u64::from(columns) * u64::from(rows);
    if count != layout.tiles.len() as u64 {
        return Err(damaged("tiles are missing"));
    }
    let mut whole: Option<(frame::Video, Scaler, (u32, u32))> = None;
    for (number, tile) in (0..).zip(&layout.tiles) {
        let picture = decoded(file, layout, tile)?;
        let (canvas, scaler, (across, down)) = match &mut whole {
            Some(whole) => whole,
            none => {
                let tile = (picture.width() & !1, picture.height() & !1);
                let size =
                    (u64::from(tile.0) * u64::from(columns), u64::from(tile.1) * u64::from(rows));
                // Tiles may stand over at the right and below, by less than one of them.
                let fits = size.0 >= u64::from(width)
                    && size.1 >= u64::from(height)
                    && size.0.checked_mul(size.1).is_some_and(|pixels| pixels <= PIXELS_MAX);
                if !fits || width < 2 || height < 2 || tile.0 == 0 || tile.1 == 0 {
                    return Err(Refusal::new("too-large", "HEIF: the grid"));
                }
                let mut canvas = frame::Video::new(Pixel::YUV420P, tile.0 * columns, tile.1 * rows);
                blacken(&mut canvas);
                none.insert((canvas, Scaler::new(Pixel::YUV420P, tile.0, tile.1), tile))
            }
        };
        let place = (number % columns * *across, number / columns * *down);
        paste(canvas, scaler.scale(&picture)?, place);
    }
    let (canvas, ..) = whole.ok_or_else(|| damaged("no tiles"))?;
    Ok(cropped(&canvas, (width, height)))
}
