//! Requests and grants as people and programs see them.
//!
//! Promises: field names of the JSON are stable; people get what they decide on, in their words.

use crate::table::{Lean, Table};
use crate::times::{Zone, rfc3339, shown_time};
use crate::view::short;
use serde_json::{Value, json};
use vault_core::access::RequestView;
use vault_core::wording::{Family, Wording, shown};

/// A request for programs.
pub(crate) fn request_json(view: &RequestView) -> Value {
    json!({
        "request": view.id.to_string(),
        "state": view.state.as_str(),
        "at": rfc3339(view.at),
        "at_ms": view.at.as_ms(),
        "applicant": {
            "kind": view.applicant,
            "name": view.applicant_name,
            "unit": view.applicant_unit,
        },
        "registered_by": view.person,
        "office": view.office.as_str(),
        "mode": if view.copies_asked { "copy" } else { "view" },
        "copies": view.copies,
        "copies_out": view.copies_out,
        "days": view.days,
        "stretch_ms": view.stretch_ms.map(|(from, to)| json!([from, to])),
        "purpose": view.purpose,
        "recordings": view.recordings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "decision": view.decision.as_ref().map(|decision| json!({
            "consent": decision.consent,
            "person": decision.person,
            "reason": decision.reason,
            "at": rfc3339(decision.at),
        })),
        "notice": view.notice.map(|(year, number, at)| json!({
            "year": year, "number": number, "at": rfc3339(at),
        })),
        "signature": view.signature.as_ref().map(|signature| json!({
            "way": signature.way,
            "digest": signature.digest,
            "person": signature.person,
            "at": rfc3339(signature.at),
        })),
        "grant": view.expires_at.map(|_| view.id.to_string()),
        "expires": view.expires_at.map(rfc3339),
        "expires_ms": view.expires_at.map(vault_core::clock::UtcTime::as_ms),
        "revoked": view.revoked.as_ref().map(|(person, reason, at)| json!({
            "person": person, "reason": reason, "at": rfc3339(*at),
        })),
    })
}

/// A request for people: names and values.
pub(crate) fn request_lines(view: &RequestView, wording: &Wording, zone: Zone) -> String {
    let mut table = Table::pairs();
    let mut row = |key: &str, value: String| {
        if !value.is_empty() {
            table.row(vec![wording.text(key, &[]), value]);
        }
    };
    row("ctl-column-request", view.id.to_string());
    row("ctl-column-state", wording.name(Family::Request, view.state.as_str()));
    row("ctl-column-applicant", applicant(view, wording));
    row("ctl-column-purpose", shown(&view.purpose));
    row("ctl-column-mode", mode(view, wording));
    row("ctl-column-days", view.days.to_string());
    if let Some((from, to)) = view.stretch_ms {
        row("ctl-column-stretch", format!("{}–{} s", from / 1_000, to / 1_000));
    }
    for recording in &view.recordings {
        row("ctl-column-recording", recording.to_string());
    }
    row("ctl-column-office", wording.name(Family::Role, view.office.as_str()));
    if let Some(decision) = &view.decision {
        let said = if decision.consent { "consent" } else { "refuse" };
        let said = wording.name(Family::Step, said);
        let parts = [said, shown(&decision.person), shown_time(decision.at, zone)];
        row("ctl-column-decision", parts.join("  ") + "  " + &shown(&decision.reason));
    }
    if let Some((year, number, at)) = view.notice {
        let (year, number) = (year.to_string(), number.to_string());
        let values = [("year", year.as_str()), ("number", number.as_str())];
        let notice = wording.text("notice-number", &values);
        row("ctl-column-notice", format!("{notice}  {}", shown_time(at, zone)));
    }
    if let Some(signature) = &view.signature {
        let parts = [shown(&signature.person), shown_time(signature.at, zone)];
        row("ctl-column-signature", parts.join("  "));
    }
    // The number that reading asks for with --grant.
    row("ctl-column-grant", view.expires_at.map(|_| view.id.to_string()).unwrap_or_default());
    row("ctl-column-expires", view.expires_at.map(|at| shown_time(at, zone)).unwrap_or_default());
    if view.copies_asked {
        row("ctl-column-copies-out", format!("{} / {}", view.copies_out, view.copies));
    }
    if let Some((person, reason, at)) = &view.revoked {
        row("ctl-column-revoked", [shown(person), shown_time(*at, zone), shown(reason)].join("  "));
    }
    table.lines()
}

/// Requests for people, a line each.
pub(crate) fn requests_table(views: &[RequestView], wording: &Wording, zone: Zone) -> String {
    let names = [
        "ctl-column-request",
        "ctl-column-state",
        "ctl-column-time",
        "ctl-column-applicant",
        "ctl-column-office",
        "ctl-column-mode",
        "ctl-column-purpose",
    ];
    let columns = names.map(|name| (wording.text(name, &[]), Lean::Left));
    let mut table = Table::new(columns.to_vec());
    for view in views {
        table.row(vec![
            short(&view.id),
            wording.name(Family::Request, view.state.as_str()),
            shown_time(view.at, zone),
            applicant(view, wording),
            wording.name(Family::Role, view.office.as_str()),
            mode(view, wording),
            shown(&view.purpose),
        ]);
    }
    table.lines()
}

fn applicant(view: &RequestView, wording: &Wording) -> String {
    let kind = wording.name(Family::Applicant, &view.applicant);
    let parts = [shown(&view.applicant_name), shown(&view.applicant_unit), kind];
    let said: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    said.join("  ")
}

fn mode(view: &RequestView, wording: &Wording) -> String {
    let name = wording.name(Family::Mode, if view.copies_asked { "copy" } else { "view" });
    if view.copies_asked { format!("{name} × {}", view.copies) } else { name }
}
