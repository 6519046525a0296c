//! whisper.cpp inside this program, with a model the operator configured.
//!
//! Built only with the feature `whisper`. The model's digest stands in the record, so that a text
//! can be traced to what heard it. Long sound is listened to in stretches: memory stays flat.

use super::captions::Caption;
use super::engine::{Heard, Sound, Transcriber};
use crate::fault::{Code, Fault, Outcome};
use std::fmt;
use std::path::Path;
use whisper_rs::{FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters};

/// Samples listened to at once: ten minutes.
const STRETCH_SAMPLES: usize = 600 * 16_000;

/// Bytes of a WAV header as the worker writes it.
const HEADER_BYTES: usize = 44;

/// A loaded model.
pub struct WhisperEngine {
    context: WhisperContext,
    identity: String,
    language: String,
}

impl fmt::Debug for WhisperEngine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "WhisperEngine({})", self.identity)
    }
}

fn failed(reason: &'static str) -> Fault {
    Fault::new(Code::SpeechEngineFailed).with("reason", reason)
}

impl WhisperEngine {
    /// Loads a model.
    pub fn load(model: &Path, language: &str) -> Outcome<Self> {
        let unreadable = |error| Fault::from_file(error, model);
        let mut hasher = blake3::Hasher::new();
        let mut file = std::fs::File::open(model).map_err(unreadable)?;
        std::io::copy(&mut file, &mut hasher).map_err(unreadable)?;
        let digest = hasher.finalize().to_hex();
        let context = WhisperContext::new_with_params(model, WhisperContextParameters::default())
            .map_err(|error| failed("does-not-start").caused_by(error))?;
        let name = model.file_name().unwrap_or_default().to_string_lossy();
        let identity = format!("whisper.cpp {name} blake3:{digest}");
        Ok(Self { context, identity, language: language.to_owned() })
    }

    fn listen(&self, samples: &[f32], from_ms: u64, heard: &mut Vec<Heard>) -> Outcome<()> {
        let broken = |error| failed("ended-with-an-error").caused_by(error);
        let mut state = self.context.create_state().map_err(broken)?;
        let mut params = FullParams::new(SamplingStrategy::Greedy { best_of: 1 });
        params.set_print_progress(false);
        params.set_print_realtime(false);
        params.set_print_special(false);
        params.set_language(if self.language.is_empty() { None } else { Some(&self.language) });
        state.full(params, samples).map_err(broken)?;
        for segment in state.as_iter() {
            // Times of whisper.cpp are hundredths of a second.
            let at = |hundredths: i64| from_ms + u64::try_from(hundredths).unwrap_or(0) * 10;
            let text = segment.to_str_lossy().map_err(broken)?.trim().to_owned();
            let (speaker, sure) = (String::new(), 1.0 - segment.no_speech_probability());
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0..=1000")]
            let confidence = (sure.clamp(0.0, 1.0) * 1_000.0) as u16;
            heard.push(Heard {
                caption: Caption {
                    from_ms: at(segment.start_timestamp()),
                    to_ms: at(segment.end_timestamp()),
                    speaker,
                    text,
                },
                confidence: Some(confidence),
            });
        }
        Ok(())
    }
}

impl Transcriber for WhisperEngine {
    fn identity(&self) -> String {
        self.identity.clone()
    }

    fn language(&self) -> String {
        self.language.clone()
    }

    fn transcribe(&self, wav: &mut Sound<'_>) -> Outcome<Vec<Heard>> {
        let mut header = [0; HEADER_BYTES];
        wav.next_piece(&mut header)?;
        let mut bytes = vec![0; STRETCH_SAMPLES * 2];
        let (mut heard, mut from_ms) = (Vec::new(), 0);
        loop {
            let length = wav.next_piece(&mut bytes)?;
            if length == 0 {
                return Ok(heard);
            }
            let samples: Vec<f32> = bytes[..length]
                .chunks_exact(2)
                .map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32_768.0)
                .collect();
            self.listen(&samples, from_ms, &mut heard)?;
            from_ms += length as u64 / 32;
        }
    }
}
