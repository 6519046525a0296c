//! What a portal takes: approved texts, and nothing else of a case.
//!
//! Promises: what stands here was approved by somebody who did not draft it, and stands; the number
//! of an item is the number of its entry and tells nothing of the case. A portal that takes the
//! whole list shows what is in it and removes what no longer is.

use super::REGISTER;
use super::kinds::kind_of;
use super::view::{PublicityState, draft_of, standing, state_of};
use crate::clock::UtcTime;
use crate::fault::Outcome;
use crate::oversight::register::{self, Entry};
use crate::vault::Vault;
use vault_proof::RecordId;

/// Something for everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedItem {
    /// The number of its entry.
    pub id: RecordId,
    /// Which of `KINDS`.
    pub kind: String,
    /// The day of the decision.
    pub decided_on: String,
    /// The number of the decision; may be empty.
    pub number: String,
    /// Its title.
    pub title: String,
    /// What is published, by name, in the order of the regulation.
    pub fields: Vec<(&'static str, String)>,
    /// When it was approved first.
    pub approved: UtcTime,
    /// When the text as it stands was approved.
    pub corrected: UtcTime,
}

fn item(entry: &Entry) -> Option<FeedItem> {
    // Before it is published a draft anew takes it out; afterwards what was approved stands until
    // the correction is.
    if !matches!(state_of(entry), PublicityState::Approved | PublicityState::Published) {
        return None;
    }
    let (draft, decided) = standing(entry).filter(|(draft, _)| draft.field("publish") == "true")?;
    let first = entry
        .steps
        .iter()
        .find(|step| step.kind == "publicity.decided" && step.field("approved") == "true");
    let (approved, corrected) = (first.map_or(decided.at, |step| step.at), decided.at);
    let mut draft = draft_of(draft);
    let kind = kind_of(&draft.kind)?;
    let fields =
        kind.fields.iter().map(|name| (*name, draft.fields.remove(*name).unwrap_or_default()));
    Some(FeedItem {
        id: entry.id,
        fields: fields.collect(),
        kind: draft.kind,
        decided_on: draft.decided_on,
        number: draft.number,
        title: draft.title,
        approved,
        corrected,
    })
}

/// Everything that stands, the newest first. For everybody: nobody is asked who he is.
pub async fn feed(vault: &Vault) -> Outcome<Vec<FeedItem>> {
    let entries = register::whole_entries(&mut vault.catalog.ask().await?, REGISTER).await?;
    let mut items: Vec<FeedItem> = entries.iter().filter_map(item).collect();
    items.sort_by_key(|one| (std::cmp::Reverse(one.corrected), one.id.to_string()));
    Ok(items)
}
