//! Asking (调取申请): who asks, for what, why, for how long; and whose consent it takes.

use crate::fault::{Code, Fault, Outcome};
use crate::intake::checked_text;
use crate::limits::{GRANT_COPIES_MAX, GRANT_DAYS_MAX, REQUEST_ITEMS_MAX};
use crate::policy::{Act, Actor, Office, State};
use crate::transcript::shown_time;
use crate::vault::Vault;
use crate::vault::change::{event, new_record};
use vault_proof::canonical::Value;
use vault_proof::{AccessBody, Body, ContentId, RecordId, Subject};

/// For whom something is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applicant {
    /// For the actor himself.
    Myself,
    /// For the counterpart (行政相对人), who applied on paper or in person (A2.18(一)4).
    Counterpart {
        /// The name.
        name: String,
    },
    /// For a body outside the department, which wrote (A3.15 ¶2).
    OutsideBody {
        /// The person named.
        name: String,
        /// The body.
        unit: String,
    },
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// To view.
    View,
    /// To have so many copies.
    Copy(u64),
}

/// A request to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRequest {
    /// For whom.
    pub applicant: Applicant,
    /// Which recordings.
    pub recordings: Vec<ContentId>,
    /// To view, or copies.
    pub mode: Mode,
    /// For how many days from the grant.
    pub days: u64,
    /// Only this stretch of each recording, in milliseconds from its beginning.
    pub stretch_ms: Option<(u64, u64)>,
    /// What for.
    pub purpose: String,
}

fn invalid(argument: &'static str, reason: &'static str) -> Fault {
    Fault::new(Code::RequestInvalid).with("argument", argument).with("reason", reason)
}

fn checked(new: &NewRequest) -> Outcome<Vec<ContentId>> {
    checked_text("purpose", &new.purpose, true)?;
    let mut recordings = new.recordings.clone();
    recordings.sort_unstable();
    recordings.dedup();
    if recordings.is_empty() || recordings.len() > REQUEST_ITEMS_MAX {
        return Err(invalid("recordings", "count").with("limit", REQUEST_ITEMS_MAX));
    }
    if !(1..=GRANT_DAYS_MAX).contains(&new.days) {
        return Err(invalid("days", "count").with("limit", GRANT_DAYS_MAX));
    }
    if let Mode::Copy(copies) = new.mode
        && !(1..=GRANT_COPIES_MAX).contains(&copies)
    {
        return Err(invalid("copies", "count").with("limit", GRANT_COPIES_MAX));
    }
    if new.stretch_ms.is_some_and(|(from, to)| from >= to) {
        return Err(invalid("stretch", "empty"));
    }
    Ok(recordings)
}

/// What the ledger says of the applicant, and where he belongs.
struct Applying {
    kind: &'static str,
    name: String,
    unit: String,
    office: Office,
    act: Act,
}

fn applying(actor: &Actor, new: &NewRequest) -> Outcome<Applying> {
    match &new.applicant {
        Applicant::Myself => {
            let account = actor.account();
            let inside = account.is_none_or(|account| account.inside);
            Ok(Applying {
                kind: if inside { "account" } else { "outside-account" },
                name: actor.person().to_owned(),
                unit: account.map(|account| account.unit.clone()).unwrap_or_default(),
                office: Office::for_applicant(inside, actor.roles()),
                act: Act::RequestAccess,
            })
        }
        Applicant::Counterpart { name } => {
            checked_text("applicant", name, true)?;
            Ok(Applying {
                kind: "counterpart",
                name: name.clone(),
                unit: String::new(),
                // A2.18(一)4: the leader in charge approves, unless he registered it himself.
                office: Office::for_applicant(true, actor.roles()),
                act: Act::RegisterRequest,
            })
        }
        Applicant::OutsideBody { name, unit } => {
            checked_text("applicant", name, true)?;
            checked_text("unit", unit, true)?;
            Ok(Applying {
                kind: "outside-body",
                name: name.clone(),
                unit: unit.clone(),
                office: Office::for_applicant(false, &[]),
                act: Act::RegisterRequest,
            })
        }
    }
}

/// Refuses a stretch that begins behind the end of a recording, where its length is known already;
/// else cutting finds out.
async fn require_in_length(vault: &Vault, recording: &ContentId, from_ms: u64) -> Outcome<()> {
    let facts = vault.media_facts(recording).await?;
    let refused = |reason| invalid("stretch", reason).with("recording", recording);
    if facts.medium == "picture" {
        return Err(refused("no-stretches"));
    }
    let length = facts.report().and_then(|report| report.duration_us);
    let length_ms = length.map(|us| us.unsigned_abs() / 1_000).filter(|ms| *ms > 0);
    match length_ms {
        Some(length_ms) if from_ms >= length_ms => {
            Err(refused("behind-the-end").with("length", shown_time(length_ms)))
        }
        _ => Ok(()),
    }
}

/// Makes a request; gives its number. The system, not the applicant, decides whose consent it
/// takes.
pub async fn request(vault: &Vault, actor: &Actor, new: NewRequest) -> Outcome<RecordId> {
    let recordings = checked(&new)?;
    let applying = applying(actor, &new)?;
    let about: Vec<Subject> = recordings.iter().map(Subject::recording).collect();
    let permitted = vault.permit_in(actor, applying.act, State::Any, about.clone()).await?;
    let outside = matches!(applying.kind, "outside-account" | "outside-body");
    if outside && new.mode == Mode::View {
        return Err(invalid("mode", "copies-only").with("article", "A3.15"));
    }
    for recording in &recordings {
        if vault.catalog.recording(recording).await?.is_none() {
            return Err(Fault::new(Code::RecordingUnknown).with("id", recording));
        }
        if let Some((from_ms, _)) = new.stretch_ms {
            require_in_length(vault, recording, from_ms).await?;
        }
    }
    let payload = Value::map([
        ("applicant", Value::text(&applying.name)),
        ("by", Value::text(actor.person())),
        ("purpose", Value::text(&new.purpose)),
        ("unit", Value::text(&applying.unit)),
    ]);
    let payload = vault.seal_one(payload).await?;
    let request = new_record()?;
    let (mode, copies) = match new.mode {
        Mode::View => ("view", 0),
        Mode::Copy(copies) => ("copy", copies),
    };
    let (from_ms, to_ms) = new.stretch_ms.unwrap_or((0, 0));
    let body = AccessBody::Requested {
        request,
        applicant: applying.kind.to_owned(),
        office: applying.office.as_str().to_owned(),
        mode: mode.to_owned(),
        days: new.days,
        copies,
        from_ms,
        to_ms,
        recordings,
    };
    let mut tx = vault.begin(permitted).await?;
    tx.append(vec![event(Body::Access(body), Some(payload), about)]).await?;
    vault.finish(tx).await?;
    Ok(request)
}
