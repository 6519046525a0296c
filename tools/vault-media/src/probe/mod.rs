//! What a recording says of itself, and what its packets say: nothing is decoded but heads.

mod photo;
mod timeline;
mod walk;

use crate::input::{self, Refusal, cut};
use crate::link::Link;
use ffmpeg_next::codec::Context;
use ffmpeg_next::codec::packet::side_data::Type as SideData;
use ffmpeg_next::format::context::Input;
use ffmpeg_next::media::Type;
use ffmpeg_next::{Rational, Stream};
use std::sync::Arc;
pub(crate) use timeline::LEAP_LEAST_US;
use vault_media_protocol::{
    FINDINGS_MAX, Medium, Order, Report, STREAMS_MAX, StreamFacts, TAG_BYTES_MAX,
};
use walk::Walk;

/// Examines a recording without decoding it.
pub(crate) fn probe(link: &Arc<Link>, order: &Order) -> Result<Report, Refusal> {
    // FFmpeg would decode a photo to know its pixels; its head says enough.
    if let Some(report) = photo::examine(link, order)? {
        return Ok(report);
    }
    let mut input = input::open(link, order)?;
    let container = cut(input.format().name(), TAG_BYTES_MAX);
    let mut streams: Vec<StreamFacts> =
        input.streams().take(STREAMS_MAX).map(|stream| facts(&stream)).collect();
    let mut report = Report {
        container,
        claimed_duration_us: Some(input.duration()).filter(|us| *us > 0),
        tags: input::tags(&input.metadata()),
        streams_total: input.nb_streams(),
        ..Report::default()
    };
    let mut walk = Walk::new(&input);
    walk.packets(&mut input)?;
    for stream in &mut streams {
        walk.fill(stream);
    }
    report.start_us = walk.start_us();
    report.duration_us = walk.duration_us();
    let (mut findings, total) = walk.findings(&report);
    report.findings_total = total;
    findings.truncate(FINDINGS_MAX);
    report.findings = findings;
    report.plays_in_browser = plays(&report.container, &streams);
    report.streams = streams;
    Ok(report)
}

/// Whether the recording is a single picture, and if so whether a browser shows it.
pub(crate) fn photo(link: &Arc<Link>, order: &Order) -> Result<Option<Photo>, Refusal> {
    if order.bytes == 0 {
        return Err(Refusal::new("empty", ""));
    }
    let report = photo::examine(link, order)?;
    Ok(report.map(|report| Photo {
        plays_in_browser: report.plays_in_browser,
        is_heif: report.container == photo::HEIF,
        rotation: report.exif.map_or(0, |exif| exif.rotation),
    }))
}

/// What a preview needs to know of a photo.
pub(crate) struct Photo {
    pub(crate) plays_in_browser: bool,
    /// Whether its pictures are put together by us.
    pub(crate) is_heif: bool,
    /// How far it is to be turned clockwise.
    pub(crate) rotation: u32,
}

fn unsigned(number: i32) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

/// What a stream's head says.
fn facts(stream: &Stream<'_>) -> StreamFacts {
    let parameters = stream.parameters();
    let (kind, codec) = (parameters.medium(), parameters.id());
    let mut facts = StreamFacts {
        index: u32::try_from(stream.index()).unwrap_or(u32::MAX),
        medium: match kind {
            Type::Video if is_cover(stream) => Medium::Picture,
            Type::Video => Medium::Video,
            Type::Audio => Medium::Audio,
            Type::Subtitle => Medium::Subtitle,
            _ => Medium::Data,
        },
        codec: cut(codec.name(), TAG_BYTES_MAX),
        rotation: rotation(stream),
        tags: input::tags(&stream.metadata()),
        ..StreamFacts::default()
    };
    let rate = stream.avg_frame_rate();
    if facts.medium == Medium::Video && rate.denominator() > 0 {
        facts.frame_rate = (unsigned(rate.numerator()), unsigned(rate.denominator()));
    }
    let Ok(context) = Context::from_parameters(parameters) else { return facts };
    match kind {
        Type::Video => {
            if let Ok(video) = context.decoder().video() {
                (facts.width, facts.height) = (video.width(), video.height());
                facts.pixel_format = format!("{:?}", video.format()).to_lowercase();
            }
        }
        Type::Audio => {
            if let Ok(audio) = context.decoder().audio() {
                (facts.sample_rate, facts.channels) = (audio.rate(), audio.channels().into());
            }
        }
        _ => {}
    }
    facts
}

