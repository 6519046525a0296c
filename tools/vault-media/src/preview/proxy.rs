//! The proxy: H.264 and AAC in MP4 for what a browser cannot surely play.
//!
//! A key frame each second, so that seeking is exact; the index in front, so that playing begins at
//! once. Pictures are turned upright. The original stays as it is.

use super::Length;
use super::canvas::{Scaler, fitted, turned, turned_size};
use super::mark::Burning;
use crate::decode::{Pictures, Resampler, Sound};
use crate::input::Refusal;
use crate::link::{Link, Outgoing};
use ffmpeg_next::codec::{Context, Flags, Id, encoder};
use ffmpeg_next::format::Pixel;
use ffmpeg_next::format::context::{Output, StreamIo};
use ffmpeg_next::format::sample::{Sample, Type};
use ffmpeg_next::{ChannelLayout, Dictionary, Error, Packet, Rational, frame, picture};
use std::collections::VecDeque;
use std::sync::Arc;
use vault_media_protocol::{Mark, Order, Product};

/// The box the pictures fit into.
const BOX: (u32, u32) = (1_280, 720);

/// Time base of the pictures.
const BASE: Rational = Rational(1, 90_000);

/// Microseconds between key frames.
const KEY_US: i64 = 1_000_000;

/// Silence put in for missing sound: beyond it time stamps leap rather than sound pauses, and work
/// without end could be asked of us.
const SILENCE_MAX_SECONDS: i64 = 2 * 3_600;

/// The detail of a refusal because the index did not fit in front.
pub(super) const INDEX_TOO_LARGE: &str = "proxy: the index does not fit";

/// Bytes between the muxer and the socket.
const BUFFER_BYTES: usize = 256 << 10;

/// Samples of one AAC frame.
const AAC_SAMPLES: usize = 1_024;

struct Seen {
    encoder: encoder::video::Encoder,
    scaler: Scaler,
    mark: Option<Burning>,
    rotation: u32,
    index: usize,
    next_key_us: i64,
    last_pts: i64,
}

struct Heard {
    encoder: encoder::audio::Encoder,
    resampler: Resampler,
    channels: Vec<VecDeque<f32>>,
    layout: ChannelLayout,
    rate: u32,
    index: usize,
    /// Samples handed to the encoder.
    clock: i64,
    /// Samples of silence that may still be put in.
    silence_left: i64,
    begun: bool,
}

/// A proxy on its way.
pub(super) struct Proxy {
    output: Output,
    seen: Option<Seen>,
    heard: Option<Heard>,
    start_us: Option<i64>,
    recipe: String,
}

fn failed(error: ffmpeg_next::Error) -> Refusal {
    Refusal::making(error, "proxy")
}

impl Proxy {
    /// Begins a proxy of what there is.
    pub(super) fn begin(
        link: &Arc<Link>,
        order: &Order,
        pictures: Option<&Pictures>,
        sound: Option<&Sound>,
        length: Length,
    ) -> Result<Self, Refusal> {
        let stream = StreamIo::from_write_seek_with_capacity(
            Outgoing::new(link, order, Product::Proxy),
            BUFFER_BYTES,
        );
        let mut output =
            ffmpeg_next::format::output_to_stream(stream.map_err(failed)?, None, Some("mp4"))
                .map_err(failed)?;
        let mut recipe = Vec::new();
        let seen = match pictures {
            None => None,
            Some(pictures) => {
                recipe.push("libx264 veryfast crf 26, at most 1280x720, key frame each second");
                if order.mark.is_some() {
                    recipe.push("bears the mark of its copy");
                }
                Some(Seen::begin(&mut output, pictures, order.mark.as_ref())?)
            }
        };
        let heard = match sound {
            None => None,
            Some(sound) => {
                recipe.push("aac 64 kbit/s a channel, at most stereo");
                Some(Heard::begin(&mut output, sound)?)
            }
        };
        if let Some(mark) = &order.mark {
            // Sound shows no mark; its container tells.
            let mut told = Dictionary::new();
            told.set("comment", &mark.words);
            output.set_metadata(told);
        }
        let mut options = Dictionary::new();
        let rate = pictures.map_or(0, |pictures| frames_per_second(pictures.frame_rate));
        let rate = rate.max(length.pictures / (length.us / 1_000_000).max(1) + 1);
        options.set("moov_size", &index_bytes(length.us, rate).to_string());
        output.write_header_with(options).map_err(failed)?;
        let recipe = format!("{}, mp4 index in front", recipe.join("; "));
        Ok(Self { output, seen, heard, start_us: None, recipe })
    }

    /// Time from the first thing that came.
    fn since_start(&mut self, at_us: i64) -> i64 {
        let start = *self.start_us.get_or_insert(at_us);
        (at_us - start).max(0)
    }

    /// Takes a picture.
    pub(super) fn picture(&mut self, picture: &frame::Video, at_us: i64) -> Result<(), Refusal> {
        let at_us = self.since_start(at_us);
        let Self { output, seen, .. } = self;
        match seen {
            Some(seen) => seen.picture(output, picture, at_us),
            None => Ok(()),
        }
    }

