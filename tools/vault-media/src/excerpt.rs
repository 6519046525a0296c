//! Excerpts: a stretch of a recording as a file of its own, its packets copied as they are.
//!
//! Promises: nothing is decoded and nothing encoded anew; the excerpt begins at the key frame at or
//! before the begin of the stretch and says what it covers; the index stands in front where the
//! container has one; the same recording and stretch give the same bytes. Where each packet lies is
//! told beside it, so that it can be compared with the recording byte by byte.

mod places;

use crate::input::{self, Refusal};
use crate::link::{Link, Outgoing};
use crate::probe::{bases, us};
use ffmpeg_next::format::context::{Input, Output, StreamIo};
use ffmpeg_next::media::Type;
use ffmpeg_next::{Dictionary, Error, Packet, Rational};
use places::{Places, Watched};
use std::io::{BufWriter, Write};
use std::sync::Arc;
use vault_media_protocol::{ExcerptFacts, Order, Product, Report, Tag};

/// What an excerpt lies in, by FFmpeg's names of the recording's container and of that written: its
/// own kind, so that every packet goes over as it is.
const CONTAINERS: [(&str, &str); 15] = [
    ("mov", "mp4"),
    ("mov", "mov"),
    ("mpegts", "mpegts"),
    ("webm", "webm"),
    ("matroska", "matroska"),
    ("avi", "avi"),
    ("flv", "flv"),
    ("asf", "asf"),
    ("mpeg", "mpeg"),
    ("wav", "wav"),
    ("mp3", "mp3"),
    ("flac", "flac"),
    ("ogg", "ogg"),
    ("aac", "adts"),
    ("amr", "amr"),
];

/// Takes nearly everything, where the recording's own kind is not written.
const OTHERWISE: &str = "matroska";

/// Bytes between the muxer and the socket.
const BUFFER_BYTES: usize = 256 << 10;

/// Room in front for the index: its head, and for each packet its entries in every table.
const INDEX_BYTES: u64 = 32 << 10;
const INDEX_ENTRY_BYTES: u64 = 48;

/// Read errors after which a walk ends.
const ERRORS_MAX: u32 = 10_000;

/// A stream that is copied.
struct Copied {
    index: usize,
    base: Rational,
    moving: bool,
    /// Its number in the excerpt.
    to: usize,
}

/// What the first walk found.
struct Plan {
    /// When the excerpt begins, in the container's time, and where its key frame lies.
    begins_us: i64,
    ends_us: i64,
    packets: u64,
    start_us: i64,
}

/// Cuts the excerpt of an order.
pub(crate) fn excerpt(link: &Arc<Link>, order: &Order) -> Result<Report, Refusal> {
    let stretch = order.stretch_us.filter(|(from, to)| (0..*to).contains(from));
    let stretch = stretch.ok_or_else(|| Refusal::new("internal", "no stretch"))?;
    if crate::probe::photo(link, order)?.is_some() {
        return Err(Refusal::new("no-stretches", "a photo has no stretches"));
    }
    let mut input = input::open(link, order)?;
    let copied = copied(&input);
    if copied.is_empty() {
        return Err(Refusal::new("no-picture", "neither pictures nor sound"));
    }
    let plan = plan(&mut input, &copied, stretch)?;
    let names: Vec<String> = input.format().name().split(',').map(str::to_owned).collect();
    let own = CONTAINERS.iter().filter(|(name, _)| names.iter().any(|one| one == name));
    let mut refused = None;
    for container in own.map(|(_, name)| *name).chain([OTHERWISE]) {
        match cut(link, order, (&mut input, &copied), &plan, container) {
            Ok(report) => return Ok(report),
            // The container does not take these codecs; the next may.
            Err(Failed::Header(refusal)) => refused = Some(refusal),
            Err(Failed::Cut(refusal)) => return Err(refusal),
        }
    }
    Err(refused.unwrap_or_else(|| Refusal::new("internal", "no container")))
}

/// Pictures and sound, each stream of them; covers and data stay behind.
fn copied(input: &Input) -> Vec<Copied> {
    let timed = bases(input)
        .into_iter()
        .enumerate()
        .filter(|(_, (_, medium, cover))| matches!(medium, Type::Video | Type::Audio) && !cover);
    let of = |(to, (index, (base, medium, _))): (usize, (usize, (Rational, Type, bool)))| Copied {
        index,
        base,
        moving: medium == Type::Video,
        to,
    };
    timed.enumerate().map(of).collect()
}

