//! What a photo says of itself: size, camera, time, place. Nothing is decoded.
//!
//! Promises: the size of a picture is known before anything is allocated for it; a JPEG or PNG that
//! stops before its end is told. Never: trusts the EXIF block, panics on a damaged one.

use crate::input::{PIXELS_MAX, Refusal, cut};
use crate::link::{Link, Recording};
use exif::{Exif, In, Reader, Tag, Value};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;
use vault_media_protocol::{
    ExifFacts, Finding, FindingClass, Medium, Order, Report, StreamFacts, TAG_BYTES_MAX,
};

/// A TIFF is held in memory to find its EXIF block: larger ones go without, in bytes.
const TIFF_BYTES_MAX: u64 = 64 << 20;

/// Where a HEIF file tells the sizes of its pictures, in bytes from its begin.
const HEIF_HEAD_BYTES: u64 = 1 << 20;

/// Brands of the box format whose content is a picture.
const HEIF_BRANDS: &[&[u8]] = &[b"heic", b"heix", b"heim", b"heis", b"mif1", b"avif"];

/// The container of HEIC, HEIF and AVIF photos; FFmpeg has no name for it.
pub(super) const HEIF: &str = "heif";

/// What kind of photo it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Jpeg,
    Png,
    Gif,
    Webp,
    Bmp,
    Tiff,
    Heif,
}

/// The kind by its first bytes; `None` for what is no photo.
fn kind(head: &[u8]) -> Option<Kind> {
    Some(match head {
        [0xFF, 0xD8, 0xFF, ..] => Kind::Jpeg,
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Kind::Png,
        [b'G', b'I', b'F', b'8', ..] => Kind::Gif,
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Kind::Tiff,
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Kind::Bmp,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Kind::Webp,
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..]
            if HEIF_BRANDS.iter().any(|known| brand.starts_with(known)) =>
        {
            Kind::Heif
        }
        _ => return None,
    })
}

/// FFmpeg's name of the container and of the codec.
fn names(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Jpeg => ("jpeg_pipe", "mjpeg"),
        Kind::Png => ("png_pipe", "png"),
        Kind::Gif => ("gif", "gif"),
        Kind::Webp => ("webp_pipe", "webp"),
        Kind::Bmp => ("bmp_pipe", "bmp"),
        Kind::Tiff => ("tiff_pipe", "tiff"),
        Kind::Heif => (HEIF, "hevc"),
    }
}

/// Examines a photo; `None` for what is none.
pub(super) fn examine(link: &Arc<Link>, order: &Order) -> Result<Option<Report>, Refusal> {
    let Some((kind, photo)) = read_within_limits(link, order)? else { return Ok(None) };
    let (container, codec) = names(kind);
    let picture = StreamFacts {
        medium: Medium::Picture,
        codec: codec.into(),
        width: photo.width,
        height: photo.height,
        rotation: photo.exif.as_ref().map_or(0, |exif| exif.rotation),
        packets: 1,
        bytes: order.bytes,
        ..StreamFacts::default()
    };
    let early =
        Finding { class: FindingClass::Truncated, stream: 0, from_us: 0, to_us: 0, measure: 0 };
    Ok(Some(Report {
        container: container.into(),
        streams: vec![picture],
        streams_total: 1,
        findings_total: u64::from(photo.cut),
        findings: photo.cut.then_some(early).into_iter().collect(),
        exif: photo.exif,
        plays_in_browser: matches!(kind, Kind::Jpeg | Kind::Png | Kind::Gif | Kind::Webp),
        ..Report::default()
    }))
}

/// Refuses a photo that is too large to be decoded.
pub(super) fn refuse_huge(link: &Arc<Link>, order: &Order) -> Result<(), Refusal> {
    read_within_limits(link, order).map(|_| ())
}

fn read_within_limits(link: &Arc<Link>, order: &Order) -> Result<Option<(Kind, Photo)>, Refusal> {
    let mut recording = Recording::new(link, order.bytes);
    let mut head = Vec::new();
    let read = recording.by_ref().take(64).read_to_end(&mut head);
    read.map_err(|error| Refusal::new("read-failed", error.to_string()))?;
    let Some(kind) = kind(&head) else { return Ok(None) };
    let photo = read_photo(recording, kind, order.bytes);
    let pixels = u64::from(photo.width) * u64::from(photo.height);
    if pixels > PIXELS_MAX {
        let size = format!("{} x {} pixels", photo.width, photo.height);
        return Err(Refusal::new("too-large", size));
    }
    Ok((!photo.series).then_some((kind, photo)))
}

