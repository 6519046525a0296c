//! The sound for speech recognition: 16 kHz, mono, 16 bits, in a WAV file.
//!
//! True to the time line of the recording: sound that begins later is preceded by silence, and
//! what is missing in between is silence, so that a word heard at a time is in the recording at
//! that time.

use crate::decode::{self, Leaps, Resampler};
use crate::input::{self, Refusal};
use crate::link::{Link, Outgoing};
use ffmpeg_next::format::sample::{Sample, Type};
use ffmpeg_next::{ChannelLayout, Error, Packet, frame};
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::sync::Arc;
use vault_media_protocol::{Order, Product, Report, Tag};

/// Samples per second.
const RATE: u32 = 16_000;

/// Bytes before the first sample.
const HEADER_BYTES: u32 = 44;

/// Time stamps that differ from the count of samples by more than this are followed.
const DRIFT_US: i64 = 100_000;

/// The longest silence put in for missing sound, in samples: a day.
const SILENCE_MAX: i64 = 24 * 3_600 * RATE as i64;

struct Writing {
    out: BufWriter<Outgoing>,
    samples: i64,
    begun: bool,
}

/// Hands the sound over.
pub(crate) fn speech(link: &Arc<Link>, order: &Order) -> Result<Report, Refusal> {
    let mut input = input::open(link, order)?;
    let Some(mut sound) = decode::sound(&input)? else {
        return Err(Refusal::new("no-sound", ""));
    };
    let start_us = crate::preview::start_us(&input);
    let mut resampler = Resampler::new(Sample::I16(Type::Packed), ChannelLayout::MONO, RATE);
    let out = BufWriter::with_capacity(1 << 20, Outgoing::new(link, order, Product::Speech));
    let mut writing = Writing { out, samples: 0, begun: false };
    writing.out.write_all(&header(0)).map_err(|error| Refusal::lost(&error))?;
    let mut leaps = Leaps::default();
    loop {
        // A packet of its own for each: reading into one that is full would lose its bytes, and
        // the memory of the worker would grow with the recording.
        let mut packet = Packet::empty();
        let read = packet.read(&mut input);
        let ended = match read {
            Ok(()) => false,
            Err(Error::InvalidData) => continue,
            Err(Error::Eof) => true,
            Err(error) => {
                let refusal = Refusal::of(error, "packets");
                if refusal.reason == "read-failed" {
                    return Err(refusal);
                }
                true
            }
        };
        if !ended && packet.stream() != sound.index {
            continue;
        }
        let piece = if ended { None } else { Some(&packet) };
        sound.decode(piece, &mut |piece, at_us| {
            writing.follow(at_us.map(|at_us| leaps.level(at_us) - start_us))?;
            writing.samples(&resampler.run(Some(piece))?)
        })?;
        if ended {
            break;
        }
    }
    writing.samples(&resampler.run(None)?)?;
    writing.finish()?;
    let value = "16 kHz mono 16 bit WAV".to_owned();
    let recipe = Tag { name: Product::Speech.as_str().to_owned(), value };
    Ok(Report { recipes: vec![recipe], ..Report::default() })
}

impl Writing {
    fn follow(&mut self, at_us: Option<i64>) -> Result<(), Refusal> {
        let Some(at_us) = at_us else { return Ok(()) };
        let missing = at_us - self.samples * 1_000_000 / i64::from(RATE);
        if missing > DRIFT_US || (!self.begun && missing > 0) {
            let silence = (missing * i64::from(RATE) / 1_000_000).min(SILENCE_MAX);
            for _ in 0..silence {
                self.out.write_all(&[0, 0]).map_err(|error| Refusal::lost(&error))?;
            }
            self.samples += silence;
        }
        self.begun = true;
        Ok(())
    }

    fn samples(&mut self, out: &frame::Audio) -> Result<(), Refusal> {
        if out.samples() == 0 {
            return Ok(());
        }
        for sample in &out.plane::<i16>(0)[..out.samples()] {
            self.out.write_all(&sample.to_le_bytes()).map_err(|error| Refusal::lost(&error))?;
        }
        self.samples += i64::try_from(out.samples()).unwrap_or(0);
        Ok(())
    }

    /// Puts the right length into the header.
    fn finish(mut self) -> Result<(), Refusal> {
        let bytes = u32::try_from(self.samples * 2).unwrap_or(u32::MAX - HEADER_BYTES);
        self.out.seek(SeekFrom::Start(0)).map_err(|error| Refusal::lost(&error))?;
        self.out.write_all(&header(bytes)).map_err(|error| Refusal::lost(&error))?;
        self.out.flush().map_err(|error| Refusal::lost(&error))
    }
}

/// The header of a plain WAV file.
fn header(bytes: u32) -> Vec<u8> {
    let mut header = Vec::with_capacity(HEADER_BYTES as usize);
    header.extend(b"RIFF");
    header.extend(bytes.saturating_add(36).to_le_bytes());
    header.extend(b"WAVEfmt ");
    header.extend(16_u32.to_le_bytes());
    for number in [1_u16, 1] {
        header.extend(number.to_le_bytes());
    }
    for number in [RATE, RATE * 2] {
        header.extend(number.to_le_bytes());
    }
    for number in [2_u16, 16] {
        header.extend(number.to_le_bytes());
    }
    header.extend(b"data");
    header.extend(bytes.to_le_bytes());
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_has_its_length_and_says_how_much_follows() {
        let header = header(8);
        assert_eq!(header.len(), HEADER_BYTES as usize);
        assert_eq!(header[40..44], 8_u32.to_le_bytes());
    }
}
