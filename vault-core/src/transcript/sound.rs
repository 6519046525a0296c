//! Where there is silence: what a program claims to hear there is left out.
//!
//! Speech recognisers invent sentences in silence. The samples decide, not the recogniser: a
//! stretch whose level stays below the threshold holds no words.

use crate::fault::Outcome;
use crate::store::stage::ObjectSource;
use std::ops::Range;

/// Samples per second of sound for recognition.
pub(super) const SAMPLE_RATE: u64 = 16_000;

/// Bytes before the first sample of the plain WAV file that the worker writes.
const HEADER_BYTES: u64 = 44;

/// The level is taken over windows of this length, in milliseconds.
const WINDOW_MS: u64 = 100;

/// Below this root mean square there are no words: −54 dBFS, the noise of a quiet office through
/// a recorder's microphone lies above it.
const SILENT_BELOW: u64 = 65;

/// Bytes of one window.
const WINDOW_BYTES: usize = 2 * 16 * 100;

/// The stretches without sound, in milliseconds.
pub(super) fn silent_stretches(wav: &mut dyn ObjectSource) -> Outcome<Vec<Range<u64>>> {
    let mut silent: Vec<Range<u64>> = Vec::new();
    let mut buffer = vec![0; WINDOW_BYTES * 100];
    let mut at = HEADER_BYTES;
    let mut window = 0;
    while at < wav.bytes() {
        let length = usize::try_from(wav.bytes() - at).unwrap_or(usize::MAX).min(buffer.len());
        wav.read(at, &mut buffer[..length])?;
        for samples in buffer[..length].chunks(WINDOW_BYTES) {
            let (from, to) = (window * WINDOW_MS, (window + 1) * WINDOW_MS);
            if mean_square(samples) < SILENT_BELOW * SILENT_BELOW {
                match silent.last_mut() {
                    Some(last) if last.end == from => last.end = to,
                    _ => silent.push(from..to),
                }
            }
            window += 1;
        }
        at += length as u64;
    }
    Ok(silent)
}

fn mean_square(samples: &[u8]) -> u64 {
    let (mut sum, mut count) = (0_u64, 0);
    for sample in samples.chunks_exact(2) {
        let level = u64::from(i16::from_le_bytes([sample[0], sample[1]]).unsigned_abs());
        sum += level * level;
        count += 1;
    }
    sum.checked_div(count).unwrap_or(0)
}

/// Whether a piece lies in silence for at least four fifths of its length.
pub(super) fn lies_in_silence(from_ms: u64, to_ms: u64, silent: &[Range<u64>]) -> bool {
    let length = to_ms.saturating_sub(from_ms).max(1);
    let covered: u64 = silent
        .iter()
        .map(|stretch| stretch.end.min(to_ms).saturating_sub(stretch.start.max(from_ms)))
        .sum();
    covered * 5 >= length * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_told_from_sound_and_words_in_it_are_found() {
        // One second of silence, one of a loud tone, one of silence.
        let mut wav = vec![0; usize::try_from(HEADER_BYTES).unwrap()];
        let samples = usize::try_from(SAMPLE_RATE).unwrap();
        for second in 0..3 {
            for sample in 0..samples {
                let level = if second == 1 && sample % 32 < 16 { 8_000_i16 } else { 3 };
                wav.extend(level.to_le_bytes());
            }
        }
        let silent = silent_stretches(&mut wav.as_slice()).unwrap();
        assert_eq!(silent, [0..1_000, 2_000..3_000]);
        assert!(lies_in_silence(2_100, 2_900, &silent));
        assert!(lies_in_silence(100, 1_100, &silent));
        assert!(!lies_in_silence(900, 1_900, &silent));
    }
}