fn bounded(text: &str) -> String {
    cut(text, TAG_BYTES_MAX)
}

/// What was found in a photo.
#[derive(Debug, Default)]
struct Photo {
    /// Pixels across, as stored; 0 where unknown.
    width: u32,
    /// Pixels down, as stored.
    height: u32,
    /// Whether the file stops before the picture's end.
    cut: bool,
    /// Whether pictures of one size follow each other without a gap: a film without a container.
    series: bool,
    /// What the camera wrote.
    exif: Option<ExifFacts>,
}

/// Reads what a photo says. Damage leaves facts out; it is no error here.
fn read_photo(source: Recording, kind: Kind, bytes: u64) -> Photo {
    let mut reader = BufReader::with_capacity(64 << 10, source);
    let exif =
        (kind != Kind::Tiff || bytes <= TIFF_BYTES_MAX).then(|| exif_of(&mut reader)).flatten();
    let measured = reader.rewind().and_then(|()| match kind {
        Kind::Jpeg => reader.seek_relative(2).and_then(|()| jpeg(&mut reader)),
        Kind::Png => png(&mut reader, bytes),
        Kind::Heif => heif(&mut reader),
        _ => fixed(&mut reader, kind),
    });
    // A file that ends within its own structure ends too early.
    let cut = matches!(&measured, Err(error) if error.kind() == io::ErrorKind::UnexpectedEof);
    let mut photo = measured.unwrap_or(Photo { cut, ..Photo::default() });
    if let (Kind::Tiff, Some(exif)) = (kind, &exif) {
        let side = |tag| exif.get_field(tag, In::PRIMARY).and_then(|field| field.value.get_uint(0));
        photo.width = side(Tag::ImageWidth).unwrap_or(0);
        photo.height = side(Tag::ImageLength).unwrap_or(0);
    }
    photo.exif = exif.map(|exif| facts(&exif));
    photo
}

fn exif_of(reader: &mut BufReader<Recording>) -> Option<Exif> {
    reader.rewind().ok()?;
    let read = Reader::new().continue_on_error(true).read_from_container(reader);
    read.or_else(|error| error.distill_partial_result(|_| {})).ok()
}

fn words(exif: &Exif, tag: Tag) -> String {
    let Some(field) = exif.get_field(tag, In::PRIMARY) else { return String::new() };
    let Value::Ascii(lines) = &field.value else { return String::new() };
    let bytes = lines.first().map_or(&[][..], Vec::as_slice);
    bounded(String::from_utf8_lossy(bytes).trim())
}

fn fractions(exif: &Exif, tag: Tag) -> Option<[(i128, i128); 3]> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let part = |place: usize| {
        let each = parts.get(place)?;
        (each.denom != 0).then(|| (i128::from(each.num), i128::from(each.denom)))
    };
    Some([part(0)?, part(1)?, part(2)?])
}

fn coordinate(exif: &Exif, tag: Tag, reference: Tag, negative: &str, most: i64) -> Option<i64> {
    let parts = fractions(exif, tag)?;
    let divided = parts.iter().zip([1_i128, 60, 3_600]);
    let degrees: i128 = divided.map(|((n, d), by)| n * 1_000_000_000 / (d * by)).sum();
    // Thousandths of the unit were kept so that three truncations do not add up.
    let degrees = i64::try_from((degrees + 500) / 1_000).ok()?;
    let signed = if words(exif, reference).starts_with(negative) { -degrees } else { degrees };
    (degrees <= most * 1_000_000).then_some(signed)
}

fn gps_time(exif: &Exif) -> String {
    let date = words(exif, Tag::GPSDateStamp);
    let Some(parts) = fractions(exif, Tag::GPSTimeStamp) else { return String::new() };
    let [hours, minutes, seconds] = parts.map(|(numerator, denominator)| numerator / denominator);
    if date.is_empty() || hours > 23 || minutes > 59 || seconds > 60 {
        return String::new();
    }
    bounded(&format!("{date} {hours:02}:{minutes:02}:{seconds:02}"))
}

