//! Forms of what stands in the vault, with the day each bears: ready to be set in type.
//!
//! Promises: a form says what the catalogue and the ledger say and nothing else, its day included,
//! so that the same vault gives the same form again. A notice is there once it has its number.
//! (R10, R19, R22; A2.18, A3.10, A3.13, A3.15)

use super::copies::mark_of;
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
use vault_proof::ContentId;

/// Rows of one page of the catalogue.
const ROWS: u32 = 500;

/// The notice of a request, by its number or the beginning of it.
pub async fn notice_of(vault: &Vault, number: &str) -> Outcome<(Form, Date)> {
    notice(vault, &show(vault, number).await?).await
}

/// The notice of a request, which has its number. It says of each recording what people know it by,
/// and bears the key that packages are checked with, so that who receives one has it from elsewhere
/// than the package itself.
pub(super) async fn notice(vault: &Vault, view: &RequestView) -> Outcome<(Form, Date)> {
    let (_, _, issued) = view.notice.ok_or_else(|| refused(view, RequestStep::IssueNotice))?;
    let mut form = notice_form(view);
    form.fields.push(("vault-key", vault.ledger.verifier()?.to_string()));
    form.columns = vec!["number", "name", "case-no", "title", "recording"];
    let mut lines = Vec::with_capacity(view.recordings.len());
    for (number, recording) in (1u64..).zip(&view.recordings) {
        let receipt = vault.catalog.receipts_of(recording).await?.into_iter().next();
        let (name, case_no) = receipt.map(|one| (one.name, one.case_no)).unwrap_or_default();
        let case = vault.catalog.ask().await?.case(&case_no).await?;
        let title = case.map(|case| case.title).unwrap_or_default();
        lines.push(vec![number.to_string(), name, case_no, title, recording.to_string()]);
    }
    form.lines = lines;
    Ok((form, Date::of(issued)))
}

/// The preservation list of a case: everything labelled with its number or filed in it. Bears the
/// day on which the last of it came in, when it was handed over. A list of more than
/// `FORM_LINES_MAX` lines comes in parts, counted from 1; without saying which it is `FormTooLong`.
pub async fn preservation_list_of(
    vault: &Vault,
    case_no: &str,
    part: Option<usize>,
) -> Outcome<(Form, Date)> {
    let case = casefile::show(vault, case_no).await?;
    let holdings = holdings_of(vault, &case).await?;
    let opened = || case.opened_on.parse().unwrap_or(Date::of(UtcTime::from_ms(0)));
    let day =
        holdings.iter().map(|holding| holding.received_at).max().map_or_else(opened, Date::of);
    Ok((part_of(preservation_list(&case, &holdings), part)?, day))
}

/// A form with the 案号 it is about, and what it lists.
pub(crate) type Listed = (Form, String, Vec<ContentId>);

/// The preservation list to be issued with a number: of everything there is of the case, or of what
/// was on it once. All of it must have its digests.
pub(crate) async fn preservation_list_for(
    vault: &Vault,
    case_no: &str,
    part: Option<usize>,
    only: Option<&[ContentId]>,
) -> Outcome<Listed> {
    let case = casefile::show(vault, case_no).await?;
    let mut holdings = holdings_of(vault, &case).await?;
    if let Some(only) = only {
        holdings.retain(|holding| only.contains(&holding.recording));
    }
    if let Some(holding) = holdings.iter().find(|holding| holding.sha256.is_none()) {
        return Err(Fault::new(Code::DigestsNotTaken).with("recording", holding.recording));
    }
    if holdings.is_empty() {
        return Err(Fault::new(Code::FormEmpty).with("id", case_no));
    }
    // What was on a part once is that part.
    let whole = preservation_list(&case, &holdings);
    let form = if only.is_some() { whole } else { part_of(whole, part)? };
    let listed = |line: &Vec<String>| line.get(2).and_then(|id| id.parse().ok());
    let recordings = form.lines.iter().filter_map(listed).collect();
    Ok((form, case.case_no, recordings))
}

