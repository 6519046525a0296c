//! Whether a recording may go: everything that stands against it, and what is to be weighed.

use super::acts::DisposalView;
use crate::access::{self, RequestState};
use crate::catalog::ReceiptRow;
use crate::clock::{Date, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{ORIGINAL_YEARS, SUIT_YEARS};
use crate::retention::{self, Retention, Until};
use crate::vault::Vault;
use vault_proof::ContentId;

/// Every kind of obstacle and of risk, by its code.
pub const GROUNDS: &[&str] = &[
    "term",
    "for-ever",
    "hold",
    "case-open",
    "case-term-unset",
    "unlabelled",
    "request",
    "destroyed",
    "suit-possible",
    "case-unknown",
    "same-case-kept",
    "copies-kept",
    "on-volume",
];

/// Something that stands against disposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// `term`, `for-ever`, `hold`, `case-open`, `case-term-unset`, `unlabelled`,
    /// `request` or `destroyed`.
    pub kind: &'static str,
    /// The day, why and by whom it is held, the 案号 or the request.
    pub detail: String,
}

/// Something to be weighed by who decides; it stands against nothing by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    /// `suit-possible`, `case-unknown`, `same-case-kept`, `copies-kept` or `on-volume`.
    pub kind: &'static str,
    /// The day, the 案号, how many, or the label of the volume.
    pub detail: String,
}

/// A recording whose time may be over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Which recording.
    pub recording: ContentId,
    /// The name of its file.
    pub name: String,
    /// The numbers of the cases it belongs to (案号).
    pub cases: Vec<String>,
    /// Its length.
    pub bytes: u64,
    /// When it was received.
    pub received_at: UtcTime,
    /// Its key in the list.
    pub seq: u64,
    /// How long it is kept, with every reason.
    pub retention: Retention,
    /// What stands against it; none if it may go.
    pub obstacles: Vec<Obstacle>,
    /// What is to be weighed.
    pub risks: Vec<Risk>,
}

/// Recordings received longer ago than originals are kept, in the order in which they came, each
/// with what stands against its disposal.
pub async fn candidates(vault: &Vault, after: Option<u64>, limit: u32) -> Outcome<Vec<Candidate>> {
    let today = Date::of(vault.clock.now());
    let before = today.plus_years(-ORIGINAL_YEARS).begins_at();
    let mut found = Vec::new();
    for id in vault.catalog.received_before(before, after, limit).await? {
        found.push(evaluate(vault, &id).await?);
    }
    Ok(found)
}

/// What a disposal is about, each recording with why it was kept, what stands against it today and
/// what is to be weighed: whoever approves has to see what he approves.
pub async fn weighed(vault: &Vault, view: &DisposalView) -> Outcome<Vec<Candidate>> {
    let mut found = Vec::with_capacity(view.recordings.len());
    for recording in &view.recordings {
        found.push(evaluate(vault, recording).await?);
    }
    Ok(found)
}

/// Everything that stands against the disposal of a recording today, and what is to be weighed.
pub async fn evaluate(vault: &Vault, recording: &ContentId) -> Outcome<Candidate> {
    let unknown = || Fault::new(Code::RecordingUnknown).with("id", recording);
    let row = vault.catalog.recording(recording).await?.ok_or_else(unknown)?;
    let receipts = vault.catalog.receipts_of(recording).await?;
    let kept = retention::show(vault, recording).await?;
    let today = Date::of(vault.clock.now());
    let mut obstacles = against(&kept, today);
    if vault.catalog.destroyed(recording).await?.is_some() {
        obstacles.push(obstacle("destroyed", ""));
    }
    if receipts.iter().all(|receipt| receipt.activity.is_empty()) {
        obstacles.push(obstacle("unlabelled", ""));
    }
    requests(vault, recording, &mut obstacles).await?;
    let risks = risks(vault, recording, &receipts, today).await?;
    let name = receipts.first().map(|receipt| receipt.name.clone()).unwrap_or_default();
    let mut cases: Vec<String> = receipts.into_iter().map(|receipt| receipt.case_no).collect();
    cases.retain(|case| !case.is_empty());
    cases.sort_unstable();
    cases.dedup();
    Ok(Candidate {
        recording: *recording,
        name,
        cases,
        bytes: row.bytes,
        received_at: row.accessioned_at,
        seq: row.accession_seq,
        retention: kept,
        obstacles,
        risks,
    })
}

/// What retention says against a disposal on that day. Pure.
pub(crate) fn against(kept: &Retention, today: Date) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    match kept.until {
        Until::Ever => obstacles.push(obstacle("for-ever", "")),
        Until::Day(day) if day >= today => obstacles.push(obstacle("term", &day.to_string())),
        Until::Day(_) => {}
    }
    obstacles.extend(kept.blocks.iter().map(|block| match block.kind {
        // The number of a hold says nothing to whoever has to decide.
        "hold" => obstacle(block.kind, &format!("{} · {}", block.why, block.person)),
        kind => obstacle(kind, &block.detail),
    }));
    obstacles
}

fn obstacle(kind: &'static str, detail: &str) -> Obstacle {
    Obstacle { kind, detail: detail.to_owned() }
}

/// Requests that are not at their end.
async fn requests(
    vault: &Vault,
    recording: &ContentId,
    obstacles: &mut Vec<Obstacle>,
) -> Outcome<()> {
    for request in vault.catalog.ask().await?.requests_for(recording).await? {
        let view = access::show(vault, &request.request.to_string()).await?;
        let open = !matches!(
            view.state,
            RequestState::Refused
                | RequestState::Expired
                | RequestState::Revoked
                | RequestState::UsedUp
        );
        if open {
            obstacles.push(obstacle("request", &request.request.to_string()));
        }
    }
    Ok(())
}

async fn risks(
    vault: &Vault,
    recording: &ContentId,
    receipts: &[ReceiptRow],
    today: Date,
) -> Outcome<Vec<Risk>> {
    let mut risks = Vec::new();
    let mut risk = |kind, detail: String| risks.push(Risk { kind, detail });
    if let Some(first) = receipts.first() {
        let possible_until = Date::of(first.received_at).plus_years(SUIT_YEARS);
        if possible_until >= today {
            risk("suit-possible", possible_until.to_string());
        }
    }
    let mut asking = vault.catalog.ask().await?;
    for receipt in receipts.iter().filter(|receipt| !receipt.case_no.is_empty()) {
        // Perhaps an inspection without a case; who decides has to know.
        if asking.case(&receipt.case_no).await?.is_none() {
            risk("case-unknown", receipt.case_no.clone());
        }
        let others = asking.labelled(&receipt.case_no).await?;
        if others.iter().any(|(other, _)| other != recording) {
            risk("same-case-kept", receipt.case_no.clone());
        }
    }
    let copies = asking.copies_of(recording).await?;
    let handed_out = copies.iter().filter(|act| act.kind == "access.copy-handed-out").count();
    if handed_out > 0 {
        risk("copies-kept", handed_out.to_string());
    }
    // Shredding keys does not reach what is written once in clear or for other keys.
    for label in asking.volume_labels_with(&[*recording]).await? {
        risk("on-volume", label);
    }
    risks.dedup();
    Ok(risks)
}
