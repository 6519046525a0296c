//! What was drawn with its verdicts, and what was found with what became of it, as lists.
//!
//! Promises: everything drawn is in it, reviewed or not; a verdict in whose place another came
//! stands behind that one. (R23; A3.14)

use super::item::Item;
use super::view::{Described, FindingView, InspectionView, ReviewView, described};
use crate::fault::Outcome;
use crate::vault::Vault;

/// Something drawn, with a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotRow {
    /// What.
    pub item: Item,
    /// What is known of it.
    pub known: Described,
    /// The verdict; none while it was not reviewed.
    pub review: Option<ReviewView>,
    /// Whether a later verdict came in its place.
    pub replaced: bool,
}

/// A finding, with what is known of what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingRow {
    /// What is known of it.
    pub known: Described,
    /// The finding.
    pub finding: FindingView,
}

/// What was drawn, in the order of review. For callers who may read the catalogue.
pub async fn lots(vault: &Vault, view: &InspectionView) -> Outcome<Vec<LotRow>> {
    let mut rows = Vec::with_capacity(view.lots.len());
    for (item, known) in view.lots.iter().zip(described(vault, &view.lots).await?) {
        let of_item = |review: &&ReviewView| review.item == *item;
        let row = |review: Option<&ReviewView>, replaced| LotRow {
            item: item.clone(),
            known: known.clone(),
            review: review.cloned(),
            replaced,
        };
        rows.push(row(view.reviews.iter().find(of_item), false));
        let earlier = view.replaced.iter().rev().filter(of_item);
        rows.extend(earlier.map(|review| row(Some(review), true)));
    }
    Ok(rows)
}

/// Findings, in order. For callers who may read the catalogue.
pub async fn findings(vault: &Vault, view: &InspectionView) -> Outcome<Vec<FindingRow>> {
    let items: Vec<Item> = view.findings.iter().map(|finding| finding.item.clone()).collect();
    let known = described(vault, &items).await?;
    let rows = view.findings.iter().cloned().zip(known);
    Ok(rows.map(|(finding, known)| FindingRow { known, finding }).collect())
}
