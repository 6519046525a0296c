//! Captions in and out: WebVTT, SubRip (SRT) and plain text.
//!
//! Reading takes what people and programs really write: either comma or point in times, hours or
//! none, byte order marks, style blocks, markup. What is not a cue is left out, never guessed at;
//! a file without a single cue is refused. Writing makes WebVTT that players take, and plain text
//! for people.

use super::document::{Cue, Origin, Transcript};
use crate::fault::{Code, Fault, Outcome};
use std::fmt::Write;

/// A cue as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    /// Begin, in milliseconds.
    pub from_ms: u64,
    /// End.
    pub to_ms: u64,
    /// Who speaks.
    pub speaker: String,
    /// What is said.
    pub text: String,
}

impl From<&Cue> for Caption {
    fn from(cue: &Cue) -> Self {
        let Cue { from_ms, to_ms, speaker, text, .. } = cue.clone();
        Self { from_ms, to_ms, speaker, text }
    }
}

impl Caption {
    /// As a piece of a transcript.
    pub(crate) fn into_cue(self, origin: Origin, confidence: Option<u16>) -> Cue {
        let Self { from_ms, to_ms, speaker, text } = self;
        Cue { from_ms, to_ms, speaker, text, origin, confidence }
    }
}

/// Reads WebVTT or SRT; text without any time becomes one caption a line, over the whole length.
pub fn read_captions(bytes: &[u8], length_ms: u64) -> Outcome<Vec<Caption>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Fault::new(Code::TranscriptInvalid).with("reason", "not-utf-8").caused_by(error)
    })?;
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    let timed = text.starts_with("WEBVTT") || text.contains("-->");
    let captions = if timed { timed_captions(&text) } else { plain_captions(&text, length_ms) };
    if captions.is_empty() {
        return Err(Fault::new(Code::TranscriptInvalid).with("reason", "no-cue"));
    }
    Ok(captions)
}

fn timed_captions(text: &str) -> Vec<Caption> {
    text.split("\n\n").filter_map(|block| caption_of(block.trim_matches('\n'))).collect()
}

fn plain_captions(text: &str, to_ms: u64) -> Vec<Caption> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let caption = |line: &str| {
        let (speaker, text) = (String::new(), line.to_owned());
        Caption { from_ms: 0, to_ms, speaker, text }
    };
    lines.map(caption).collect()
}

/// A block of lines: perhaps an identifier, a line of times, then what is said.
fn caption_of(block: &str) -> Option<Caption> {
    let mut lines = block.lines();
    let times = lines.by_ref().take(2).find(|line| line.contains("-->"))?;
    let (from, to) = times.split_once("-->")?;
    let from_ms = time_ms(from.trim())?;
    // Behind the end may stand settings of WebVTT.
    let to_ms = time_ms(to.split_whitespace().next()?)?;
    let said = lines.collect::<Vec<_>>().join("\n");
    let (speaker, text) = unmarked(&said);
    (!text.is_empty() && from_ms <= to_ms).then_some(Caption { from_ms, to_ms, speaker, text })
}

/// `[HH:]MM:SS.mmm`, with a point or a comma.
fn time_ms(text: &str) -> Option<u64> {
    let (clock, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let mut seconds = 0_u64;
    for part in clock.split(':') {
        let part: u64 = part.parse().ok().filter(|part| *part < 100_000)?;
        seconds = seconds.checked_mul(60)?.checked_add(part)?;
    }
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    Some(seconds * 1_000 + digits.parse::<u64>().ok()?)
}

/// Takes the markup out, and the speaker's name of a voice span.
fn unmarked(said: &str) -> (String, String) {
    let (mut speaker, mut text) = (String::new(), String::new());
    let mut rest = said;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        let Some(end) = rest[at..].find('>') else {
            rest = &rest[at..];
            break;
        };
        let tag = &rest[at + 1..at + end];
        if let Some(name) = tag.strip_prefix("v ").or_else(|| tag.strip_prefix("v.")) {
            name.trim().clone_into(&mut speaker);
        }
        rest = &rest[at + end + 1..];
    }
    text.push_str(rest);
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&lrm;", ""),
        ("&rlm;", ""),
        ("&amp;", "&"),
    ];
    for (entity, character) in entities {
        text = text.replace(entity, character);
        speaker = speaker.replace(entity, character);
    }
    (speaker, text.trim().to_owned())
}

