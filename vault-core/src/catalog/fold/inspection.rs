//! Rows of inspections by lot. The same promises as the fold as a whole.

use super::flows::{frame, text};
use super::{Folding, insert};
use crate::catalog::bulk::Cell;
use crate::catalog::database::Session;
use crate::catalog::flows::{self, InspectionAct, InspectionDrawn, InspectionItem};
use crate::fault::Outcome;
use vault_proof::InspectionBody;

/// Rows of inspections, to be written together.
#[derive(Debug, Default)]
pub(super) struct InspectionRows {
    acts: Vec<Vec<Cell>>,
    items: Vec<Vec<Cell>>,
    drawn: Vec<Vec<Cell>>,
}

impl InspectionRows {
    /// Adds the rows of one event.
    pub(super) fn fold(&mut self, body: &InspectionBody, folding: Folding<'_>) {
        let seq = folding.event.seq;
        let inspection = *body.inspection();
        match body {
            InspectionBody::Listed { recordings, .. } => {
                let stratum = text(folding, "stratum");
                let row = |recording: &_| {
                    let stratum = stratum.clone();
                    InspectionItem { inspection, recording: *recording, seq, stratum }.cells()
                };
                self.items.extend(recordings.iter().map(row));
            }
            InspectionBody::Selected { recordings, .. } => {
                let row = |(ordinal, recording): (u64, &_)| {
                    InspectionDrawn { inspection, recording: *recording, seq, ordinal }.cells()
                };
                self.drawn.extend((0..).zip(recordings).map(row));
            }
            _ => self.act(body, folding),
        }
    }

    fn act(&mut self, body: &InspectionBody, folding: Folding<'_>) {
        let (seq, kind, at_ms, by_actor) = frame(folding);
        let mut row = InspectionAct {
            seq,
            inspection: *body.inspection(),
            kind,
            at_ms,
            by_actor,
            recording: String::new(),
            finding: String::new(),
            party: String::new(),
            value: String::new(),
            root: String::new(),
            strata: String::new(),
            proportion: 0,
            minimum: 0,
            from_ms: 0,
            to_ms: 0,
            items: 0,
            settled: false,
            due: String::new(),
            text: text(folding, "text"),
            person: text(folding, "by"),
        };
        fill(&mut row, body);
        self.acts.push(row.cells());
    }

    /// Writes everything, by sets.
    pub(super) async fn write(self, session: &mut Session) -> Outcome<()> {
        insert(session, &flows::INSPECTION_ACTS, &self.acts).await?;
        insert(session, &flows::INSPECTION_ITEMS, &self.items).await?;
        insert(session, &flows::INSPECTION_DRAWN, &self.drawn).await
    }
}

fn fill(row: &mut InspectionAct, body: &InspectionBody) {
    match body {
        InspectionBody::Planned { proportion, minimum, strata, from_ms, to_ms, .. } => {
            (row.proportion, row.minimum) = (*proportion, *minimum);
            (row.from_ms, row.to_ms) = (*from_ms, *to_ms);
            row.strata = strata.join(" ");
        }
        InspectionBody::Committed { party, commitment: value, .. }
        | InspectionBody::Revealed { party, number: value, .. } => {
            row.party.clone_from(party);
            row.value.clone_from(value);
        }
        InspectionBody::Frozen { items, population, .. } => {
            row.items = *items;
            row.value.clone_from(population);
        }
        InspectionBody::Drawn { root, seed, items, .. } => {
            row.items = *items;
            row.root.clone_from(root);
            row.value.clone_from(seed);
        }
        InspectionBody::Read { recording, .. } => row.recording = recording.to_string(),
        InspectionBody::Reviewed {
            recording,
            recorded,
            uninterrupted,
            handled,
            watched_ms,
            ..
        } => {
            row.recording = recording.to_string();
            row.value = [recorded.as_str(), uninterrupted, handled].join(" ");
            row.items = *watched_ms;
        }
        InspectionBody::Found { finding, recording, article, from_ms, to_ms, due, .. } => {
            row.finding = finding.to_string();
            row.recording = recording.to_string();
            row.value.clone_from(article);
            (row.from_ms, row.to_ms) = (*from_ms, *to_ms);
            row.due.clone_from(due);
        }
        InspectionBody::Corrected { finding, .. } => row.finding = finding.to_string(),
        InspectionBody::Rechecked { finding, settled, .. } => {
            row.finding = finding.to_string();
            row.settled = *settled;
        }
        InspectionBody::Approved { .. }
        | InspectionBody::Ended { .. }
        | InspectionBody::Listed { .. }
        | InspectionBody::Selected { .. } => {}
    }
}
