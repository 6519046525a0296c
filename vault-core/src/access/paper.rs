//! Forms of what stands in the vault, with the day each bears: ready to be set in type.
//!
//! Promises: a form says what the catalogue and the ledger say and nothing else, its day included,
//! so that the same vault gives the same form again. A notice is there once it has its number.
//! (R10, R19, R22; A3.10, A3.15, A2.19)

use super::decide::refused;
use super::form::{Form, notice_form, preservation_list};
use super::machine::RequestStep;
use super::view::{RequestView, show};
use crate::casefile::{self, CaseView, EntryKind};
use crate::clock::{Date, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::holdings::Holding;
use crate::limits::FORM_LINES_MAX;
use crate::policy::Actor;
use crate::vault::Vault;
use std::collections::BTreeSet;
use vault_proof::event::leaf_hash;
use vault_proof::{ContentId, Event};

/// Rows of one page of the catalogue.
const ROWS: u32 = 500;

/// The notice of a request, by its number or the beginning of it.
pub async fn notice_of(vault: &Vault, number: &str) -> Outcome<(Form, Date)> {
    notice(&show(vault, number).await?)
}

/// The notice of a request, which has its number.
pub(super) fn notice(view: &RequestView) -> Outcome<(Form, Date)> {
    let (_, _, issued) = view.notice.ok_or_else(|| refused(view, RequestStep::IssueNotice))?;
    Ok((notice_form(view), Date::of(issued)))
}

/// The preservation list of a case: everything labelled with its number or filed in it. Bears the
/// day on which the last of it came in, when it was handed over.
pub async fn preservation_list_of(vault: &Vault, case_no: &str) -> Outcome<(Form, Date)> {
    let case = casefile::show(vault, case_no).await?;
    let holdings = holdings_of(vault, &case).await?;
    let opened = || case.opened_on.parse().unwrap_or(Date::of(UtcTime::from_ms(0)));
    let day =
        holdings.iter().map(|holding| holding.received_at).max().map_or_else(opened, Date::of);
    Ok((preservation_list(&case, &holdings), day))
}

async fn holdings_of(vault: &Vault, case: &CaseView) -> Outcome<Vec<Holding>> {
    let (mut holdings, mut after) = (Vec::new(), None);
    loop {
        let (page, next) = vault.catalog().list(Some(&case.case_no), after, ROWS).await?;
        holdings.extend(page);
        if next.is_none() || holdings.len() > FORM_LINES_MAX {
            break;
        }
        after = next;
    }
    let labelled: BTreeSet<_> = holdings.iter().map(|holding| holding.recording).collect();
    for entry in case.contents.iter().filter(|entry| entry.kind == EntryKind::Recording) {
        if !labelled.contains(&entry.content) {
            holdings.push(vault.catalog().recording(&entry.content).await?);
        }
    }
    Ok(holdings)
}

/// The chain of custody of a recording: every event about it, with its leaf's digest (A2.19).
pub async fn custody_log_of(vault: &Vault, recording: &ContentId) -> Outcome<(Form, Date)> {
    let holding = vault.catalog().recording(recording).await?;
    let (mut lines, mut day, mut after) = (Vec::new(), Date::of(holding.received_at), None);
    loop {
        let events = vault.catalog().events(Some(recording), after, ROWS).await?;
        let Some(last) = events.last() else { break };
        (after, day) = (Some(last.seq), Date::of(UtcTime::from_ms(last.time_ms)));
        for event in &events {
            lines.push(custody_line(event)?);
        }
        if lines.len() > FORM_LINES_MAX {
            break;
        }
    }
    let fields = vec![
        ("case-no", holding.case),
        ("received-on", Date::of(holding.received_at).to_string()),
        ("name", holding.name),
        ("recording", recording.to_string()),
        ("sha256", holding.sha256.unwrap_or_default()),
    ];
    let columns = vec!["seq", "at", "event", "person", "leaf"];
    Ok((Form { kind: "custody-log", fields, columns, lines }, day))
}

fn custody_line(event: &Event) -> Outcome<Vec<String>> {
    let leaf = event
        .encode()
        .map_err(|error| Fault::new(Code::Internal).with("seq", event.seq).caused_by(error))?;
    Ok(vec![
        event.seq.to_string(),
        UtcTime::from_ms(event.time_ms).in_china(),
        event.body.kind().to_owned(),
        event.actor.id.clone(),
        leaf_hash(&leaf).to_string(),
    ])
}

/// That a copy agrees with the originals (复制件说明): `copy` is its mark and `notice` the number of
/// its notice, in words.
pub(super) async fn copy_statement(
    vault: &Vault,
    actor: &Actor,
    (view, to, notice): (&RequestView, &str, &str),
    (mark, recordings): (String, &[ContentId]),
) -> Outcome<(Form, Date)> {
    let today = Date::of(vault.clock.now());
    let fields = vec![
        ("copy-mark", mark),
        ("notice-number", notice.to_owned()),
        ("request", view.id.to_string()),
        ("recipient", to.to_owned()),
        ("purpose", view.purpose.clone()),
        ("made-by", actor.person().to_owned()),
        ("made-on", today.to_string()),
    ];
    let mut lines = Vec::with_capacity(recordings.len());
    for (number, recording) in (1u64..).zip(recordings) {
        let holding = vault.catalog().recording(recording).await?;
        lines.push(vec![
            number.to_string(),
            holding.name,
            holding.bytes.to_string(),
            recording.to_string(),
            holding.sha256.unwrap_or_default(),
        ]);
    }
    let columns = vec!["number", "name", "bytes", "recording", "sha256"];
    Ok((Form { kind: "copy-statement", fields, columns, lines }, today))
}
