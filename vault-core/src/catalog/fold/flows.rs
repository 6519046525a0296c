//! Rows of people, case files, retention and access.
//!
//! The same promises as the fold as a whole: a row follows from the event and its opened payload
//! alone, and a payload whose key was destroyed folds to empty fields. Secrets of accounts are
//! never folded: they stay sealed beside their event.

use super::{Folding, insert};
use crate::catalog::bulk::Cell;
use crate::catalog::database::Session;
use crate::catalog::flows::{
    self, AccessAct, AccessItem, AccessRendition, AccessRequest, AccountAct, CaseAct, CaseRow,
    RetentionAct, RuleAct,
};
use crate::catalog::tables::Table;
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use vault_proof::canonical::Value;
use vault_proof::{AccessBody, CaseBody, ContentId, PeopleBody, RecordId, RetentionBody, Subject};

/// Rows of these flows, to be written together.
#[derive(Debug, Default)]
pub(super) struct FlowRows {
    accounts: Vec<Vec<Cell>>,
    cases: Vec<Vec<Cell>>,
    case_acts: Vec<Vec<Cell>>,
    retention: Vec<Vec<Cell>>,
    rules: Vec<Vec<Cell>>,
    requests: Vec<Vec<Cell>>,
    items: Vec<Vec<Cell>>,
    access: Vec<Vec<Cell>>,
    renditions: Vec<Vec<Cell>>,
}

/// A text of the payload; empty where the payload is gone, or does not have it.
pub(super) fn text(folding: Folding<'_>, field: &str) -> String {
    let value = folding.plain.and_then(|plain| plain.get(field));
    value.and_then(Value::as_text).unwrap_or_default().to_owned()
}

/// The kind, time and pseudonym of an event, as every row has them.
pub(super) fn frame(folding: Folding<'_>) -> (u64, String, UtcTime, String) {
    let event = folding.event;
    let at = UtcTime::from_ms(event.time_ms);
    (event.seq, event.body.kind().to_owned(), at, event.actor.id.clone())
}

