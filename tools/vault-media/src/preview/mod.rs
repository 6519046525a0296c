//! One decode pass over a recording: what is black, frozen and silent, and every preview.
//!
//! Promises: each picture and each piece of sound is decoded once, whatever is made of it; memory
//! does not grow with the length of the recording but by the peaks of its waveform.

mod canvas;
mod heif;
mod jpeg;
mod listening;
mod looking;
mod mark;
mod proxy;
mod still;

use crate::decode::{self, Leaps, Pictures, Sound};
use crate::input::{self, Refusal};
use crate::link::{Link, Outgoing};
use ffmpeg_next::format::context::Input;
use ffmpeg_next::{Error, Packet};
use listening::Listening;
use looking::Looking;
use proxy::Proxy;
use std::io::Write;
use std::sync::Arc;
use vault_media_protocol::{FINDINGS_MAX, Order, Product, Report, Tag};

/// Everything that is made in the pass.
struct Pass {
    pictures: Option<Pictures>,
    sound: Option<Sound>,
    looking: Option<Looking>,
    listening: Option<Listening>,
    proxy: Option<Proxy>,
    leaps: Leaps,
    /// Only what is seen and heard in this stretch, in the container's time.
    stretch: Option<(i64, i64)>,
}

/// Read errors after which the pass ends.
const ERRORS_MAX: u32 = 10_000;

/// How long a recording is, as far as that is known before the pass.
#[derive(Clone, Copy)]
struct Length {
    us: i64,
    /// Pictures in it; 0 where they were not counted.
    pictures: i64,
}

/// Looks through a recording and makes its previews.
pub(crate) fn preview(link: &Arc<Link>, order: &Order) -> Result<Report, Refusal> {
    match attempt(link, order, None) {
        // The container said less than there is: now everything is counted first.
        Err(refusal) if refusal.detail == proxy::INDEX_TOO_LARGE => {
            attempt(link, order, Some(measured(link, order)?))
        }
        outcome => outcome,
    }
}

/// Counts what there is, by a walk over the packets.
fn measured(link: &Arc<Link>, order: &Order) -> Result<Length, Refusal> {
    let report = crate::probe::probe(link, order)?;
    let pictures = report.streams.iter().map(|stream| stream.packets).max().unwrap_or(0);
    let us = report.duration_us.unwrap_or(0).max(1_000_000);
    Ok(Length { us, pictures: i64::try_from(pictures).unwrap_or(i64::MAX) })
}

fn attempt(link: &Arc<Link>, order: &Order, known: Option<Length>) -> Result<Report, Refusal> {
    if let Some(photo) = crate::probe::photo(link, order)? {
        return still::preview(link, order, &photo);
    }
    let mut input = input::open(link, order)?;
    let pictures = decode::pictures(&input)?;
    let sound = decode::sound(&input)?;
    if pictures.is_none() && sound.is_none() {
        return Err(Refusal::new("no-picture", "neither pictures nor sound"));
    }
    let plays = crate::probe::plays_in_browser(&input);
    let length = match known {
        Some(length) => length,
        None if input.duration() > 0 => Length { us: input.duration(), pictures: 0 },
        None => measured(link, order)?,
    };
    // A marked proxy is made for somebody, whatever his browser plays.
    let needed = !plays || order.mark.is_some();
    let proxy = if !needed || !order.products.contains(&Product::Proxy) {
        None
    } else {
        Some(Proxy::begin(link, order, pictures.as_ref(), sound.as_ref(), length)?)
    };
    let begins_us = start_us(&input);
    let start_us = Some(begins_us);
    // For a copy's rendition alone nothing is looked for: that was done.
    let looks = order.mark.is_none();
    let stretch = order
        .stretch_us
        .map(|(from, to)| (from.saturating_add(begins_us), to.saturating_add(begins_us)));
    if let Some((from, _)) = stretch {
        input.seek(from, ..from.saturating_add(1)).map_err(|error| Refusal::of(error, "seek"))?;
    }
    let looked = pictures.as_ref().filter(|_| looks);
    let mut pass = Pass {
        looking: looked.map(|pictures| Looking::new(pictures, start_us, length.us)),
        listening: sound.as_ref().filter(|_| looks).map(|_| Listening::new(start_us)),
        stretch,
        pictures,
        sound,
        proxy,
        leaps: Leaps::default(),
    };
    pass.run(&mut input)?;
    let mut report = Report { plays_in_browser: plays, ..Report::default() };
    pass.finish(link, order, &mut report)?;
    report.findings_total = report.findings.len() as u64;
    report.findings.sort_by_key(|finding| (finding.from_us, finding.class));
    report.findings.truncate(FINDINGS_MAX);
    Ok(report)
}

