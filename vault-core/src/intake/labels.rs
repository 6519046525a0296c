//! Labels (R03, R08, R09, R11): what a recording is marked with when it is received.

use crate::clock::{UtcTime, parse_time};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{CLOCK_OFFSET_SECONDS_MAX, LABEL_BYTES_MAX};

/// The activities of A3.4.
pub const ACTIVITIES: &[&str] = &[
    "inspection",
    "complaint",
    "evidence-taking",
    "advance-registration",
    "service",
    "retained-service",
    "posted-notice",
    "coercive-measure",
    "other",
];

/// The classes of A2.18(一)6 that an installation without clearance may hold.
pub const SECRECIES: &[&str] = &["ordinary", "privacy", "trade-secret"];

/// Labels as somebody typed them; empty where nothing was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelInput {
    /// 案号; required.
    pub case: String,
    /// 行政相对人; required.
    pub counterpart: String,
    /// 承办人; required.
    pub handler: String,
    /// The activity, by its code; required.
    pub activity: String,
    /// The recorder.
    pub device: String,
    /// 制作人; the handler if not said.
    pub maker: String,
    /// 制作方法.
    pub method: String,
    /// 证明对象.
    pub proves: String,
    /// Secrecy, by its code; ordinary if not said.
    pub secrecy: String,
    /// When the recording began, as `2026-01-15T09:30:12+08:00`; UTC+8 if no zone is said.
    pub recorded_at: String,
    /// How many seconds the device's clock was behind; negative if it was ahead.
    pub clock_offset: String,
}

impl LabelInput {
    /// Every label by its name.
    pub fn texts(&self) -> [(&'static str, &str); 11] {
        [
            ("case", &self.case),
            ("counterpart", &self.counterpart),
            ("handler", &self.handler),
            ("activity", &self.activity),
            ("device", &self.device),
            ("maker", &self.maker),
            ("method", &self.method),
            ("proves", &self.proves),
            ("secrecy", &self.secrecy),
            ("recorded_at", &self.recorded_at),
            ("clock_offset", &self.clock_offset),
        ]
    }

    /// Labels made of what stands under each name.
    pub fn of_texts(mut text: impl FnMut(&str) -> String) -> Self {
        Self {
            case: text("case"),
            counterpart: text("counterpart"),
            handler: text("handler"),
            activity: text("activity"),
            device: text("device"),
            maker: text("maker"),
            method: text("method"),
            proves: text("proves"),
            secrecy: text("secrecy"),
            recorded_at: text("recorded_at"),
            clock_offset: text("clock_offset"),
        }
    }
}

/// Labels that were checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    input: LabelInput,
    declared: Option<UtcTime>,
    clock_offset_ms: i64,
}

/// Checks what a person wrote: there if required, not too long, nothing that deceives when shown.
pub(crate) fn checked_text(label: &'static str, text: &str, required: bool) -> Outcome<()> {
    checked_text_of(label, text, required, LABEL_BYTES_MAX)
}

/// As `checked_text` for a label of a recording, whose article is that of intake.
pub(super) fn checked_label(label: &'static str, text: &str, required: bool) -> Outcome<()> {
    let wrong = wrong_with(text, required, LABEL_BYTES_MAX);
    wrong.map_or(Ok(()), |reason| Err(invalid(label, reason)))
}

/// As `checked_text`, with a longest of its own in bytes.
pub(crate) fn checked_text_of(
    label: &'static str,
    text: &str,
    required: bool,
    bytes_max: usize,
) -> Outcome<()> {
    let Some(reason) = wrong_with(text, required, bytes_max) else { return Ok(()) };
    let fault = Fault::new(Code::TextInvalid).with("label", label).with("reason", reason);
    Err(fault.with("limit", bytes_max))
}

/// What is wrong with a text, by its code; `None` where nothing is.
fn wrong_with(text: &str, required: bool, bytes_max: usize) -> Option<&'static str> {
    if required && text.trim().is_empty() {
        return Some("missing");
    }
    if text.len() > bytes_max {
        return Some("too long");
    }
    text.chars().any(is_deceptive).then_some("control characters")
}

fn invalid(label: &'static str, reason: &'static str) -> Fault {
    Fault::new(Code::LabelInvalid).with("label", label).with("reason", reason)
}

