//! Why a command did not answer: a fault of the core, a call that makes no sense, or an output
//! that nobody takes.
//!
//! Promises: says what, why and what next on stderr, and with `--json` the same as one document
//! on stdout. A reader that went away (`| head`) is not a failure.

use crate::exit::Exit;
use crate::output;
use serde_json::{Map, Value, json};
use std::io;
use vault_core::fault::{Class, Fault};
use vault_core::wording::{FaultText, Wording};

/// The result of a command.
pub(crate) type Answer<T> = Result<T, Failure>;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The core says no.
    Fault(Fault),
    /// The call makes no sense; a key of the catalogue, and its values.
    Usage(&'static str, Vec<(&'static str, String)>),
    /// Stdout cannot be written.
    Output(io::Error),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl Failure {
    /// How the program ends.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Fault(fault) => Exit::Class(fault.code().class()),
            Self::Usage(..) => Exit::Class(Class::Usage),
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
            Self::Output(_) => Exit::Class(Class::Failed),
        }
    }

    /// Tells people, and with `json` programs.
    pub(crate) fn report(&self, wording: &Wording, json: bool) {
        let (code, text, details) = match self {
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return,
            Self::Output(error) => {
                let cause = error.to_string();
                let what = wording.text("ctl-output-failed", &[("cause", &cause)]);
                ("output-failed", FaultText { what, why: None, next: None }, &[][..])
            }
            Self::Fault(fault) => (fault.code().as_str(), wording.fault(fault), fault.details()),
            Self::Usage(key, values) => {
                let values: Vec<_> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
                let next = Some(wording.text("ctl-usage-next", &[]));
                let text = FaultText { what: wording.text(key, &values), why: None, next };
                ("usage", text, &[][..])
            }
        };
        tell(wording, &text);
        if json && !matches!(self, Self::Output(_)) {
            // Nothing is left to do if stdout is gone as well.
            let _unwritten = output::json(&json!({ "error": as_json(code, &text, details) }));
        }
    }
}

/// What people are told, on stderr: one line each for what, why and what next.
pub(crate) fn tell(wording: &Wording, text: &FaultText) {
    output::note(&wording.text("ctl-error", &[("what", &text.what)]));
    if let Some(why) = &text.why {
        output::note(&wording.text("ctl-error-why", &[("why", why)]));
    }
    if let Some(next) = &text.next {
        output::note(&wording.text("ctl-error-next", &[("next", next)]));
    }
}

/// The form in which programs are told: the words, and the details by their stable names.
pub(crate) fn as_json(code: &str, text: &FaultText, details: &[(&'static str, String)]) -> Value {
    let details: Map<_, _> =
        details.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
    json!({
        "code": code,
        "what": text.what,
        "why": text.why,
        "next": text.next,
        "details": details,
    })
}