fn facts(exif: &Exif) -> ExifFacts {
    let (make, model) = (words(exif, Tag::Make), words(exif, Tag::Model));
    let device = if model.starts_with(&make) { model } else { format!("{make} {model}") };
    let orientation = exif.get_field(Tag::Orientation, In::PRIMARY);
    let original = words(exif, Tag::DateTimeOriginal);
    let taken = if original.is_empty() { words(exif, Tag::DateTime) } else { original };
    ExifFacts {
        device: bounded(device.trim()),
        serial: words(exif, Tag::BodySerialNumber),
        taken,
        offset: words(exif, Tag::OffsetTimeOriginal),
        gps_time: gps_time(exif),
        latitude_e6: coordinate(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, "S", 90),
        longitude_e6: coordinate(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, "W", 180),
        rotation: match orientation.and_then(|field| field.value.get_uint(0)) {
            Some(3 | 4) => 180,
            Some(6 | 7) => 90,
            Some(5 | 8) => 270,
            _ => 0,
        },
    }
}

fn array<const N: usize>(reader: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn damaged() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

/// Pictures that make a film: a photo may have a few more behind it, for its preview or its depth.
const SERIES: u32 = 5;

/// Measures a JPEG, and tells it from a film of JPEG pictures.
fn jpeg(reader: &mut (impl BufRead + Seek)) -> io::Result<Photo> {
    let first = jpeg_picture(reader)?;
    let mut follow = 1;
    let mut begin = [0; 3];
    while follow < SERIES && !first.cut {
        if reader.read_exact(&mut begin).is_err() || begin != [0xFF, 0xD8, 0xFF] {
            return Ok(first);
        }
        reader.seek_relative(-1)?;
        let next = jpeg_picture(reader)?;
        if (next.width, next.height, next.cut) != (first.width, first.height, false) {
            return Ok(first);
        }
        follow += 1;
    }
    Ok(Photo { series: follow == SERIES, ..first })
}

/// Walks over the markers of one picture, behind its first, to its end marker.
fn jpeg_picture(reader: &mut (impl BufRead + Seek)) -> io::Result<Photo> {
    let mut photo = Photo { cut: true, ..Photo::default() };
    let mut marker = jpeg_marker(reader)?;
    while let Some(found) = marker {
        match found {
            0xD9 => return Ok(Photo { cut: false, ..photo }),
            0x01 | 0xD0..=0xD8 => {}
            _ => {
                let Ok(length) = array(reader).map(u16::from_be_bytes) else { return Ok(photo) };
                let mut rest = i64::from(length) - 2;
                let is_frame = matches!(found, 0xC0..=0xCF) && !matches!(found, 0xC4 | 0xC8 | 0xCC);
                if is_frame && rest >= 5 {
                    let Ok([_, a, b, c, d]) = array(reader) else { return Ok(photo) };
                    photo.height = u32::from(u16::from_be_bytes([a, b]));
                    photo.width = u32::from(u16::from_be_bytes([c, d]));
                    rest -= 5;
                }
                reader.seek_relative(rest.max(0))?;
            }
        }
        marker = jpeg_marker(reader)?;
    }
    Ok(photo)
}

/// The next marker, picture data passed over; `None` at the file's end.
fn jpeg_marker(reader: &mut impl BufRead) -> io::Result<Option<u8>> {
    loop {
        if reader.skip_until(0xFF)? == 0 {
            return Ok(None);
        }
        loop {
            let Some(&next) = reader.fill_buf()?.first() else { return Ok(None) };
            reader.consume(1);
            match next {
                0xFF => {}
                // A byte of picture data that looks like a marker, or a restart within it.
                0x00 | 0xD0..=0xD7 => break,
                marker => return Ok(Some(marker)),
            }
        }
    }
}

/// Walks over the chunks of a PNG to its last.
fn png(reader: &mut (impl BufRead + Seek), bytes: u64) -> io::Result<Photo> {
    reader.seek(SeekFrom::Start(16))?;
    let [width, height] = [array(reader)?, array(reader)?].map(u32::from_be_bytes);
    let mut place = 8_u64;
    let mut cut = true;
    while place + 12 <= bytes {
        reader.seek(SeekFrom::Start(place))?;
        let length = u32::from_be_bytes(array(reader)?);
        cut = array(reader)? != *b"IEND";
        if !cut {
            break;
        }
        place += 12 + u64::from(length);
    }
    Ok(Photo { width, height, cut, ..Photo::default() })
}

/// The largest size among the pictures a HEIF file describes: tiles and thumbnails are smaller.
fn heif(reader: &mut impl Read) -> io::Result<Photo> {
    let mut head = Vec::new();
    reader.take(HEIF_HEAD_BYTES).read_to_end(&mut head)?;
    let sizes = head.windows(16).filter(|part| part.starts_with(b"ispe")).filter_map(|part| {
        let side =
            |place: usize| Some(u32::from_be_bytes(part.get(place..place + 4)?.try_into().ok()?));
        Some((side(8)?, side(12)?))
    });
    let largest = sizes.max_by_key(|(width, height)| u64::from(*width) * u64::from(*height));
    let (width, height) = largest.ok_or_else(damaged)?;
    Ok(Photo { width, height, ..Photo::default() })
}

/// Formats that tell their size at a fixed place.
fn fixed(reader: &mut impl Read, kind: Kind) -> io::Result<Photo> {
    let head: [u8; 30] = array(reader)?;
    let short = |place: usize| u32::from(u16::from_le_bytes([head[place], head[place + 1]]));
    let three = |place: usize| short(place) | u32::from(head[place + 2]) << 16;
    let long = |place: usize| short(place) | short(place + 2) << 16;
    let (width, height) = match kind {
        Kind::Gif => (short(6), short(8)),
        // Rows may be told as a negative number: from top to bottom.
        Kind::Bmp => (long(18), long(22).cast_signed().unsigned_abs()),
        Kind::Webp => match &head[12..16] {
            b"VP8X" => (three(24) + 1, three(27) + 1),
            b"VP8L" => {
                let bits = long(21);
                ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
            }
            _ => (short(26) & 0x3FFF, short(28) & 0x3FFF),
        },
        _ => (0, 0),
    };
    Ok(Photo { width, height, ..Photo::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn picture(end: &[u8]) -> Vec<u8> {
        let frame = [0xFF, 0xC0, 0, 11, 8, 0, 30, 0, 40, 1, 1, 0x11, 0];
        let scan = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 7, 0xFF, 0, 9, 0xFF, 0xD1, 3];
        [&[0xFF, 0xD8][..], &frame, &scan, end].concat()
    }

    #[test]
    fn a_jpeg_is_measured_and_its_end_is_looked_for() {
        let jpeg = |bytes: Vec<u8>| jpeg(&mut Cursor::new(bytes[2..].to_vec()));
        let whole = jpeg(picture(&[0xFF, 0xD9])).unwrap();
        assert_eq!((whole.width, whole.height, whole.cut), (40, 30, false));
        let cut = jpeg(picture(&[])).unwrap();
        assert_eq!((cut.width, cut.height, cut.cut), (40, 30, true));
        assert!(jpeg(vec![0xFF, 0xD8, 0xFF, 0xE1, 9]).unwrap().cut);
    }

    #[test]
    fn a_photo_is_known_by_its_first_bytes() {
        assert_eq!(kind(&[0xFF, 0xD8, 0xFF, 0xE1]), Some(Kind::Jpeg));
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n"), Some(Kind::Png));
        assert_eq!(kind(b"RIFF\0\0\0\0WEBPVP8 "), Some(Kind::Webp));
        assert_eq!(kind(b"\0\0\0\x20ftypheic"), Some(Kind::Heif));
        assert_eq!(kind(b"\0\0\0\x20ftypisom"), None);
        assert_eq!(kind(b"RIFF\0\0\0\0WAVE"), None);
        assert_eq!(kind(b""), None);
    }

    #[test]
    fn many_pictures_in_a_row_are_a_film_and_a_few_are_a_photo() {
        let one = picture(&[0xFF, 0xD9]);
        let row = |count: usize| jpeg(&mut Cursor::new(one.repeat(count)[2..].to_vec())).unwrap();
        assert!(!row(1).series && !row(3).series && row(8).series);
    }

    #[test]
    fn sizes_at_fixed_places_are_read() {
        let mut gif = b"GIF89a".to_vec();
        gif.extend([0x40, 1, 0xF0, 0]);
        gif.resize(40, 0);
        let photo = fixed(&mut Cursor::new(gif), Kind::Gif).unwrap();
        assert_eq!((photo.width, photo.height), (320, 240));
        let mut webp = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
        webp.extend([0x7F, 2, 0, 0xDF, 1, 0]);
        let photo = fixed(&mut Cursor::new(webp), Kind::Webp).unwrap();
        assert_eq!((photo.width, photo.height), (640, 480));
        assert!(fixed(&mut Cursor::new(vec![0; 12]), Kind::Bmp).is_err());
    }
}
