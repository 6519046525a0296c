//! Rows of the catalogue as people and programs see them.
//!
//! Promises: the field names of the JSON are stable; times are given in milliseconds and in
//! RFC 3339; names that came from outside are escaped for people and exact for programs.

use crate::table::{Lean, Table, shown_bytes_count};
use crate::times::{Zone, rfc3339, shown_time};
use serde_json::{Value, json};
use std::path::Path;
use vault_core::clock::UtcTime;
use vault_core::holdings::Holding;
use vault_core::wording::{Family, Wording, shown, shown_bytes};
use vault_proof::Damage;

/// How many digits of an id a table shows: enough that two of a million hardly ever agree.
const ID_DIGITS_SHOWN: usize = 16;

/// An id in a table.
pub(crate) fn short(id: &impl ToString) -> String {
    id.to_string().chars().take(ID_DIGITS_SHOWN).collect()
}

/// A path for programs: exact where it is Unicode, else escaped, with its bytes beside it.
pub(crate) fn path_fields(path: &Path) -> Vec<(&'static str, Value)> {
    use std::os::unix::ffi::OsStrExt;
    if let Some(text) = path.to_str() {
        return vec![("path", text.into())];
    }
    let bytes = path.as_os_str().as_bytes();
    let hex: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    vec![("path", shown_path(path).into()), ("path_bytes", hex.concat().into())]
}

/// A path for people.
pub(crate) fn shown_path(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;
    shown_bytes(path.as_os_str().as_bytes())
}

/// A recording for programs.
pub(crate) fn recording_json(row: &Holding) -> Value {
    json!({
        "recording": row.recording.to_string(),
        "blake3": row.recording.to_string(),
        "sha256": row.sha256,
        "sm3": row.sm3,
        "bytes": row.bytes,
        "name": row.name,
        "case": row.case,
        "counterpart": row.counterpart,
        "handler": row.handler,
        "activity": row.activity,
        "device": row.device,
        "maker": row.maker,
        "method": row.method,
        "proves": row.proves,
        "secrecy": row.secrecy,
        "accession_seq": row.accession_seq,
        "received_ms": row.received_at.as_ms(),
        "received": rfc3339(row.received_at),
        "checked_ms": row.checked_at.map(UtcTime::as_ms),
        "checked": row.checked_at.map(rfc3339),
        "damaged_seq": row.damaged_seq,
        "destroyed_seq": row.destroyed_seq,
    })
}

/// Recordings for people, a line each.
pub(crate) fn recordings_table(rows: &[Holding], wording: &Wording, zone: Zone) -> String {
    let mut table = Table::new(vec![
        (wording.text("ctl-column-recording", &[]), Lean::Left),
        (wording.text("ctl-column-received", &[]), Lean::Left),
        (wording.text("ctl-column-bytes", &[]), Lean::Right),
        (wording.text("ctl-column-case", &[]), Lean::Left),
        (wording.text("ctl-column-counterpart", &[]), Lean::Left),
        (wording.text("ctl-column-activity", &[]), Lean::Left),
        (wording.text("ctl-column-state", &[]), Lean::Left),
        (wording.text("ctl-column-name", &[]), Lean::Left),
    ]);
    for row in rows {
        table.row(vec![
            short(&row.recording),
            shown_time(row.received_at, zone),
            shown_bytes_count(row.bytes),
            shown(&row.case),
            shown(&row.counterpart),
            wording.name(Family::Activity, &row.activity),
            state(row, wording),
            shown(&row.name),
        ]);
    }
    table.lines()
}

/// What sets a recording apart from those that are kept whole.
fn state(row: &Holding, wording: &Wording) -> String {
    match (row.destroyed_seq, row.damaged_seq) {
        (Some(_), _) => wording.text("ctl-list-destroyed", &[]),
        (None, Some(_)) => wording.text("ctl-list-damaged", &[]),
        (None, None) => String::new(),
    }
}

/// One recording for people: a line for each fact. Facts that are not known are left out.
pub(crate) fn recording_facts(row: &Holding, wording: &Wording, zone: Zone) -> String {
    let time = |at: Option<UtcTime>| at.map(|at| shown_time(at, zone)).unwrap_or_default();
    let size = wording.text(
        "ctl-size-exact",
        &[("size", &shown_bytes_count(row.bytes)), ("bytes", &row.bytes.to_string())],
    );
    let facts = [
        ("ctl-column-recording", row.recording.to_string()),
        ("ctl-column-name", shown(&row.name)),
        ("ctl-column-bytes", size),
        ("ctl-column-case", shown(&row.case)),
        ("ctl-column-counterpart", shown(&row.counterpart)),
        ("ctl-column-handler", shown(&row.handler)),
        ("ctl-column-activity", wording.name(Family::Activity, &row.activity)),
        ("ctl-column-device", shown(&row.device)),
        ("ctl-column-maker", shown(&row.maker)),
        ("ctl-column-method", shown(&row.method)),
        ("ctl-column-proves", shown(&row.proves)),
        ("ctl-column-secrecy", wording.name(Family::Secrecy, &row.secrecy)),
        ("ctl-column-received", time(Some(row.received_at))),
        ("ctl-column-seq", row.accession_seq.to_string()),
        ("ctl-column-checked", time(row.checked_at)),
        ("ctl-column-damaged", row.damaged_seq.map(|seq| seq.to_string()).unwrap_or_default()),
        ("ctl-column-destroyed", row.destroyed_seq.map(|seq| seq.to_string()).unwrap_or_default()),
        ("ctl-column-sha256", row.sha256.clone().unwrap_or_default()),
        ("ctl-column-sm3", row.sm3.clone().unwrap_or_default()),
    ];
    let mut table = Table::pairs();
    for (key, value) in facts.into_iter().filter(|(_, value)| !value.is_empty()) {
        table.row(vec![wording.text(key, &[]), value]);
    }
    table.lines()
}

/// Damage for programs.
pub(crate) fn damage_json(damage: &Damage) -> Value {
    json!({
        "recording": damage.recording.to_string(),
        "class": damage.class,
        "from": damage.from,
        "to": damage.to,
    })
}

/// Damage for people.
pub(crate) fn damage_line(damage: &Damage, wording: &Wording) -> String {
    let values = [
        ("recording", damage.recording.to_string()),
        ("class", wording.name(Family::Class, &damage.class)),
        ("from", damage.from.to_string()),
        ("to", damage.to.to_string()),
    ];
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    wording.text("ctl-verify-damaged", &values)
}