pub(super) fn joined(ids: &[ContentId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

impl FlowRows {
    pub(super) fn people(&mut self, body: &PeopleBody, folding: Folding<'_>) {
        let account = match body {
            PeopleBody::Proposed { account, .. }
            | PeopleBody::Confirmed { account, .. }
            | PeopleBody::Disabled { account }
            | PeopleBody::CredentialSet { account, .. }
            | PeopleBody::SignedIn { account }
            | PeopleBody::SignedInByProvider { account, .. }
            | PeopleBody::SignInRefused { account, .. } => *account,
        };
        let (seq, kind, at_ms, by_actor) = frame(folding);
        let mut row = AccountAct {
            seq,
            account,
            kind,
            at_ms,
            by_actor,
            what: String::new(),
            proposal: 0,
            own: false,
            department: String::new(),
            roles: String::new(),
            login: String::new(),
            person: String::new(),
            unit: String::new(),
            certificate: String::new(),
            note: text(folding, "note"),
        };
        match body {
            PeopleBody::Proposed { change, department, roles, .. } => {
                row.what.clone_from(change);
                row.department.clone_from(department);
                row.roles = roles.join(" ");
                row.login = text(folding, "login");
                row.person = text(folding, "person");
                row.unit = text(folding, "unit");
                row.certificate = text(folding, "certificate");
            }
            PeopleBody::Confirmed { proposal, .. } => row.proposal = *proposal,
            PeopleBody::CredentialSet { credential, own, .. } => {
                row.what.clone_from(credential);
                row.own = *own;
            }
            PeopleBody::SignInRefused { reason, .. } => row.what.clone_from(reason),
            PeopleBody::SignedInByProvider { issuer, .. } => row.what.clone_from(issuer),
            PeopleBody::Disabled { .. } | PeopleBody::SignedIn { .. } => {}
        }
        self.accounts.push(row.cells());
    }

    pub(super) fn case(&mut self, body: &CaseBody, folding: Folding<'_>) {
        let (seq, kind, at_ms, by_actor) = frame(folding);
        if let CaseBody::Opened { case } = body {
            let row = CaseRow {
                case_id: *case,
                seq,
                at_ms,
                case_no: text(folding, "case_no"),
                title: text(folding, "title"),
                counterpart: text(folding, "counterpart"),
                unit: text(folding, "unit"),
                officers: text(folding, "officers"),
                opened_on: text(folding, "opened_on"),
                person: text(folding, "by"),
            };
            self.cases.push(row.cells());
        }
        let case_id = match body {
            CaseBody::Opened { case }
            | CaseBody::Ended { case }
            | CaseBody::RecordingAdded { case, .. }
            | CaseBody::DocumentAdded { case, .. }
            | CaseBody::Closed { case, .. } => *case,
        };
        let mut row = CaseAct {
            seq,
            case_id,
            kind,
            at_ms,
            by_actor,
            content: String::new(),
            bytes: 0,
            stage: String::new(),
            document: String::new(),
            addendum: false,
            name: text(folding, "name"),
            title: text(folding, "title"),
            on_date: text(folding, "on"),
            person: text(folding, "by"),
            note: text(folding, "note"),
        };
        match body {
            CaseBody::RecordingAdded { recording, addendum, .. } => {
                row.content = recording.to_string();
                row.addendum = *addendum;
            }
            CaseBody::DocumentAdded { object, bytes, stage, document, addendum, .. } => {
                row.content = object.to_string();
                row.bytes = *bytes;
                row.stage.clone_from(stage);
                row.document.clone_from(document);
                row.addendum = *addendum;
            }
            CaseBody::Closed { contents, items, .. } => {
                row.content = contents.to_string();
                row.bytes = *items;
            }
            CaseBody::Opened { .. } | CaseBody::Ended { .. } => {}
        }
        self.case_acts.push(row.cells());
    }

    pub(super) fn retention(&mut self, body: &RetentionBody, folding: Folding<'_>) {
        let (seq, kind, at_ms, by_actor) = frame(folding);
        let (target, cause, hold, years) = match body {
            RetentionBody::TriggerFound { recording, trigger } => {
                (Subject::recording(recording), trigger.clone(), String::new(), 0)
            }
            RetentionBody::HoldPlaced { hold, target }
            | RetentionBody::HoldReleased { hold, target } => {
                (target.clone(), String::new(), hold.to_string(), 0)
            }
            RetentionBody::CaseTermSet { case, years } => {
                (Subject::case(case), String::new(), String::new(), *years)
            }
            RetentionBody::RuleProposed { .. }
            | RetentionBody::RuleConfirmed { .. }
            | RetentionBody::RuleWithdrawn { .. } => return self.rule(body, folding),
        };
        let row = RetentionAct {
            seq,
            kind,
            target: target.to_string(),
            at_ms,
            by_actor,
            cause,
            hold,
            years,
            reason: text(folding, "reason"),
            person: text(folding, "by"),
        };
        self.retention.push(row.cells());
    }

    fn rule(&mut self, body: &RetentionBody, folding: Folding<'_>) {
        let (seq, kind, at_ms, by_actor) = frame(folding);
        let mut row = RuleAct {
            seq,
            rule: RecordId::from_bytes([0; 16]),
            kind,
            at_ms,
            by_actor,
            class: String::new(),
            years: 0,
            stored: false,
            recordings: 0,
            lengthened: 0,
            kept: 0,
            reason: text(folding, "reason"),
            person: text(folding, "by"),
        };
        match body {
            RetentionBody::RuleProposed {
                rule,
                class,
                years,
                stored,
                recordings,
                lengthened,
                kept,
            } => {
                row.rule = *rule;
                row.class.clone_from(class);
                (row.years, row.stored) = (*years, *stored);
                (row.recordings, row.lengthened, row.kept) = (*recordings, *lengthened, *kept);
            }
            RetentionBody::RuleConfirmed { rule } | RetentionBody::RuleWithdrawn { rule } => {
                row.rule = *rule;
            }
            _ => return,
        }
        self.rules.push(row.cells());
    }

    pub(super) fn access(&mut self, body: &AccessBody, folding: Folding<'_>) -> Outcome<()> {
        if let AccessBody::Requested { request, .. } = body {
            return self.request(*request, body, folding);
        }
        if let Some(row) = rendition(body, folding) {
            self.renditions.push(row.cells());
            return Ok(());
        }
        let (seq, kind, at_ms, by_actor) = frame(folding);
        let mut row = AccessAct {
            seq,
            request: String::new(),
            kind,
            at_ms,
            by_actor,
            consent: false,
            year: 0,
            number: 0,
            way: String::new(),
            digest: String::new(),
            expires_ms: 0,
            recording: String::new(),
            from_byte: 0,
            to_byte: 0,
            copy: 0,
            recordings: String::new(),
            reason: text(folding, "reason"),
            person: text(folding, "by"),
        };
        looked_at(body, &mut row);
        copy_of(body, &mut row);
        let request = match body {
            AccessBody::Decided { request, consent } => {
                row.consent = *consent;
                Some(request)
            }
            AccessBody::NoticeIssued { request, year, number } => {
                (row.year, row.number) = (*year, *number);
                Some(request)
            }
            AccessBody::NoticeSigned { request, way, digest } => {
                row.way.clone_from(way);
                row.digest = digest.to_string();
                Some(request)
            }
            AccessBody::Granted { request, expires_ms } => {
                row.expires_ms = *expires_ms;
                Some(request)
            }
            AccessBody::OwnRead { .. } => None,
            AccessBody::Read { request, .. }
            | AccessBody::ExcerptRead { request, .. }
            | AccessBody::ScanKept { request, .. }
            | AccessBody::ScanShown { request, .. }
            | AccessBody::CopyHandedOut { request, .. }
            | AccessBody::CopyWritten { request, .. }
            | AccessBody::CopyKept { request, .. }
            | AccessBody::CopyCollected { request, .. }
            | AccessBody::Revoked { request }
            | AccessBody::Requested { request, .. }
            | AccessBody::ExcerptMade { request, .. }
            | AccessBody::CopyRendered { request, .. } => Some(request),
        };
        row.request = request.map(ToString::to_string).unwrap_or_default();
        self.access.push(row.cells());
        Ok(())
    }

    fn request(
        &mut self,
        request: RecordId,
        body: &AccessBody,
        folding: Folding<'_>,
    ) -> Outcome<()> {
        let AccessBody::Requested {
            applicant,
            office,
            mode,
            days,
            copies,
            from_ms,
            to_ms,
            recordings,
            ..
        } = body
        else {
            return Err(Fault::new(Code::Internal).with("what", "event"));
        };
        let (seq, _, at_ms, by_actor) = frame(folding);
        let row = AccessRequest {
            request,
            seq,
            at_ms,
            by_actor,
            applicant: applicant.clone(),
            office: office.clone(),
            mode: mode.clone(),
            days: *days,
            copies: *copies,
            from_ms: *from_ms,
            to_ms: *to_ms,
            purpose: text(folding, "purpose"),
            applicant_name: text(folding, "applicant"),
            applicant_unit: text(folding, "unit"),
            person: text(folding, "by"),
        };
        self.requests.push(row.cells());
        for recording in recordings {
            self.items.push(AccessItem { request, recording: *recording, seq }.cells());
        }
        Ok(())
    }

    /// Writes everything, by sets.
    pub(super) async fn write(self, session: &mut Session) -> Outcome<()> {
        let tables: [(&Table, Vec<Vec<Cell>>); 9] = [
            (&flows::ACCOUNT_ACTS, self.accounts),
            (&flows::CASES, self.cases),
            (&flows::CASE_ACTS, self.case_acts),
            (&flows::RETENTION_ACTS, self.retention),
            (&flows::RETENTION_RULES, self.rules),
            (&flows::ACCESS_REQUESTS, self.requests),
            (&flows::ACCESS_ITEMS, self.items),
            (&flows::ACCESS_ACTS, self.access),
            (&flows::ACCESS_RENDITIONS, self.renditions),
        ];
        for (table, rows) in tables {
            insert(session, table, &rows).await?;
        }
        Ok(())
    }
}

/// What an event says of bytes that were read, or of a scan.
fn looked_at(body: &AccessBody, row: &mut AccessAct) {
    match body {
        AccessBody::Read { recording, from, to, .. }
        | AccessBody::ExcerptRead { recording, from, to, .. }
        | AccessBody::OwnRead { recording, from, to } => {
            row.recording = recording.to_string();
            (row.from_byte, row.to_byte) = (*from, *to);
        }
        AccessBody::ScanKept { object, bytes, format, .. } => {
            row.digest = object.to_string();
            row.to_byte = *bytes;
            row.way.clone_from(format);
        }
        AccessBody::ScanShown { object, .. } => row.digest = object.to_string(),
        _ => {}
    }
}

/// What was made of a recording, where an event says that something was.
fn rendition(body: &AccessBody, folding: Folding<'_>) -> Option<AccessRendition> {
    let (seq, _, at_ms, _) = frame(folding);
    let made = |request: &RecordId, recording: &ContentId, object: &ContentId, bytes: u64| {
        AccessRendition {
            seq,
            request: *request,
            recording: *recording,
            kind: "marked".to_owned(),
            copy: 0,
            begins_ms: 0,
            ends_ms: 0,
            format: String::new(),
            object: *object,
            bytes,
            at_ms,
        }
    };
    match body {
        AccessBody::ExcerptMade {
            request,
            recording,
            begins_ms,
            ends_ms,
            format,
            object,
            bytes,
            ..
        } => Some(AccessRendition {
            kind: "excerpt".to_owned(),
            begins_ms: *begins_ms,
            ends_ms: *ends_ms,
            format: format.clone(),
            ..made(request, recording, object, *bytes)
        }),
        AccessBody::CopyRendered { request, copy, recording, object, bytes } => {
            Some(AccessRendition { copy: *copy, ..made(request, recording, object, *bytes) })
        }
        _ => None,
    }
}

/// What an event says of a copy.
fn copy_of(body: &AccessBody, row: &mut AccessAct) {
    match body {
        AccessBody::CopyHandedOut { copy, recordings, .. } => {
            row.copy = *copy;
            row.recordings = joined(recordings);
        }
        AccessBody::CopyWritten { copy, signature, .. } => {
            row.copy = *copy;
            row.digest.clone_from(signature);
        }
        AccessBody::CopyKept { copy, object, bytes, .. } => {
            row.copy = *copy;
            row.digest = object.to_string();
            row.to_byte = *bytes;
        }
        AccessBody::CopyCollected { copy, way, .. } => {
            row.copy = *copy;
            row.way.clone_from(way);
        }
        _ => {}
    }
}