/// The time of a packet, when it is seen or heard.
fn time(packet: &Packet, base: Rational) -> Option<i64> {
    packet.pts().or(packet.dts()).map(|stamp| us(stamp, base))
}

/// Hands each packet of the copied streams on, until told to stop or the recording ends.
fn walk(
    input: &mut Input,
    copied: &[Copied],
    each: &mut dyn FnMut(Packet, &Copied) -> Result<bool, Refusal>,
) -> Result<(), Refusal> {
    let mut errors = 0;
    loop {
        let mut packet = Packet::empty();
        match packet.read(input) {
            Ok(()) => {
                let stream = copied.iter().find(|stream| stream.index == packet.stream());
                if let Some(stream) = stream
                    && !each(packet, stream)?
                {
                    return Ok(());
                }
            }
            Err(Error::Eof) => return Ok(()),
            Err(Error::InvalidData) if errors < ERRORS_MAX => errors += 1,
            Err(error) => {
                let refusal = Refusal::of(error, "packets");
                return if refusal.reason == "read-failed" { Err(refusal) } else { Ok(()) };
            }
        }
    }
}

/// Finds the key frame, counts what will be copied, and says what that covers.
fn plan(input: &mut Input, copied: &[Copied], (from, to): (i64, i64)) -> Result<Plan, Refusal> {
    let start_us = crate::preview::start_us(input);
    let (from, to) = (from.saturating_add(start_us), to.saturating_add(start_us));
    let leading = copied.iter().find(|stream| stream.moving).or(copied.first());
    let leading = leading.map_or(0, |stream| stream.index);
    // An index may lead too far, or nowhere: then everything is looked through from the beginning.
    let mut begins = None;
    for place in [from, i64::MIN] {
        if !seek(input, place) {
            continue;
        }
        walk(input, copied, &mut |packet, stream| {
            if stream.index != leading {
                return Ok(true);
            }
            let Some(at_us) = time(&packet, stream.base) else { return Ok(true) };
            if packet.is_key() && at_us <= from {
                begins = begins.max(Some(at_us));
            }
            // Pictures may come a little before the one they are shown after.
            Ok(at_us <= from.saturating_add(2_000_000))
        })?;
        if begins.is_some() {
            break;
        }
    }
    let begins_us =
        begins.ok_or_else(|| Refusal::new("no-key-frame", "none before the stretch"))?;
    let mut plan = Plan { begins_us, ends_us: begins_us, packets: 0, start_us };
    let (mut ends_us, mut packets) = (begins_us, 0);
    each_taken(input, copied, &plan, to, &mut |packet, stream| {
        let lasts = us(packet.duration().max(0), stream.base);
        if let Some(at_us) = time(&packet, stream.base) {
            ends_us = ends_us.max(at_us.saturating_add(lasts));
        }
        packets += 1;
        Ok(())
    })?;
    // The last key frame before a stretch behind the end is none of it.
    if packets == 0 || ends_us <= begins_us.max(from) || begins_us >= to {
        return Err(Refusal::new("nothing-in-stretch", "nothing in the stretch"));
    }
    (plan.ends_us, plan.packets) = (ends_us.min(to.max(begins_us + 1)), packets);
    Ok(plan)
}

fn seek(input: &mut Input, place: i64) -> bool {
    if place == i64::MIN {
        // To the first packet, wherever the container says it is.
        return input.seek(0, ..1).is_ok() || input.seek(i64::MIN, ..).is_ok();
    }
    input.seek(place, ..place.saturating_add(1)).is_ok()
}

/// Walks over the packets that belong to the excerpt.
fn each_taken(
    input: &mut Input,
    copied: &[Copied],
    plan: &Plan,
    to: i64,
    each: &mut dyn FnMut(Packet, &Copied) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    if !seek(input, plan.begins_us) && !seek(input, i64::MIN) {
        return Err(Refusal::new("damaged", "seek"));
    }
    let mut begun = vec![false; copied.len()];
    let mut over = vec![false; copied.len()];
    walk(input, copied, &mut |packet, stream| {
        let Some(at_us) = time(&packet, stream.base) else { return Ok(true) };
        let due_us = packet.dts().map_or(at_us, |stamp| us(stamp, stream.base));
        if due_us >= to {
            over[stream.to] = true;
            return Ok(!over.iter().all(|over| *over));
        }
        let begins = if stream.moving {
            packet.is_key() && at_us >= plan.begins_us
        } else {
            at_us >= plan.begins_us
        };
        begun[stream.to] |= begins;
        if begun[stream.to] && !over[stream.to] {
            each(packet, stream)?;
        }
        Ok(true)
    })
}

