//! Rows of inspections by lot. The same promises as the fold as a whole.

use super::flows::{frame, text};
use super::{Folding, insert};
use crate::catalog::bulk::Cell;
use crate::catalog::database::Session;
use crate::catalog::flows::{self, InspectionAct, InspectionDrawn, InspectionList};
use crate::fault::Outcome;
use vault_proof::{InspectionBody, RecordId};

/// Rows of inspections, to be written together.
#[derive(Debug, Default)]
pub(super) struct InspectionRows {
    acts: Vec<Vec<Cell>>,
    lists: Vec<Vec<Cell>>,
    drawn: Vec<Vec<Cell>>,
}

impl InspectionRows {
    /// Adds the rows of one event.
    pub(super) fn fold(&mut self, body: &InspectionBody, folding: Folding<'_>) {
        let seq = folding.event.seq;
        let inspection = *body.inspection();
        match body {
            InspectionBody::Listed { recordings, .. } => {
                self.listed(recordings.iter().map(ToString::to_string), (inspection, folding));
            }
            InspectionBody::ActsListed { acts, .. } => {
                self.listed(acts.iter().cloned(), (inspection, folding));
            }
            InspectionBody::Selected { recordings, .. } => {
                self.selected(recordings.iter().map(ToString::to_string), (inspection, seq));
            }
            InspectionBody::ActsSelected { acts, .. } => {
                self.selected(acts.iter().cloned(), (inspection, seq));
            }
            _ => self.act(body, folding),
        }
    }

    fn listed(
        &mut self,
        items: impl Iterator<Item = String>,
        (inspection, folding): (RecordId, Folding<'_>),
    ) {
        let (seq, stratum) = (folding.event.seq, text(folding, "stratum"));
        let items = items.collect::<Vec<_>>().join("\n");
        self.lists.push(InspectionList { seq, inspection, stratum, items }.cells());
    }

    fn selected(
        &mut self,
        items: impl Iterator<Item = String>,
        (inspection, seq): (RecordId, u64),
    ) {
        let row = |(ordinal, item)| InspectionDrawn { inspection, item, seq, ordinal }.cells();
        self.drawn.extend((0..).zip(items).map(row));
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
        insert(session, &flows::INSPECTION_LISTS, &self.lists).await?;
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
        InspectionBody::Corrected { finding, .. } => row.finding = finding.to_string(),
        InspectionBody::Rechecked { finding, settled, .. } => {
            row.finding = finding.to_string();
            row.settled = *settled;
        }
        _ => fill_reviewed(row, body),
    }
}

/// What was read, reviewed and found.
fn fill_reviewed(row: &mut InspectionAct, body: &InspectionBody) {
    match body {
        InspectionBody::Read { recording, .. } => row.recording = recording.to_string(),
        InspectionBody::Served { recording, from, to, of, .. } => {
            row.recording = recording.to_string();
            row.value = format!("{from}-{to}");
            row.items = *of;
        }
        InspectionBody::Watched { recording, ranges, .. } => {
            row.recording = recording.to_string();
            row.value = ranges.join(" ");
        }
        InspectionBody::Checked {
            recording,
            door,
            credentials,
            subjects,
            uninterrupted,
            times,
            ..
        } => {
            row.recording = recording.to_string();
            row.value = [door.as_str(), credentials, subjects, uninterrupted, times].join(" ");
        }
        InspectionBody::ActReviewed { act, lacking, .. } => {
            row.recording.clone_from(act);
            row.value.clone_from(lacking);
        }
        InspectionBody::ActFound { finding, act, article, due, .. } => {
            row.finding = finding.to_string();
            row.recording.clone_from(act);
            row.value.clone_from(article);
            row.due.clone_from(due);
        }
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
        _ => {}
    }
}
