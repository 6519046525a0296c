//! Decoders for the best pictures and the best sound of a recording.
//!
//! What cannot be decoded is passed over and counted; a decoder that cannot be opened is a reason
//! not to examine. Sizes are bounded before a picture is allocated.

use crate::input::{PIXELS_MAX, Refusal};
use crate::probe::{LEAP_LEAST_US, rotation, us};
use ffmpeg_next::codec::threading::Config;
use ffmpeg_next::codec::{Context, decoder};
use ffmpeg_next::format::Sample;
use ffmpeg_next::format::context::Input;
use ffmpeg_next::format::stream::Disposition;
use ffmpeg_next::media::Type;
use ffmpeg_next::software::resampling;
use ffmpeg_next::{ChannelLayout, Packet, Rational, Stream, frame};

/// Threads of one decoder: the vault runs one worker for each core beside.
const THREADS: usize = 2;

/// The pictures.
pub(crate) struct Pictures {
    pub(crate) index: usize,
    pub(crate) base: Rational,
    pub(crate) rotation: u32,
    pub(crate) decoder: decoder::Video,
    pub(crate) frame_rate: Rational,
    /// When the next picture is due: streams without a container have no times.
    next_us: i64,
}

/// Leaps that are remembered: beyond, times stay as they are.
const LEAPS_MAX: usize = 64;

/// Leaps of the clock taken out of times, as the walk over the packets does it: an hour and more
/// without anything is no pause but a clock that was set. Of pictures and sound whichever comes
/// first behind a leap tells it for both.
#[derive(Default)]
pub(crate) struct Leaps {
    last_us: Option<i64>,
    /// From which time on how much is taken off, in the order of time.
    leaps: Vec<(i64, i64)>,
}

impl Leaps {
    /// The time with the leaps before it taken out.
    pub(crate) fn level(&mut self, at_us: i64) -> i64 {
        let taken = |leaps: &[(i64, i64)]| {
            leaps.iter().rev().find(|(from, _)| at_us >= *from).map_or(0, |(_, by)| *by)
        };
        let level_us = at_us.saturating_sub(taken(&self.leaps));
        let last_us = *self.last_us.get_or_insert(level_us);
        let missing = level_us.saturating_sub(last_us);
        if missing > LEAP_LEAST_US && self.leaps.len() < LEAPS_MAX {
            let by = taken(&self.leaps).saturating_add(missing);
            self.leaps.push((at_us.saturating_sub(LEAP_LEAST_US / 2), by));
            self.leaps.sort_unstable();
            return last_us;
        }
        self.last_us = Some(last_us.max(level_us));
        level_us
    }
}

/// Takes a piece of sound with its time, where it has one.
pub(crate) type EachPiece<'a> = dyn FnMut(&frame::Audio, Option<i64>) -> Result<(), Refusal> + 'a;

/// The sound.
pub(crate) struct Sound {
    pub(crate) index: usize,
    pub(crate) base: Rational,
    pub(crate) decoder: decoder::Audio,
}

fn context(stream: &Stream<'_>) -> Result<Context, Refusal> {
    let mut context = Context::from_parameters(stream.parameters())
        .map_err(|error| Refusal::of(error, "decoder"))?;
    context.set_threading(Config::count(THREADS));
    Ok(context)
}

/// The best moving pictures; `None` where there are none.
pub(crate) fn pictures(input: &Input) -> Result<Option<Pictures>, Refusal> {
    let Some(stream) = input.streams().best(Type::Video) else { return Ok(None) };
    if stream.disposition().contains(Disposition::ATTACHED_PIC) {
        return Ok(None);
    }
    let mut decoder = context(&stream)?.decoder();
    decoder.set_packet_time_base(stream.time_base());
    let decoder = decoder.video().map_err(|error| Refusal::of(error, "decoder"))?;
    if u64::from(decoder.width()) * u64::from(decoder.height()) > PIXELS_MAX {
        return Err(Refusal::new("too-large", "pixels"));
    }
    Ok(Some(Pictures {
        index: stream.index(),
        base: stream.time_base(),
        rotation: rotation(&stream),
        decoder,
        frame_rate: stream.avg_frame_rate(),
        next_us: 0,
    }))
}

/// The best sound; `None` where there is none.
pub(crate) fn sound(input: &Input) -> Result<Option<Sound>, Refusal> {
    let Some(stream) = input.streams().best(Type::Audio) else { return Ok(None) };
    let mut decoder = context(&stream)?.decoder();
    decoder.set_packet_time_base(stream.time_base());
    let decoder = decoder.audio().map_err(|error| Refusal::of(error, "decoder"))?;
    Ok(Some(Sound { index: stream.index(), base: stream.time_base(), decoder }))
}

/// How long a picture lasts at that rate, in microseconds; at 25 a second where none is known.
pub(crate) fn frame_us(rate: Rational) -> i64 {
    let (numerator, denominator) = (i64::from(rate.numerator()), i64::from(rate.denominator()));
    let lasts = (1_000_000 * denominator).checked_div(numerator).filter(|lasts| *lasts > 0);
    lasts.unwrap_or(40_000)
}