/// The earliest begin of a stream: what the walk calls the first packet.
pub(crate) fn start_us(input: &Input) -> i64 {
    let starts = input.streams().filter_map(|stream| {
        let start = stream.start_time();
        (start != i64::MIN).then(|| crate::probe::us(start, stream.time_base()))
    });
    starts.min().unwrap_or(0)
}

impl Pass {
    fn run(&mut self, input: &mut Input) -> Result<(), Refusal> {
        let mut errors = 0;
        loop {
            // A packet of its own for each: reading into one that is full would lose its bytes, and
            // the memory of the worker would grow with the recording.
            let mut packet = Packet::empty();
            match packet.read(input) {
                Ok(()) if self.is_past(input, &packet) => break,
                Ok(()) => self.packet(Some(&packet))?,
                Err(Error::Eof) => break,
                Err(Error::InvalidData) if errors < ERRORS_MAX => errors += 1,
                Err(error) => {
                    let refusal = Refusal::of(error, "packets");
                    if refusal.reason == "read-failed" {
                        return Err(refusal);
                    }
                    break;
                }
            }
        }
        self.packet(None)
    }

    /// Whether everything of the stretch was read: seconds behind its end, as pictures and sound do
    /// not come in step.
    fn is_past(&self, input: &Input, packet: &Packet) -> bool {
        const OUT_OF_STEP_US: i64 = 3_000_000;
        let Some((_, to)) = self.stretch else { return false };
        let base = input.stream(packet.stream()).map(|stream| stream.time_base());
        let due = packet.dts().or(packet.pts()).zip(base);
        due.is_some_and(|(stamp, base)| {
            crate::probe::us(stamp, base) > to.saturating_add(OUT_OF_STEP_US)
        })
    }

    /// A packet, or the end.
    fn packet(&mut self, packet: Option<&Packet>) -> Result<(), Refusal> {
        let Self { pictures, sound, looking, listening, proxy, leaps, stretch } = self;
        let inside = |at_us: i64| stretch.is_none_or(|(from, to)| (from..to).contains(&at_us));
        let belongs = |index: usize| packet.is_none_or(|packet| packet.stream() == index);
        if let Some(pictures) = pictures
            && belongs(pictures.index)
        {
            pictures.decode(packet, &mut |picture, at_us| {
                if !inside(at_us) {
                    return Ok(());
                }
                let at_us = leaps.level(at_us);
                if let Some(looking) = looking {
                    looking.picture(picture, at_us)?;
                }
                match proxy {
                    Some(proxy) => proxy.picture(picture, at_us),
                    None => Ok(()),
                }
            })?;
        }
        if let Some(sound) = sound
            && belongs(sound.index)
        {
            sound.decode(packet, &mut |piece, at_us| {
                if !at_us.is_none_or(inside) {
                    return Ok(());
                }
                let at_us = at_us.map(|at_us| leaps.level(at_us));
                if let Some(listening) = listening {
                    listening.piece(piece, at_us)?;
                }
                match proxy {
                    Some(proxy) => proxy.sound(piece, at_us),
                    None => Ok(()),
                }
            })?;
        }
        Ok(())
    }

    fn finish(self, link: &Arc<Link>, order: &Order, report: &mut Report) -> Result<(), Refusal> {
        let asked = |product| order.products.contains(&product);
        if let Some(looking) = self.looking {
            let seen = looking.finish()?;
            report.findings.extend(seen.findings);
            if let Some((jpeg, at_us)) = seen.poster.filter(|_| asked(Product::Poster)) {
                hand_over(link, order, Product::Poster, &jpeg)?;
                report.poster_us = Some(at_us);
                note(report, Product::Poster, jpeg::RECIPE);
            }
            if let Some((jpeg, facts)) = seen.sheet.filter(|_| asked(Product::Sheet)) {
                hand_over(link, order, Product::Sheet, &jpeg)?;
                report.sheet = Some(facts);
                note(report, Product::Sheet, jpeg::RECIPE);
            }
        }
        if let Some(listening) = self.listening {
            let heard = listening.finish()?;
            report.findings.extend(heard.findings);
            if asked(Product::Waveform) {
                hand_over(link, order, Product::Waveform, &heard.peaks)?;
                note(report, Product::Waveform, listening::RECIPE);
            }
        }
        if let Some(proxy) = self.proxy {
            let recipe = proxy.finish()?;
            note(report, Product::Proxy, &recipe);
        }
        Ok(())
    }
}

/// Hands a finished product to the vault.
fn hand_over(
    link: &Arc<Link>,
    order: &Order,
    product: Product,
    bytes: &[u8],
) -> Result<(), Refusal> {
    let mut out = Outgoing::new(link, order, product);
    out.write_all(bytes).map_err(|error| Refusal::lost(&error))
}

/// Notes how a product was made.
fn note(report: &mut Report, product: Product, recipe: &str) {
    let name = product.as_str().to_owned();
    report.recipes.push(Tag { name, value: recipe.to_owned() });
}
