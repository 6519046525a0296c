//! Requests, grants and forms.

use super::{StepSaid, said_time, step_said};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use vault_core::access::{self, Form, RequestView};
use vault_core::clock::UtcTime;
use vault_core::policy::Actor;

/// Who asks.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicantSaid {
    /// `account`, `outside-account`, `counterpart` or `outside-body`.
    pub kind: String,
    /// The name.
    pub name: String,
    /// The unit.
    pub unit: String,
}

/// What the leader said.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionSaid {
    /// Consent, or refusal.
    pub consent: bool,
    /// Who.
    pub person: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: String,
}

/// The notice.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeSaid {
    /// Its year.
    pub year: u64,
    /// Its number in the year.
    pub number: u64,
    /// When it was made out.
    pub at: String,
}

/// How the notice was signed.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignatureSaid {
    /// `system` or `scan`.
    pub way: String,
    /// BLAKE3 of what was signed.
    pub digest: String,
    /// Who.
    pub person: String,
    /// When.
    pub at: String,
}

/// A request.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestSaid {
    /// Its number, and that of its grant.
    pub request: String,
    /// How it stands, by its code.
    pub state: &'static str,
    /// When it was made.
    pub at: String,
    /// The same in milliseconds since 1970.
    pub at_ms: i64,
    /// Who asks.
    pub applicant: ApplicantSaid,
    /// Who made or registered it.
    pub registered_by: String,
    /// Whose consent it takes: `in-charge` or `principal`.
    pub office: &'static str,
    /// `view` or `copy`.
    pub mode: &'static str,
    /// How many copies.
    pub copies: u64,
    /// Copies handed out.
    pub copies_out: u64,
    /// For how many days.
    pub days: u64,
    /// The stretch of each recording.
    pub stretch_ms: Option<(u64, u64)>,
    /// What for.
    pub purpose: String,
    /// What was asked for.
    pub recordings: Vec<String>,
    /// What the leader said.
    pub decision: Option<DecisionSaid>,
    /// The notice.
    pub notice: Option<NoticeSaid>,
    /// How it was signed.
    pub signature: Option<SignatureSaid>,
    /// The grant's number, once given.
    pub grant: Option<String>,
    /// When the grant ends.
    pub expires: Option<String>,
    /// The same in milliseconds since 1970.
    pub expires_ms: Option<i64>,
    /// Who took it back.
    pub revoked: Option<StepSaid>,
    /// Whether the one who asks now made it.
    pub own: bool,
    /// What he can do with it now.
    pub may: Vec<&'static str>,
}

/// A request, as this actor sees it.
pub fn request_said(view: &RequestView, actor: &Actor) -> RequestSaid {
    RequestSaid {
        request: view.id.to_string(),
        state: view.state.as_str(),
        at: said_time(view.at),
        at_ms: view.at.as_ms(),
        applicant: ApplicantSaid {
            kind: view.applicant.clone(),
            name: view.applicant_name.clone(),
            unit: view.applicant_unit.clone(),
        },
        registered_by: view.person.clone(),
        office: view.office.as_str(),
        mode: if view.copies_asked { "copy" } else { "view" },
        copies: view.copies,
        copies_out: view.copies_out,
        days: view.days,
        stretch_ms: view.stretch_ms,
        purpose: view.purpose.clone(),
        recordings: view.recordings.iter().map(ToString::to_string).collect(),
        decision: view.decision.as_ref().map(|decision| DecisionSaid {
            consent: decision.consent,
            person: decision.person.clone(),
            reason: decision.reason.clone(),
            at: said_time(decision.at),
        }),
        notice: view.notice.map(|(year, number, at)| NoticeSaid {
            year,
            number,
            at: said_time(at),
        }),
        signature: view.signature.as_ref().map(|signature| SignatureSaid {
            way: signature.way.clone(),
            digest: signature.digest.clone(),
            person: signature.person.clone(),
            at: said_time(signature.at),
        }),
        grant: view.expires_at.map(|_| view.id.to_string()),
        expires: view.expires_at.map(said_time),
        expires_ms: view.expires_at.map(UtcTime::as_ms),
        revoked: view.revoked.clone().map(step_said),
        own: view.is_own(actor),
        may: access::steps(view, actor),
    }
}

/// A form as data.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormSaid {
    /// Which form, by its code.
    pub kind: &'static str,
    /// Fields by their codes.
    pub fields: BTreeMap<&'static str, String>,
    /// Columns by their codes.
    pub columns: Vec<&'static str>,
    /// Lines.
    pub lines: Vec<Vec<String>>,
}

/// A form as data.
pub fn form_said(form: Form) -> FormSaid {
    FormSaid {
        kind: form.kind,
        fields: form.fields.into_iter().collect(),
        columns: form.columns,
        lines: form.lines,
    }
}
