//! The label of a copy of a volume: data for a form that is printed, cut out and put on its case
//! (R16; A2.18(二)).
//!
//! Promises: says what the catalogue says; a copy that stands on no shelf yet has room for a shelf
//! mark to be written in. Its code bears the volume's number, the copy and the digest of the image, so that
//! a shelf can be taken stock of without opening a case.

use super::views::find;
use crate::access::Form;
use crate::catalog::ReceiptRow;
use crate::clock::Date;
use crate::fault::Outcome;
use crate::limits::LABEL_CASES_MAX;
use crate::settings::Settings;
use crate::vault::Vault;
use std::collections::BTreeSet;

/// What the code on a label begins with: the text after it is the volume's number, the copy and the
/// BLAKE3 of the image, with a colon between them.
pub const LABEL_QR_MARK: &str = "evidence-vault-volume:";

/// The label of a copy, with the day on which the volume was built.
pub async fn label_of(vault: &Vault, label: &str, copy: u64) -> Outcome<(Form, Date)> {
    let volume = find(vault, label).await?;
    super::shelf::require_copy(&volume, copy)?;
    let recordings = vault.catalog.ask().await?.volume_items(&volume.id).await?;
    let mut cases = BTreeSet::new();
    for recording in &recordings {
        let receipts: Vec<ReceiptRow> = vault.catalog.receipts_of(recording).await?;
        cases.extend(receipts.into_iter().next().map(|receipt| receipt.case_no));
    }
    // What an encrypted volume tells nobody without an identity, its case does not tell either.
    let shown = if volume.recipients.is_empty() { LABEL_CASES_MAX } else { 0 };
    let more = cases.len().saturating_sub(shown);
    let named: Vec<String> = cases.into_iter().take(shown).collect();
    let days = Settings::read(vault.directory())?.volumes.check_days;
    let mut checks = volume.checks(days);
    let shelved = checks.find(|(shelved, _)| shelved.copy == copy);
    let place = shelved.map(|(shelved, _)| shelved.place.clone());
    let read_by = shelved.map(|(_, day)| day.to_string());
    drop(checks);
    let mut fields = vec![
        ("volume-label", volume.label.clone()),
        ("copy-number", copy.to_string()),
        // Spaces: what is empty would be crossed out, and this is to be written in.
        ("shelf-mark", place.unwrap_or_else(|| BLANK.to_owned())),
        ("read-by-on", read_by.unwrap_or_else(|| BLANK.to_owned())),
        ("carrier-kind", volume.medium.clone()),
        ("built-on", Date::of(volume.built_at).to_string()),
        ("encryption", if volume.recipients.is_empty() { "clear" } else { "sealed" }.to_owned()),
        ("cases", format!("{more}\n{}", named.join("\n"))),
        ("recordings", volume.recordings.to_string()),
        ("bytes", volume.bytes.to_string()),
        ("volume", volume.id.to_string()),
        ("image-digest", volume.image.clone()),
        ("qr", format!("{LABEL_QR_MARK}{}:{copy}:{}", volume.id, volume.image)),
    ];
    if let Some(source) = volume.source {
        fields.push(("migrated-from", source));
    }
    if !volume.recipients.is_empty() {
        fields.push(("recipients", volume.recipients.join("; ")));
    }
    let day = Date::of(volume.built_at);
    Ok((Form { kind: "volume-label", fields, columns: Vec::new(), lines: Vec::new() }, day))
}

/// A place to write in.
const BLANK: &str = "\u{3000}\u{3000}\u{3000}\u{3000}";
