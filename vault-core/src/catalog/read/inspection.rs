//! Asking for inspections, and for what can be inspected.

use super::flows::{Asking, rows};
use super::{Cell, Cells, Kind};
use crate::catalog::flows::{self, InspectionAct, InspectionDrawn, InspectionList};
use crate::fault::{Code, Fault, Outcome};
use std::collections::HashMap;
use vault_proof::{ContentId, RecordId};

/// Recordings that can be drawn and have the same labels: everything a population can be divided by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Inspectable {
    pub(crate) handler: String,
    pub(crate) activity: String,
    pub(crate) device: String,
    /// The unit of its case file; empty where there is none.
    pub(crate) unit: String,
    pub(crate) recordings: Vec<ContentId>,
}

/// What was received in a period and is still here, by the labels of its accession: a row for each
/// recording would take longer on its way than in the database. Receipts are gone through in their
/// order, and recordings found by an index of the same order, so that every page is read once; the
/// moment of a receipt that is an accession is that of the accession.
const INSPECTABLE: &str = "SELECT receipts.handler, receipts.activity, receipts.device, \
     receipts.case_no, {ids} FROM receipts \
     CROSS JOIN recordings \
     WHERE recordings.accession_seq = receipts.seq \
     AND receipts.received_ms >= $1 AND receipts.received_ms < $2 \
     AND recordings.id NOT IN (SELECT recording FROM destroyed) \
     GROUP BY receipts.handler, receipts.activity, receipts.device, receipts.case_no";

/// Readings and what was watched are many, and asked for by their recording.
macro_rules! no_watching {
    () => {
        "kind NOT IN ('inspection.read', 'inspection.served', 'inspection.watched')"
    };
}

impl Asking<'_> {
    /// What was served and watched of a recording for an inspection, in order.
    pub(crate) async fn inspection_watching(
        &mut self,
        inspection: &RecordId,
        recording: &ContentId,
    ) -> Outcome<Vec<InspectionAct>> {
        let cells = [Cell::Text(inspection.to_string()), Cell::Text(recording.to_string())];
        let condition = "inspection = $1 AND recording = $2 \
             AND kind IN ('inspection.served', 'inspection.watched') ORDER BY seq";
        rows(self.session(), &flows::INSPECTION_ACTS, condition, &cells, InspectionAct::of).await
    }

    /// The steps of one inspection, or of all, in order; not its readings.
    pub(crate) async fn inspection_acts(
        &mut self,
        inspection: Option<&RecordId>,
    ) -> Outcome<Vec<InspectionAct>> {
        let (condition, cells) = match inspection {
            None => (concat!(no_watching!(), " ORDER BY seq"), Vec::new()),
            Some(id) => {
                let condition = concat!("inspection = $1 AND ", no_watching!(), " ORDER BY seq");
                (condition, vec![Cell::Text(id.to_string())])
            }
        };
        rows(self.session(), &flows::INSPECTION_ACTS, condition, &cells, InspectionAct::of).await
    }

    /// The population of an inspection, in the parts in which it was listed.
    pub(crate) async fn inspection_lists(
        &mut self,
        inspection: &RecordId,
    ) -> Outcome<Vec<InspectionList>> {
        let cells = [Cell::Text(inspection.to_string())];
        let condition = "inspection = $1 ORDER BY seq";
        rows(self.session(), &flows::INSPECTION_LISTS, condition, &cells, InspectionList::of).await
    }

    /// What was drawn, in the order of review.
    pub(crate) async fn inspection_drawn(&mut self, inspection: &RecordId) -> Outcome<Vec<String>> {
        let cells = [Cell::Text(inspection.to_string())];
        let condition = "inspection = $1 ORDER BY seq, ordinal";
        let table = &flows::INSPECTION_DRAWN;
        let drawn = rows(self.session(), table, condition, &cells, InspectionDrawn::of).await?;
        Ok(drawn.into_iter().map(|row| row.item).collect())
    }

    /// The newest inspection that drew this recording and was not ended.
    pub(crate) async fn inspection_drawing(
        &mut self,
        recording: &ContentId,
    ) -> Outcome<Option<RecordId>> {
        let sql = "SELECT inspection FROM inspection_drawn WHERE item = $1 \
             AND NOT EXISTS (SELECT 1 FROM inspection_acts AS ended \
             WHERE ended.inspection = inspection_drawn.inspection \
             AND ended.kind = 'inspection.ended') ORDER BY seq DESC LIMIT 1";
        let cells = [Cell::Text(recording.to_string())];
        let found = self.session().fetch(sql, &cells, &[Kind::Text]).await?;
        found.into_iter().next().map(|row| Cells::of(row).record()).transpose()
    }

    /// What was received in a period and can be drawn.
    pub(crate) async fn inspectable(
        &mut self,
        from_ms: i64,
        to_ms: i64,
    ) -> Outcome<Vec<Inspectable>> {
        let units = "SELECT case_no, unit FROM cases ORDER BY seq DESC";
        let units = self.session().fetch(units, &[], &[Kind::Text; 2]).await?;
        let unit = |row| {
            let mut cells = Cells::of(row);
            Ok((cells.text()?, cells.text()?))
        };
        // The first case file of a number comes last and stays.
        let units: HashMap<String, String> = units.into_iter().map(unit).collect::<Outcome<_>>()?;
        let sql = INSPECTABLE.replace("{ids}", &self.session().lines_of("recordings.id"));
        let cells = [from_ms.into(), to_ms.into()];
        let found = self.session().fetch(&sql, &cells, &[Kind::Text; 5]).await?;
        let of = |row| {
            let mut cells = Cells::of(row);
            let (handler, activity, device) = (cells.text()?, cells.text()?, cells.text()?);
            let unit = units.get(&cells.text()?).cloned().unwrap_or_default();
            let damaged = |error| Fault::new(Code::CatalogueDamaged).caused_by(error);
            let ids = cells.text()?;
            let ids = ids.lines().map(|id| id.parse().map_err(damaged));
            let recordings = ids.collect::<Outcome<_>>()?;
            Ok(Inspectable { handler, activity, device, unit, recordings })
        };
        found.into_iter().map(of).collect()
    }
}
