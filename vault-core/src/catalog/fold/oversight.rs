//! Rows of the registers of oversight. The same promises as the fold as a whole.

use super::flows::{frame, text};
use super::{Folding, insert};
use crate::catalog::bulk::Cell;
use crate::catalog::database::Session;
use crate::catalog::flows::{self, OversightAct};
use crate::fault::{Code, Fault, Outcome};
use std::collections::BTreeMap;
use vault_proof::OversightBody;
use vault_proof::canonical::{self, Value};

/// Rows of registers, to be written together.
#[derive(Debug, Default)]
pub(super) struct OversightRows {
    acts: Vec<Vec<Cell>>,
}

impl OversightRows {
    /// Adds the row of one event: what stands openly in it, and the details of its payload.
    pub(super) fn fold(&mut self, body: &OversightBody, folding: Folding<'_>) -> Outcome<()> {
        let (seq, kind, at_ms, by_actor) = frame(folding);
        let damaged = |_| Fault::new(Code::LedgerDamaged).with("what", "payload").with("seq", seq);
        let mut fields = match body.value().map_err(damaged)? {
            Value::Map(fields) => fields,
            _ => BTreeMap::default(),
        };
        let details = folding.plain.and_then(|plain| plain.get("details"));
        if let Some(Value::Map(details)) = details {
            fields.extend(details.clone());
        }
        let fields = canonical::encode(&Value::Map(fields));
        let row = OversightAct {
            seq,
            register: kind.split('.').next().unwrap_or_default().to_owned(),
            entry: *body.entry(),
            kind,
            at_ms,
            by_actor,
            case_no: text(folding, "case"),
            fields: String::from_utf8_lossy(&fields).into_owned(),
            text: text(folding, "text"),
            person: text(folding, "by"),
        };
        self.acts.push(row.cells());
        Ok(())
    }

    /// Writes everything, by sets.
    pub(super) async fn write(self, session: &mut Session) -> Outcome<()> {
        insert(session, &flows::OVERSIGHT_ACTS, &self.acts).await
    }
}