/// A place in a recording, as captions write it: `01:02:03.400`.
pub(crate) fn shown_time(ms: u64) -> String {
    let (seconds, rest) = (ms / 1_000, ms % 1_000);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{hours:02}:{minutes:02}:{seconds:02}.{rest:03}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The text as WebVTT; the notes stand at its head, where players do not show them.
pub fn write_webvtt(transcript: &Transcript, notes: &[String]) -> String {
    let mut out = String::from("WEBVTT\n\n");
    for note in notes {
        // An arrow would begin a cue, an empty line would end the note.
        let note = note.replace("-->", "→").replace('\n', " ");
        writeln!(out, "NOTE {note}\n").ok();
    }
    for cue in &transcript.cues {
        let (from, to) = (shown_time(cue.from_ms), shown_time(cue.to_ms));
        let speaker = escaped(&cue.speaker);
        let voice = if speaker.is_empty() { String::new() } else { format!("<v {speaker}>") };
        let text = escaped(&cue.text);
        let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        writeln!(out, "{from} --> {to}\n{voice}{}\n", lines.join("\n")).ok();
    }
    out
}

/// The text for people: a line for each piece, under the notes.
pub fn write_text(transcript: &Transcript, notes: &[String]) -> String {
    let mut out = String::new();
    for note in notes {
        writeln!(out, "# {note}").ok();
    }
    for cue in &transcript.cues {
        let from = shown_time(cue.from_ms);
        let text = cue.text.replace('\n', " ");
        match cue.speaker.as_str() {
            "" => writeln!(out, "[{from}] {text}").ok(),
            speaker => writeln!(out, "[{from}] {speaker}: {text}").ok(),
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use vault_proof::ContentId;

    const VTT: &str = "\u{feff}WEBVTT - title\r\n\r\nSTYLE\r\n::cue{}\r\n\r\nNOTE hello\r\n\r\n1\r\n\
        00:01.500 --> 00:03.000 align:start\r\n<v 承办人>请出示<b>证件</b> &amp; 许可证\r\n\r\n\
        01:00:00.000 --> 01:00:01.000\r\n第二句\r\n续行\r\n";

    #[test]
    fn webvtt_and_subrip_are_read() {
        let captions = read_captions(VTT.as_bytes(), 0).unwrap();
        assert_eq!(captions.len(), 2);
        assert_eq!((captions[0].from_ms, captions[0].to_ms), (1_500, 3_000));
        assert_eq!(captions[0].speaker, "承办人");
        assert_eq!(captions[0].text, "请出示证件 & 许可证");
        assert_eq!(captions[1].text, "第二句\n续行");
        let srt = "1\n00:00:01,250 --> 00:00:02,000\nhello\n\n2\n00:00:03,5 --> 00:00:04,000\nyou";
        let captions = read_captions(srt.as_bytes(), 0).unwrap();
        assert_eq!(captions[0].from_ms, 1_250);
        assert_eq!(captions[1].from_ms, 3_500);
    }

    #[test]
    fn text_without_times_spans_the_whole_and_nonsense_is_refused() {
        let captions = read_captions("第一句\n\n第二句\n".as_bytes(), 9_000).unwrap();
        assert_eq!(captions.len(), 2);
        assert_eq!((captions[1].from_ms, captions[1].to_ms), (0, 9_000));
        for bad in [&b""[..], b"WEBVTT\n\n", b"\xff\xfe", b"00:05.000 --> 00:01.000\nx"] {
            assert_eq!(read_captions(bad, 0).unwrap_err().code(), Code::TranscriptInvalid);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_as_webvtt_is_read_back(
            cues in proptest::collection::vec(
                (0u64..10_000_000, 0u64..10_000, "[^\u{0}-\u{1f}<>&]{0,8}", "[^\u{0}-\u{1f}\u{85}\u{2028}\u{2029}]{1,30}"),
                1..10,
            )
        ) {
            let cues: Vec<Cue> = cues
                .into_iter()
                .filter(|(_, _, _, text)| !text.trim().is_empty())
                .map(|(from_ms, length, speaker, text)| Cue {
                    from_ms,
                    to_ms: from_ms + length,
                    speaker: speaker.trim().to_owned(),
                    text: text.trim().to_owned(),
                    origin: Origin::Person,
                    confidence: None,
                })
                .collect();
            prop_assume!(!cues.is_empty() && cues.iter().all(|cue| !cue.text.contains("-->")));
            let transcript = Transcript {
                recording: ContentId::from_bytes([0; 32]),
                language: String::new(),
                engine: String::new(),
                left_out: 0,
                cues,
            };
            let file = write_webvtt(&transcript, &["a note --> with\nan arrow".to_owned()]);
            let back = read_captions(file.as_bytes(), 0).unwrap();
            prop_assert_eq!(back.len(), transcript.cues.len());
            for (caption, cue) in back.iter().zip(&transcript.cues) {
                prop_assert_eq!((caption.from_ms, caption.to_ms), (cue.from_ms, cue.to_ms));
                prop_assert_eq!(&caption.text, &cue.text);
            }
        }

        #[test]
        fn no_file_brings_the_reader_down(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut file = b"WEBVTT\n\n00:01.000 --> 00:02.000\n".to_vec();
            file.extend(bytes);
            read_captions(&file, 5).ok();
        }
    }
}
