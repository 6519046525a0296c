//! Engines that turn sound into text: a command of the operator's choice, and whisper.cpp.
//!
//! Promises: the sound reaches an engine through a pipe, never as a file on the disk; what it
//! answers is bounded and parsed as hostile; one that takes too long is ended. Which engine heard
//! a text stands in the text. An engine is configured by the operator; none is chosen by itself.

use super::captions::{Caption, read_captions};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{SPEECH_ANSWER_BYTES_MAX, SPEECH_WAIT, SPEECH_WAIT_PER_SECOND};
use crate::store::stage::ObjectSource;
use serde::Deserialize;
use std::fmt;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A piece of what an engine heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// When and what.
    pub caption: Caption,
    /// How sure it was, in thousandths.
    pub confidence: Option<u16>,
}

/// Turns sound into text. Implementations may be called from several threads. A call either gives
/// everything it heard or fails; it may be repeated.
pub trait Transcriber: fmt::Debug + Send + Sync {
    /// Program, version and model, as it stands in the record.
    fn identity(&self) -> String;

    /// The language it listens for; empty where it finds out by itself.
    fn language(&self) -> String;

    /// Listens to 16 kHz mono 16-bit WAV of that length.
    fn transcribe(&self, wav: &mut Sound<'_>) -> Outcome<Vec<Heard>>;
}

/// Sound for an engine: a WAV file that is nowhere on the disk in the clear.
pub struct Sound<'a> {
    source: &'a mut dyn ObjectSource,
    at: u64,
}

impl<'a> Sound<'a> {
    pub(crate) fn new(source: &'a mut dyn ObjectSource) -> Self {
        Self { source, at: 0 }
    }

    /// How many bytes are left.
    pub fn left(&self) -> u64 {
        self.source.bytes() - self.at
    }

    /// The next bytes; none at the end.
    pub fn next_piece(&mut self, buffer: &mut [u8]) -> Outcome<usize> {
        let length = usize::try_from(self.left()).unwrap_or(usize::MAX).min(buffer.len());
        self.source.read(self.at, &mut buffer[..length])?;
        self.at += length as u64;
        Ok(length)
    }
}

/// A program that reads WAV from its standard input (or `{wav}` in its arguments) and writes
/// WebVTT, SRT or JSON (`[{"from_ms":0,"to_ms":1,"text":"…","speaker":"…","confidence":930}]`).
#[derive(Debug, Clone)]
pub struct CommandEngine {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// What stands in the record: name, version, model.
    pub identity: String,
    /// The language it listens for.
    pub language: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeardJson {
    from_ms: u64,
    to_ms: u64,
    text: String,
    #[serde(default)]
    speaker: String,
    #[serde(default)]
    confidence: Option<u16>,
}

fn failed(reason: &'static str) -> Fault {
    Fault::new(Code::SpeechEngineFailed).with("reason", reason)
}

impl CommandEngine {
    fn start(&self) -> Outcome<Child> {
        let (program, arguments) =
            self.command.split_first().ok_or_else(|| failed("not-configured"))?;
        let arguments = arguments.iter().map(|argument| argument.replace("{wav}", "/dev/stdin"));
        Command::new(program)
            .args(arguments)
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("LANG", "C.UTF-8")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| failed("does-not-start").with("path", program).caused_by(error))
    }
}

impl Transcriber for CommandEngine {
    fn identity(&self) -> String {
        self.identity.clone()
    }

    fn language(&self) -> String {
        self.language.clone()
    }

    fn transcribe(&self, wav: &mut Sound<'_>) -> Outcome<Vec<Heard>> {
        let seconds = wav.left() / (2 * super::sound::SAMPLE_RATE);
        let within =
            SPEECH_WAIT + SPEECH_WAIT_PER_SECOND * u32::try_from(seconds).unwrap_or(u32::MAX);
        let mut child = self.start()?;
        let watch = Watch::over(&child, within);
        let answered = converse(&mut child, wav);
        let in_time = watch.end();
        let answer = match (in_time, answered) {
            (false, _) => Err(failed("takes-too-long")),
            (true, answered) => answered,
        };
        if answer.is_err() {
            // Whatever it still does is of no use to anybody.
            child.kill().ok();
        }
        let ended = child.wait().map_err(|error| failed("does-not-end").caused_by(error))?;
        let answer = answer?;
        if !ended.success() {
            return Err(failed("ended-with-an-error"));
        }
        heard(&answer, seconds * 1_000)
    }
}