impl Pictures {
    /// Decodes a packet, or what is left at the end, and hands each picture on with its time.
    pub(crate) fn decode(
        &mut self,
        packet: Option<&Packet>,
        each: &mut dyn FnMut(&frame::Video, i64) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        // A packet that cannot be decoded is passed over: the walk told of the damage.
        match packet {
            Some(packet) => self.decoder.send_packet(packet).ok(),
            None => self.decoder.send_eof().ok(),
        };
        let mut picture = frame::Video::empty();
        while self.decoder.receive_frame(&mut picture).is_ok() {
            let pixels = u64::from(picture.width()) * u64::from(picture.height());
            if pixels == 0 || pixels > PIXELS_MAX {
                return Err(Refusal::new("too-large", "pixels"));
            }
            let at_us = picture.timestamp().map_or(self.next_us, |stamp| us(stamp, self.base));
            self.next_us = at_us.saturating_add(frame_us(self.frame_rate));
            each(&picture, at_us)?;
        }
        Ok(())
    }
}

impl Sound {
    /// Decodes a packet, or what is left at the end, and hands each piece on with its time.
    pub(crate) fn decode(
        &mut self,
        packet: Option<&Packet>,
        each: &mut EachPiece<'_>,
    ) -> Result<(), Refusal> {
        match packet {
            Some(packet) => self.decoder.send_packet(packet).ok(),
            None => self.decoder.send_eof().ok(),
        };
        let mut piece = frame::Audio::empty();
        while self.decoder.receive_frame(&mut piece).is_ok() {
            if piece.channel_layout().is_empty() {
                let channels = i32::from(piece.channels());
                piece.set_channel_layout(ChannelLayout::default(channels));
            }
            let at_us = piece.timestamp().map(|stamp| us(stamp, self.base));
            each(&piece, at_us)?;
        }
        Ok(())
    }
}

/// Samples a resampler may give beyond what went in.
const ROOM_SAMPLES: i64 = 256;

/// Sound in one form, whatever it comes in.
pub(crate) struct Resampler {
    format: Sample,
    layout: ChannelLayout,
    rate: u32,
    inner: Option<(Sample, ChannelLayout, u32, resampling::Context)>,
}

impl Resampler {
    pub(crate) fn new(format: Sample, layout: ChannelLayout, rate: u32) -> Self {
        Self { format, layout, rate, inner: None }
    }

    /// Gives what comes out for a piece; with `None`, what is left.
    pub(crate) fn run(&mut self, piece: Option<&frame::Audio>) -> Result<frame::Audio, Refusal> {
        let failed = |error| Refusal::of(error, "resampling");
        let Some(piece) = piece else {
            let waiting = self.inner.as_ref().and_then(|(.., inner)| inner.delay());
            let samples = waiting.map_or(0, |delay| delay.output);
            let mut out = self.room(samples);
            if let Some((.., inner)) = &mut self.inner
                && samples > 0
            {
                inner.flush(&mut out).map_err(failed)?;
            } else {
                out.set_samples(0);
            }
            return Ok(out);
        };
        let (format, layout, rate) = (piece.format(), piece.channel_layout(), piece.rate());
        let fits = self.inner.as_ref().is_some_and(|(known, channels, speed, _)| {
            (*known, *channels, *speed) == (format, layout, rate)
        });
        if !fits {
            let inner =
                resampling::Context::get(format, layout, rate, self.format, self.layout, self.rate);
            self.inner = Some((format, layout, rate, inner.map_err(failed)?));
        }
        let (from, to) = (u64::from(rate.max(1)), u64::from(self.rate));
        let due = i64::try_from(piece.samples() as u64 * to / from).unwrap_or(0);
        let mut out = self.room(due);
        if let Some((.., inner)) = &mut self.inner {
            inner.run(piece, &mut out).map_err(failed)?;
        }
        Ok(out)
    }

    /// A piece with room for that many samples and for what the resampler holds back.
    fn room(&self, samples: i64) -> frame::Audio {
        let held = self.inner.as_ref().and_then(|(.., inner)| inner.delay());
        let samples = samples.max(0) + held.map_or(0, |delay| delay.output) + ROOM_SAMPLES;
        let samples = usize::try_from(samples).unwrap_or(0);
        let mut out = frame::Audio::new(self.format, samples, self.layout);
        out.set_rate(self.rate);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leap_is_taken_out_for_pictures_and_sound_alike() {
        let mut leaps = Leaps::default();
        let day = 24 * LEAP_LEAST_US;
        for at_us in [0, 40_000, 60_000, 5_000_000, 80_000] {
            assert_eq!(leaps.level(at_us), at_us);
        }
        assert_eq!(leaps.level(day), 5_000_000);
        assert_eq!(leaps.level(4_990_000), 4_990_000, "sound that still comes from before");
        assert_eq!(leaps.level(day - 20_000), 4_980_000);
        assert_eq!(leaps.level(day + 40_000), 5_040_000);
        assert_eq!(leaps.level(3 * day), 5_040_000);
        assert_eq!(leaps.level(3 * day + 40_000), 5_080_000);
    }
}