fn clock_offset_ms(text: &str) -> Outcome<i64> {
    if text.is_empty() {
        return Ok(0);
    }
    let seconds = text.parse::<i64>().ok();
    let seconds = seconds.filter(|seconds| seconds.abs() <= CLOCK_OFFSET_SECONDS_MAX);
    seconds.map(|seconds| seconds * 1_000).ok_or_else(|| invalid("clock-offset", "unknown"))
}

/// Characters that would move the cursor or turn the reading direction when shown.
fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl Labels {
    /// Checks every label: the required ones are there, none is too long or deceptive, the codes
    /// are known, and state secrets are refused (R11).
    pub fn checked(input: LabelInput) -> Outcome<Self> {
        for (label, text) in &input.texts()[..4] {
            if text.trim().is_empty() {
                return Err(invalid(label, "missing").with("article", "A2.18(一)1"));
            }
        }
        Self::formed(input)
    }

    /// As `checked`, for what may wait in the tray: where a required label is missing it has no
    /// case, which is what the tray goes by.
    pub fn or_waiting(mut input: LabelInput) -> Outcome<Self> {
        if input.texts()[..4].iter().any(|(_, text)| text.trim().is_empty()) {
            input.case.clear();
        }
        Self::formed(input)
    }

    /// Checks the form of what was said.
    fn formed(mut input: LabelInput) -> Outcome<Self> {
        if input.secrecy.is_empty() {
            "ordinary".clone_into(&mut input.secrecy);
        }
        if input.maker.is_empty() {
            input.maker.clone_from(&input.handler);
        }
        for (label, text) in input.texts() {
            checked_label(label, text, false)?;
        }
        if input.secrecy == "state-secret" {
            return Err(Fault::new(Code::StateSecretRefused).with("article", "A2.18(一)6"));
        }
        if !SECRECIES.contains(&input.secrecy.as_str()) {
            return Err(invalid("secrecy", "unknown"));
        }
        let activity = input.activity.as_str();
        if !activity.is_empty() && !ACTIVITIES.contains(&activity) {
            return Err(invalid("activity", "unknown"));
        }
        let declared = match input.recorded_at.as_str() {
            "" => None,
            text => Some(parse_time(text).ok_or_else(|| invalid("recorded-at", "unknown"))?.0),
        };
        let clock_offset_ms = clock_offset_ms(&input.clock_offset)?;
        Ok(Self { input, declared, clock_offset_ms })
    }

    /// The labels.
    pub fn get(&self) -> &LabelInput {
        &self.input
    }

    /// The begin that was declared.
    pub fn declared(&self) -> Option<UtcTime> {
        self.declared
    }

    /// How much the device's clock was behind, in milliseconds.
    pub fn clock_offset_ms(&self) -> i64 {
        self.clock_offset_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> LabelInput {
        LabelInput {
            case: "吉民罚〔2026〕1号".into(),
            counterpart: "某协会".into(),
            handler: "张三".into(),
            activity: "evidence-taking".into(),
            ..LabelInput::default()
        }
    }

    #[test]
    fn what_is_required_is_required_and_the_rest_has_its_default() {
        let labels = Labels::checked(input()).expect("good labels");
        assert_eq!(labels.get().secrecy, "ordinary");
        assert_eq!(labels.get().maker, "张三");
        for clear in [
            |input: &mut LabelInput| input.case.clear(),
            |input: &mut LabelInput| input.counterpart = "  ".into(),
            |input: &mut LabelInput| input.handler.clear(),
            |input: &mut LabelInput| input.activity = "holiday".into(),
            |input: &mut LabelInput| input.secrecy = "cosmic".into(),
            |input: &mut LabelInput| input.proves = "a\nb".into(),
            |input: &mut LabelInput| input.device = "\u{202e}gpj".into(),
            |input: &mut LabelInput| input.maker = "长".repeat(400),
            |input: &mut LabelInput| input.recorded_at = "昨天".into(),
            |input: &mut LabelInput| input.clock_offset = "soon".into(),
        ] {
            let mut bad = input();
            clear(&mut bad);
            assert_eq!(Labels::checked(bad).expect_err("refused").code(), Code::LabelInvalid);
        }
    }

    #[test]
    fn state_secrets_are_refused() {
        let secret = LabelInput { secrecy: "state-secret".into(), ..input() };
        let fault = Labels::checked(secret).expect_err("refused");
        assert_eq!(fault.code(), Code::StateSecretRefused);
    }
}