    /// Takes a piece of sound.
    pub(super) fn sound(
        &mut self,
        piece: &frame::Audio,
        at_us: Option<i64>,
    ) -> Result<(), Refusal> {
        let at_us = at_us.map(|at_us| self.since_start(at_us));
        let Self { output, heard, .. } = self;
        match heard {
            Some(heard) => heard.piece(output, piece, at_us),
            None => Ok(()),
        }
    }

    /// Ends the proxy; gives how it was made.
    pub(super) fn finish(mut self) -> Result<String, Refusal> {
        if let Some(seen) = &mut self.seen {
            seen.encoder.send_eof().map_err(failed)?;
            seen.drain(&mut self.output)?;
        }
        if let Some(heard) = &mut self.heard {
            heard.finish(&mut self.output)?;
        }
        self.output.write_trailer().map_err(|error| match error {
            // What the muxer says when the room in front is too small for the index.
            Error::Other { errno: libc::EINVAL } => Refusal::new("internal", INDEX_TOO_LARGE),
            error => failed(error),
        })?;
        Ok(self.recipe)
    }
}

fn frames_per_second(rate: Rational) -> i64 {
    let per_second = i64::from(rate.numerator()).checked_div(i64::from(rate.denominator()));
    per_second.unwrap_or(30).clamp(5, 240)
}

/// Room for the index: every frame in every table at its longest, and half as much again, because
/// the length is only what the container claims.
fn index_bytes(length_us: i64, frames_per_second: i64) -> i64 {
    let seconds = (length_us / 1_000_000 + 10).min(1_000_000) * 3 / 2;
    (16_384 + seconds * (frames_per_second * 32 + 50 * 16)).min(1 << 30)
}

impl Seen {
    fn begin(
        output: &mut Output,
        pictures: &Pictures,
        mark: Option<&Mark>,
    ) -> Result<Self, Refusal> {
        let size = (pictures.decoder.width(), pictures.decoder.height());
        let (width, height) = fitted(size, turned_size(BOX, pictures.rotation));
        let (upright_width, upright_height) = turned_size((width, height), pictures.rotation);
        let codec = encoder::find_by_name("libx264")
            .ok_or_else(|| Refusal::new("internal", "no H.264 encoder"))?;
        let mut encoder = Context::new_with_codec(codec).encoder().video().map_err(failed)?;
        encoder.set_width(upright_width);
        encoder.set_height(upright_height);
        encoder.set_format(Pixel::YUV420P);
        encoder.set_time_base(BASE);
        encoder.set_frame_rate(Some(pictures.frame_rate));
        encoder.set_flags(Flags::GLOBAL_HEADER);
        let mut options = Dictionary::new();
        for (name, value) in
            [("preset", "veryfast"), ("crf", "26"), ("forced-idr", "1"), ("threads", "2")]
        {
            options.set(name, value);
        }
        let encoder = encoder.open_as_with(codec, options).map_err(failed)?;
        let mut stream = output.add_stream_with(&encoder).map_err(failed)?;
        stream.set_time_base(BASE);
        let index = stream.index();
        Ok(Self {
            encoder,
            scaler: Scaler::new(Pixel::YUV420P, width, height),
            mark: mark
                .map(|mark| Burning::new(mark, (upright_width, upright_height)))
                .transpose()?,
            rotation: pictures.rotation,
            index,
            next_key_us: 0,
            last_pts: -1,
        })
    }

    fn picture(
        &mut self,
        output: &mut Output,
        picture: &frame::Video,
        at_us: i64,
    ) -> Result<(), Refusal> {
        let pts = at_us * 9 / 100;
        // A picture that shows no later than the one before it would break the file.
        if pts <= self.last_pts {
            return Ok(());
        }
        self.last_pts = pts;
        self.scaler.scale(picture)?;
        let mut upright = turned(self.scaler.take(), self.rotation);
        if let Some(mark) = &self.mark {
            mark.burn(&mut upright);
        }
        upright.set_pts(Some(pts));
        let key = at_us >= self.next_key_us;
        if key {
            self.next_key_us = at_us + KEY_US;
        }
        upright.set_kind(if key { picture::Type::I } else { picture::Type::None });
        self.encoder.send_frame(&upright).map_err(failed)?;
        self.drain(output)
    }

    fn drain(&mut self, output: &mut Output) -> Result<(), Refusal> {
        let mut packet = Packet::empty();
        while self.encoder.receive_packet(&mut packet).is_ok() {
            write(output, &mut packet, self.index, BASE)?;
        }
        Ok(())
    }
}

fn write(
    output: &mut Output,
    packet: &mut Packet,
    index: usize,
    base: Rational,
) -> Result<(), Refusal> {
    let to = output.stream(index).map_or(base, |stream| stream.time_base());
    packet.set_stream(index);
    packet.rescale_ts(base, to);
    packet.set_position(-1);
    packet.write_interleaved(output).map_err(failed)
}

