//! EXIF of a photo: device, time and place as they stand there.

use crate::input::cut;
use crate::link::{Link, Recording};
use exif::{Exif, In, Rational, Tag, Value};
use std::io::BufReader;
use std::sync::Arc;
use vault_media_protocol::{ExifFacts, Order, TAG_BYTES_MAX};

/// Reads it; `None` where there is none or it cannot be read.
pub(super) fn read(link: &Arc<Link>, order: &Order) -> Option<ExifFacts> {
    let mut recording = BufReader::new(Recording::new(link, order.bytes));
    let exif = exif::Reader::new().read_from_container(&mut recording).ok()?;
    let text = |tag| text(&exif, tag);
    let device = format!("{} {}", text(Tag::Make), text(Tag::Model));
    let date = text(Tag::GPSDateStamp);
    let gps_time = match clock(&exif) {
        Some(clock) if !date.is_empty() => format!("{date} {clock}"),
        _ => String::new(),
    };
    let orientation = exif.get_field(Tag::Orientation, In::PRIMARY);
    Some(ExifFacts {
        device: cut(device.trim(), TAG_BYTES_MAX),
        serial: text(Tag::BodySerialNumber),
        taken: text(Tag::DateTimeOriginal),
        offset: text(Tag::OffsetTimeOriginal),
        gps_time,
        latitude_e6: position(&exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S'),
        longitude_e6: position(&exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W'),
        rotation: match orientation.and_then(|field| field.value.get_uint(0)) {
            Some(3 | 4) => 180,
            Some(5 | 6) => 90,
            Some(7 | 8) => 270,
            _ => 0,
        },
    })
}

fn text(exif: &Exif, tag: Tag) -> String {
    let field = exif.get_field(tag, In::PRIMARY);
    match field.map(|field| &field.value) {
        Some(Value::Ascii(texts)) => {
            let text = texts.first().map(|text| String::from_utf8_lossy(text).into_owned());
            cut(text.unwrap_or_default().trim(), TAG_BYTES_MAX)
        }
        _ => String::new(),
    }
}

fn rationals(exif: &Exif, tag: Tag) -> Option<&[Rational]> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Rational(numbers) => Some(numbers),
        _ => None,
    }
}

/// Degrees, minutes and seconds in millionths of a degree.
fn position(exif: &Exif, tag: Tag, reference: Tag, negative: u8) -> Option<i64> {
    let parts = rationals(exif, tag)?;
    let mut millionths = 0;
    for (part, per) in parts.iter().zip([1, 60, 3_600]) {
        let denominator = i64::from(part.denom) * per;
        if denominator == 0 {
            return None;
        }
        millionths += (i64::from(part.num) * 1_000_000 + denominator / 2) / denominator;
    }
    let turned = text(exif, reference).as_bytes().first() == Some(&negative);
    (millionths <= 180_000_000).then_some(if turned { -millionths } else { millionths })
}

/// The satellite's time of day.
fn clock(exif: &Exif) -> Option<String> {
    let parts = rationals(exif, Tag::GPSTimeStamp)?;
    let whole = |part: &Rational| part.num.checked_div(part.denom);
    let [hours, minutes, seconds] = parts else { return None };
    let (hours, minutes, seconds) = (whole(hours)?, whole(minutes)?, whole(seconds)?);
    Some(format!("{hours:02}:{minutes:02}:{seconds:02}"))
}
