//! Asking for the registers of oversight, and for what they are compared with.

use super::flows::{Asking, rows};
use super::{Cell, Cells, Kind};
use crate::catalog::flows::{self, OversightAct};
use crate::clock::UtcTime;
use crate::fault::Outcome;
use vault_proof::RecordId;

/// How a device shows in what came from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeviceUse {
    /// Its number, as the labels say it.
    pub(crate) number: String,
    /// How often a recording was received that bears it.
    pub(crate) deliveries: u64,
    /// When the last of them was received.
    pub(crate) received: UtcTime,
    /// How much its clock was behind then, in milliseconds.
    pub(crate) clock_offset_ms: i64,
}

const DEVICE_USES: &str = "SELECT last.device, uses.many, last.received_ms, last.clock_offset_ms \
     FROM (SELECT device, count(*) AS many, max(seq) AS seq FROM receipts \
     WHERE device <> '' GROUP BY device) AS uses JOIN receipts AS last ON last.seq = uses.seq \
     ORDER BY last.device";

const CASE_ACTIVITIES: &str = "SELECT activity, count(DISTINCT recording) FROM receipts \
     WHERE activity <> '' AND (case_no = $1 OR recording IN (SELECT case_acts.content \
     FROM case_acts JOIN cases ON cases.case_id = case_acts.case_id WHERE cases.case_no = $1 \
     AND case_acts.kind = 'case.recording-added')) GROUP BY activity ORDER BY activity";

const DAMAGED: &str = "SELECT recordings.id FROM recordings WHERE recordings.damaged_seq >= 0 \
     AND NOT EXISTS (SELECT 1 FROM destroyed WHERE destroyed.recording = recordings.id) \
     ORDER BY recordings.id LIMIT $1";

impl Asking<'_> {
    /// The first step of every entry of a register and the last of each kind, in their order.
    pub(crate) async fn oversight_heads(&mut self, register: &str) -> Outcome<Vec<OversightAct>> {
        let condition = "seq IN (SELECT max(seq) FROM oversight_acts WHERE register = $1 \
             GROUP BY entry, kind UNION SELECT min(seq) FROM oversight_acts WHERE register = $1 \
             GROUP BY entry) ORDER BY seq";
        self.oversight(condition, &[register.into()]).await
    }

    /// Every step of one entry, in order.
    pub(crate) async fn oversight_entry(
        &mut self,
        register: &str,
        entry: &RecordId,
    ) -> Outcome<Vec<OversightAct>> {
        let cells = [register.into(), Cell::Text(entry.to_string())];
        self.oversight("register = $1 AND entry = $2 ORDER BY seq", &cells).await
    }

    async fn oversight(&mut self, condition: &str, cells: &[Cell]) -> Outcome<Vec<OversightAct>> {
        let table = &flows::OVERSIGHT_ACTS;
        rows(self.session(), table, condition, cells, OversightAct::of).await
    }

    /// The devices that labels name.
    pub(crate) async fn device_uses(&mut self) -> Outcome<Vec<DeviceUse>> {
        let kinds = [Kind::Text, Kind::Integer, Kind::Integer, Kind::Integer];
        let found = self.session().fetch(DEVICE_USES, &[], &kinds).await?;
        let of = |row| {
            let mut cells = Cells::of(row);
            Ok(DeviceUse {
                number: cells.text()?,
                deliveries: cells.count()?,
                received: UtcTime::from_ms(cells.integer()?),
                clock_offset_ms: cells.integer()?,
            })
        };
        found.into_iter().map(of).collect()
    }

    /// How many recordings of each activity a case has.
    pub(crate) async fn case_activities(&mut self, case_no: &str) -> Outcome<Vec<(String, u64)>> {
        let kinds = [Kind::Text, Kind::Integer];
        let found = self.session().fetch(CASE_ACTIVITIES, &[case_no.into()], &kinds).await?;
        let of = |row| {
            let mut cells = Cells::of(row);
            Ok((cells.text()?, cells.count()?))
        };
        found.into_iter().map(of).collect()
    }

    /// Recordings that were found damaged and not whole since.
    pub(crate) async fn damaged(&mut self, limit: u32) -> Outcome<Vec<String>> {
        let cells = [i64::from(limit).into()];
        let found = self.session().fetch(DAMAGED, &cells, &[Kind::Text]).await?;
        found.into_iter().map(|row| Cells::of(row).text()).collect()
    }
}