impl Heard {
    fn begin(output: &mut Output, sound: &Sound) -> Result<Self, Refusal> {
        let layout =
            if sound.decoder.channels() == 1 { ChannelLayout::MONO } else { ChannelLayout::STEREO };
        let rate = match sound.decoder.rate() {
            rate @ (16_000 | 22_050 | 24_000 | 32_000 | 44_100 | 48_000) => rate,
            8_000 => 16_000,
            _ => 48_000,
        };
        let codec =
            encoder::find(Id::AAC).ok_or_else(|| Refusal::new("internal", "no AAC encoder"))?;
        let format = Sample::F32(Type::Planar);
        let mut encoder = Context::new_with_codec(codec).encoder().audio().map_err(failed)?;
        let channels = layout.channels();
        encoder.set_rate(i32::try_from(rate).unwrap_or(48_000));
        encoder.set_channel_layout(layout);
        encoder.set_format(format);
        encoder.set_time_base(Rational(1, i32::try_from(rate).unwrap_or(48_000)));
        encoder.set_bit_rate(64_000 * usize::try_from(channels).unwrap_or(1));
        encoder.set_flags(Flags::GLOBAL_HEADER);
        let encoder = encoder.open_as(codec).map_err(failed)?;
        let mut stream = output.add_stream_with(&encoder).map_err(failed)?;
        stream.set_time_base(Rational(1, i32::try_from(rate).unwrap_or(48_000)));
        let index = stream.index();
        let channels = vec![VecDeque::new(); usize::try_from(channels).unwrap_or(1)];
        Ok(Self {
            encoder,
            resampler: Resampler::new(format, layout, rate),
            channels,
            layout,
            rate,
            index,
            clock: 0,
            silence_left: SILENCE_MAX_SECONDS * i64::from(rate),
            begun: false,
        })
    }

    fn piece(
        &mut self,
        output: &mut Output,
        piece: &frame::Audio,
        at_us: Option<i64>,
    ) -> Result<(), Refusal> {
        if let Some(at_us) = at_us {
            self.follow(output, at_us)?;
        }
        self.begun = true;
        let out = self.resampler.run(Some(piece))?;
        self.take(&out);
        self.encode_full(output)
    }

    /// Sound that is missing becomes silence, so that pictures and sound stay together.
    fn follow(&mut self, output: &mut Output, at_us: i64) -> Result<(), Refusal> {
        let waiting = i64::try_from(self.channels[0].len()).unwrap_or(0);
        let now = self.clock + waiting;
        let due = i64::try_from(i128::from(at_us) * i128::from(self.rate) / 1_000_000);
        let missing = due.unwrap_or(now) - now;
        let drift = i64::from(self.rate) / 10;
        if missing > drift || (!self.begun && missing > 0) {
            let most = missing.min(self.silence_left);
            self.silence_left -= most;
            let mut silence = usize::try_from(most).unwrap_or(0);
            // Encoded as it is made, so that a long pause takes no memory.
            while silence > 0 {
                let part = silence.min(AAC_SAMPLES);
                for channel in &mut self.channels {
                    channel.extend(std::iter::repeat_n(0.0, part));
                }
                silence -= part;
                self.encode_full(output)?;
            }
        }
        Ok(())
    }

    fn encode_full(&mut self, output: &mut Output) -> Result<(), Refusal> {
        while self.channels[0].len() >= AAC_SAMPLES {
            self.encode(output, AAC_SAMPLES)?;
        }
        Ok(())
    }

    fn take(&mut self, out: &frame::Audio) {
        if out.samples() == 0 {
            return;
        }
        for (number, channel) in self.channels.iter_mut().enumerate() {
            channel.extend(&out.plane::<f32>(number)[..out.samples()]);
        }
    }

    fn encode(&mut self, output: &mut Output, samples: usize) -> Result<(), Refusal> {
        let mut piece = frame::Audio::new(Sample::F32(Type::Planar), samples, self.layout);
        piece.set_rate(self.rate);
        for (number, channel) in self.channels.iter_mut().enumerate() {
            let plane = piece.plane_mut::<f32>(number);
            for (place, sample) in plane.iter_mut().zip(channel.drain(..samples)) {
                *place = sample;
            }
        }
        piece.set_pts(Some(self.clock));
        self.clock += i64::try_from(samples).unwrap_or(0);
        self.encoder.send_frame(&piece).map_err(failed)?;
        self.drain(output)
    }

    fn drain(&mut self, output: &mut Output) -> Result<(), Refusal> {
        let base = Rational(1, i32::try_from(self.rate).unwrap_or(48_000));
        let mut packet = Packet::empty();
        while self.encoder.receive_packet(&mut packet).is_ok() {
            write(output, &mut packet, self.index, base)?;
        }
        Ok(())
    }

    fn finish(&mut self, output: &mut Output) -> Result<(), Refusal> {
        let rest = self.resampler.run(None)?;
        self.take(&rest);
        while !self.channels[0].is_empty() {
            let samples = self.channels[0].len().min(AAC_SAMPLES);
            self.encode(output, samples)?;
        }
        self.encoder.send_eof().map_err(failed)?;
        self.drain(output)
    }
}