/// The transfer list of a copy that was handed out: who hands what over to whom, on what.
pub(crate) async fn transfer_list_for(
    vault: &Vault,
    (request, copy): (&str, u64),
    (from_unit, to_unit, carrier): (&str, &str, &str),
    on: Date,
) -> Outcome<Listed> {
    let view = show(vault, request).await?;
    let unknown = || Fault::new(Code::CopyUnknown).with("id", request);
    let acts = vault.catalog.ask().await?.copy_acts(&view.id, copy).await?;
    let act = acts.into_iter().find(|act| act.kind == "access.copy-handed-out");
    let act = act.ok_or_else(unknown)?;
    let recordings = act.recordings.split_whitespace().map(|id| id.parse().map_err(|_| unknown()));
    let recordings = recordings.collect::<Outcome<Vec<ContentId>>>()?;
    let (mut lines, mut case_no) = (Vec::new(), String::new());
    for (number, recording) in (1u64..).zip(&recordings) {
        let holding = vault.catalog().recording(recording).await?;
        if case_no.is_empty() {
            case_no = holding.case;
        }
        lines.push(vec![
            number.to_string(),
            holding.name,
            holding.bytes.to_string(),
            recording.to_string(),
            holding.sha256.unwrap_or_default(),
        ]);
    }
    let title = match casefile::show(vault, &case_no).await {
        Ok(case) => case.title,
        Err(fault) if fault.code() == Code::CaseUnknown => String::new(),
        Err(fault) => return Err(fault),
    };
    let (year, number, _) = view.notice.ok_or_else(unknown)?;
    let fields = vec![
        ("case-no", case_no.clone()),
        ("transferred-on", on.to_string()),
        ("title", title),
        ("from-unit", from_unit.to_owned()),
        ("to-unit", to_unit.to_owned()),
        ("carrier", carrier.to_owned()),
        ("stretch-ms", stretch_of(&view)),
        ("copy-mark", mark_of((year, number), copy, act.seq)),
    ];
    let columns = vec!["number", "name", "bytes", "recording", "sha256"];
    Ok((Form { kind: "transfer-list", fields, columns, lines }, case_no, recordings))
}

/// The stretch that a request is for, as a form has it; empty for the whole.
pub(super) fn stretch_of(view: &RequestView) -> String {
    view.stretch_ms.map(|(from, to)| format!("{from}-{to}")).unwrap_or_default()
}

/// One part of a long list, which says so among its fields.
fn part_of(mut form: Form, part: Option<usize>) -> Outcome<Form> {
    let (count, parts) = (form.lines.len(), form.lines.len().div_ceil(FORM_LINES_MAX).max(1));
    let Some(part) = part.or((parts == 1).then_some(1)) else {
        let fault = Fault::new(Code::FormTooLong).with("count", count);
        return Err(fault.with("limit", FORM_LINES_MAX));
    };
    if !(1..=parts).contains(&part) {
        let fault = Fault::new(Code::ArgumentInvalid).with("argument", "part");
        return Err(fault.with("value", part).with("limit", parts));
    }
    form.lines =
        form.lines.into_iter().skip((part - 1) * FORM_LINES_MAX).take(FORM_LINES_MAX).collect();
    if parts > 1 {
        form.fields.push(("part", format!("{part} / {parts}")));
    }
    Ok(form)
}

async fn holdings_of(vault: &Vault, case: &CaseView) -> Outcome<Vec<Holding>> {
    let (mut holdings, mut after) = (Vec::new(), None);
    loop {
        let (page, next) = vault.catalog().list(Some(&case.case_no), after, ROWS).await?;
        holdings.extend(page);
        if next.is_none() {
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

/// That a copy agrees with the originals (复制件说明): `copy` is its mark and `notice` the number of
/// its notice, in words.
pub(super) async fn copy_statement(
    vault: &Vault,
    actor: &Actor,
    (view, to, notice): (&RequestView, &str, &str),
    (mark, recordings): (String, &[ContentId]),
) -> Outcome<(Form, Date)> {
    let today = Date::of(vault.clock.now());
    let extent = if view.stretch_ms.is_some() { "excerpt" } else { "whole" };
    let fields = vec![
        ("copy-mark", mark),
        ("stretch-ms", stretch_of(view)),
        ("extent", extent.to_owned()),
        ("notice-number", notice.to_owned()),
        ("request", view.id.to_string()),
        ("recipient", to.to_owned()),
        ("purpose", view.purpose.clone()),
        ("made-by", actor.person().to_owned()),
        ("made-on", today.to_string()),
        ("vault-key", vault.ledger.verifier()?.to_string()),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn list(lines: usize) -> Form {
        let lines = (1..=lines).map(|number| vec![number.to_string()]).collect();
        Form { kind: "preservation-list", fields: Vec::new(), columns: vec!["number"], lines }
    }

    #[test]
    fn long_lists_come_in_parts_that_leave_nothing_out() {
        let whole = part_of(list(FORM_LINES_MAX), None).unwrap();
        assert_eq!((whole.lines.len(), whole.fields.len()), (FORM_LINES_MAX, 0));
        assert_eq!(part_of(list(0), Some(1)).unwrap().lines.len(), 0);
        let long = list(2 * FORM_LINES_MAX + 1);
        assert_eq!(part_of(long.clone(), None).unwrap_err().code(), Code::FormTooLong);
        let mut lines = Vec::new();
        for part in 1..=3 {
            let one = part_of(long.clone(), Some(part)).unwrap();
            assert_eq!(one.fields, [("part", format!("{part} / 3"))]);
            lines.extend(one.lines);
        }
        assert_eq!(lines, long.lines);
        for outside in [0, 4] {
            let refused = part_of(long.clone(), Some(outside)).unwrap_err();
            assert_eq!(refused.code(), Code::ArgumentInvalid);
        }
    }
}