/// Ends an engine that takes too long, even if it neither reads nor writes.
struct Watch {
    done: std::sync::mpsc::Sender<()>,
    thread: std::thread::JoinHandle<bool>,
}

impl Watch {
    fn over(child: &Child, within: Duration) -> Self {
        let process = rustix::process::Pid::from_child(child);
        let (done, waiting) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let in_time = waiting.recv_timeout(within).is_ok();
            if !in_time {
                // Its number is its own until it is waited for, which happens after this thread.
                rustix::process::kill_process(process, rustix::process::Signal::KILL).ok();
            }
            in_time
        });
        Self { done, thread }
    }

    /// Ends the watch; tells whether it was in time.
    fn end(self) -> bool {
        self.done.send(()).ok();
        self.thread.join().unwrap_or(false)
    }
}

/// Feeds the sound and gathers the answer at the same time: an engine may write before it has
/// read everything. Returns when the engine closed its output.
fn converse(child: &mut Child, wav: &mut Sound<'_>) -> Outcome<Vec<u8>> {
    let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(failed("does-not-start"));
    };
    let reading = std::thread::spawn(move || {
        let mut answer = Vec::new();
        from.take(SPEECH_ANSWER_BYTES_MAX + 1).read_to_end(&mut answer).map(|_| answer)
    });
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = wav.next_piece(&mut buffer)?;
        // An engine that stopped reading may still answer.
        if length == 0 || to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    drop(to);
    let answer = reading.join().map_err(|_| failed("answers-nothing"))?;
    let answer = answer.map_err(|error| failed("answers-nothing").caused_by(error))?;
    if answer.len() as u64 > SPEECH_ANSWER_BYTES_MAX {
        return Err(failed("answers-too-much"));
    }
    Ok(answer)
}

/// Reads an answer in any of the forms.
fn heard(answer: &[u8], length_ms: u64) -> Outcome<Vec<Heard>> {
    let text = answer.trim_ascii();
    if text.is_empty() || text == b"WEBVTT" {
        return Ok(Vec::new());
    }
    if text.starts_with(b"[") {
        let parsed: Vec<HeardJson> = serde_json::from_slice(text)
            .map_err(|error| failed("answers-nonsense").caused_by(error))?;
        let caption = |one: HeardJson| Heard {
            confidence: one.confidence.map(|confidence| confidence.min(1_000)),
            caption: Caption {
                from_ms: one.from_ms,
                to_ms: one.to_ms,
                speaker: one.speaker,
                text: one.text.trim().to_owned(),
            },
        };
        return Ok(parsed.into_iter().map(caption).collect());
    }
    let captions = read_captions(answer, length_ms)
        .map_err(|fault| failed("answers-nonsense").caused_by(fault))?;
    Ok(captions.into_iter().map(|caption| Heard { caption, confidence: None }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine(script: &str) -> CommandEngine {
        let command = ["sh", "-c", script].map(str::to_owned).to_vec();
        CommandEngine { command, identity: "test".into(), language: "en".into() }
    }

    fn transcribe(script: &str) -> Outcome<Vec<Heard>> {
        let bytes = vec![7; 400_000];
        let mut source = bytes.as_slice();
        engine(script).transcribe(&mut Sound::new(&mut source))
    }

    #[test]
    fn an_engine_gets_the_whole_sound_and_its_answer_is_read() {
        let script = r#"n=$(wc -c); printf '[{"from_ms":0,"to_ms":9,"text":"%s"}]' "$n""#;
        assert_eq!(transcribe(script).unwrap()[0].caption.text, "400000");
        let vtt =
            transcribe("cat >/dev/null; printf 'WEBVTT\\n\\n00:01.000 --> 00:02.000\\nhi\\n'");
        assert_eq!(vtt.unwrap()[0].caption.from_ms, 1_000);
        assert!(transcribe("cat >/dev/null; echo WEBVTT").unwrap().is_empty());
    }

    #[test]
    fn an_engine_that_fails_says_so() {
        for script in ["exit 3", "cat >/dev/null; echo '[{'", "printf '\\377\\376'"] {
            let fault = transcribe(script).unwrap_err();
            assert_eq!(fault.code(), Code::SpeechEngineFailed, "{script}");
        }
        let missing = CommandEngine {
            command: vec!["/nonexistent/engine".into()],
            identity: String::new(),
            language: String::new(),
        };
        let bytes = [0; 50];
        let mut source = &bytes[..];
        let fault = missing.transcribe(&mut Sound::new(&mut source)).unwrap_err();
        assert_eq!(fault.code(), Code::SpeechEngineFailed);
    }
}