/// A picture that goes with the sound.
fn is_cover(stream: &Stream<'_>) -> bool {
    let cover = ffmpeg_next::format::stream::Disposition::ATTACHED_PIC;
    stream.disposition().contains(cover)
}

/// How far a stream's pictures are to be turned clockwise, by its display matrix.
pub(crate) fn rotation(stream: &Stream<'_>) -> u32 {
    let matrix = stream.side_data().find(|data| data.kind() == SideData::DisplayMatrix);
    let Some(matrix) = matrix else { return 0 };
    let number = |place: usize| {
        let bytes = matrix.data().get(place * 4..place * 4 + 4)?;
        Some(f64::from(i32::from_ne_bytes(bytes.try_into().ok()?)))
    };
    let (Some(a), Some(b)) = (number(0), number(1)) else { return 0 };
    let degrees = b.atan2(a).to_degrees().rem_euclid(360.0);
    [0_u32, 90, 180, 270]
        .into_iter()
        .find(|right| (f64::from(*right) - degrees).abs() < 45.0)
        .unwrap_or(0)
}

/// Whether a browser surely plays it: by container and codecs, conservatively.
fn plays(container: &str, streams: &[StreamFacts]) -> bool {
    let names: Vec<&str> = container.split(',').collect();
    let is = |name: &str| names.contains(&name);
    let fits = |stream: &StreamFacts| match (stream.medium, stream.codec.as_str()) {
        (Medium::Video, "h264") => is("mp4") && eight_bit_420(stream),
        (Medium::Video, "vp8" | "vp9" | "av1") => is("webm") || is("mp4"),
        (Medium::Audio, "aac") => is("mp4") || is("aac"),
        (Medium::Audio, "mp3") => is("mp4") || is("mp3"),
        (Medium::Audio, "opus" | "vorbis") => is("webm") || is("ogg"),
        (Medium::Audio, "flac") => is("flac"),
        (Medium::Audio, "pcm_s16le" | "pcm_u8") => is("wav"),
        (Medium::Picture, "mjpeg" | "png" | "gif" | "webp")
        | (Medium::Subtitle | Medium::Data, _) => true,
        _ => false,
    };
    // Matroska is called "matroska,webm" whichever of the two it is; only WebM is sure to play,
    // and its codecs tell.
    let shown = |stream: &StreamFacts| {
        matches!(stream.medium, Medium::Video | Medium::Audio | Medium::Picture)
    };
    streams.iter().any(shown) && streams.iter().all(fits)
}

fn eight_bit_420(stream: &StreamFacts) -> bool {
    matches!(stream.pixel_format.as_str(), "yuv420p" | "yuvj420p")
}

/// Whether a browser surely plays what was opened.
pub(crate) fn plays_in_browser(input: &Input) -> bool {
    let streams: Vec<StreamFacts> =
        input.streams().take(STREAMS_MAX).map(|stream| facts(&stream)).collect();
    plays(input.format().name(), &streams)
}

/// Refuses a photo with more pixels than are decoded.
pub(crate) fn refuse_huge_photo(link: &Arc<Link>, order: &Order) -> Result<(), Refusal> {
    photo::refuse_huge(link, order)
}

/// Microseconds of a time stamp.
pub(crate) fn us(stamp: i64, base: Rational) -> i64 {
    if base.denominator() <= 0 {
        return 0;
    }
    let us = i128::from(stamp) * 1_000_000 * i128::from(base.numerator())
        / i128::from(base.denominator());
    i64::try_from(us).unwrap_or(i64::MAX)
}

/// Streams by their number with what the walk needs of them.
pub(crate) fn bases(input: &Input) -> Vec<(Rational, Type, bool)> {
    input
        .streams()
        .map(|stream| (stream.time_base(), stream.parameters().medium(), is_cover(&stream)))
        .collect()
}