/// Why a container did not come about.
enum Failed {
    Header(Refusal),
    Cut(Refusal),
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Self::Cut(refusal)
    }
}

fn failed(error: Error) -> Refusal {
    Refusal::making(error, "excerpt")
}

fn cut(
    link: &Arc<Link>,
    order: &Order,
    (input, copied): (&mut Input, &[Copied]),
    plan: &Plan,
    container: &str,
) -> Result<Report, Failed> {
    let header = |error| Failed::Header(failed(error));
    let places = Places::default();
    let out = Watched::new(Outgoing::new(link, order, Product::Excerpt), &places);
    let stream = StreamIo::from_write_seek_with_capacity(out, BUFFER_BYTES).map_err(header)?;
    let mut output =
        ffmpeg_next::format::output_to_stream(stream, None, Some(container)).map_err(header)?;
    for stream in copied {
        let source =
            input.stream(stream.index).ok_or_else(|| Refusal::new("internal", "stream"))?;
        // A tag of the old container need not be one of the new.
        let mut added = output
            .add_stream(ffmpeg_next::encoder::find(ffmpeg_next::codec::Id::None))
            .map_err(header)?;
        added.set_parameters(source.parameters());
        added.set_time_base(stream.base);
        added.set_avg_frame_rate(source.avg_frame_rate());
    }
    let mut options = Dictionary::new();
    options.set("fflags", "+bitexact");
    options.set("moov_size", &(INDEX_BYTES + plan.packets * INDEX_ENTRY_BYTES).to_string());
    output.write_header_with(options).map_err(header)?;
    let (from, to) = (plan.start_us, order.stretch_us.map_or(0, |(_, to)| to));
    each_taken(input, copied, plan, to.saturating_add(from), &mut |packet, stream| {
        places.expect(
            u64::try_from(packet.position()).unwrap_or(u64::MAX),
            packet.data().unwrap_or_default(),
        );
        write(&mut output, packet, stream, plan)
    })?;
    output.write_trailer().map_err(failed)?;
    hand_over(link, order, &places)?;
    let facts = ExcerptFacts {
        begins_us: plan.begins_us - from,
        ends_us: plan.ends_us - from,
        container: container.to_owned(),
    };
    let value = format!("packets copied from the key frame on, {container}, index in front");
    let recipe = Tag { name: Product::Excerpt.as_str().to_owned(), value };
    Ok(Report { recipes: vec![recipe], excerpt: Some(facts), ..Report::default() })
}

/// Hands over where the packets lie.
fn hand_over(link: &Arc<Link>, order: &Order, places: &Places) -> Result<(), Refusal> {
    let out = Outgoing::new(link, order, Product::Places);
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, out);
    let told = places.told();
    let written = told.iter().try_for_each(|place| out.write_all(&place.entry()));
    written.and_then(|()| out.flush()).map_err(|error| Refusal::lost(&error))
}

/// Writes a packet.
fn write(
    output: &mut Output,
    mut packet: Packet,
    stream: &Copied,
    plan: &Plan,
) -> Result<(), Refusal> {
    let to = output.stream(stream.to).map_or(stream.base, |stream| stream.time_base());
    // Times begin with the excerpt; the key frame is at zero.
    let base = stream.base;
    let begins = i128::from(plan.begins_us) * i128::from(base.denominator())
        / (i128::from(base.numerator().max(1)) * 1_000_000);
    let begins = i64::try_from(begins).unwrap_or(0);
    packet.set_pts(packet.pts().map(|stamp| stamp.saturating_sub(begins)));
    packet.set_dts(packet.dts().map(|stamp| stamp.saturating_sub(begins)));
    packet.set_stream(stream.to);
    packet.rescale_ts(base, to);
    packet.set_position(-1);
    packet.write(output).map_err(failed)?;
    Ok(())
}
