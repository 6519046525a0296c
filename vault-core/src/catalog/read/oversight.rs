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

/// A case, as far as it is asked what of it had to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CaseBrief {
    /// Its number in the vault.
    pub(crate) case_id: RecordId,
    /// 案号.
    pub(crate) case_no: String,
    /// Its unit.
    pub(crate) unit: String,
    /// Its officers, as a list in JSON.
    pub(crate) officers: String,
    /// The day it was opened.
    pub(crate) opened_on: String,
}

/// A written record, as far as it shows what took place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DocumentBrief {
    /// 案号.
    pub(crate) case_no: String,
    /// Its type.
    pub(crate) document: String,
    /// Its title.
    pub(crate) title: String,
    /// Its day; may be empty.
    pub(crate) on: String,
}

/// Of one case where a number is given, else of every case.
fn of_case(case_no: Option<&str>, column: &str, joint: &str) -> (String, Vec<Cell>) {
    match case_no {
        None => (String::new(), Vec::new()),
        Some(number) => (format!(" {joint} {column} = $1"), vec![number.into()]),
    }
}

const DAMAGED: &str = "SELECT recordings.id FROM recordings WHERE (recordings.damaged_seq >= 0 \
     OR recordings.id IN (SELECT damages.recording FROM damages \
         JOIN events ON events.seq = damages.seq WHERE events.at_ms >= $2)) \
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

    /// Every step of every entry of a register, in order.
    pub(crate) async fn oversight_acts(&mut self, register: &str) -> Outcome<Vec<OversightAct>> {
        self.oversight("register = $1 ORDER BY seq", &[register.into()]).await
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

    /// How much the clock of a device was behind at its last deliveries, in milliseconds, the
    /// newest first.
    pub(crate) async fn device_drift(
        &mut self,
        number: &str,
        limit: i64,
    ) -> Outcome<Vec<(UtcTime, i64)>> {
        let sql = "SELECT received_ms, clock_offset_ms FROM receipts WHERE device = $1 \
             ORDER BY seq DESC LIMIT $2";
        let cells = [number.into(), Cell::Integer(limit)];
        let found = self.session().fetch(sql, &cells, &[Kind::Integer, Kind::Integer]).await?;
        let of = |row| {
            let mut cells = Cells::of(row);
            Ok((UtcTime::from_ms(cells.integer()?), cells.integer()?))
        };
        found.into_iter().map(of).collect()
    }

    /// A case by its 案号, or every case in the order they were opened.
    pub(crate) async fn case_briefs(&mut self, case_no: Option<&str>) -> Outcome<Vec<CaseBrief>> {
        let (condition, cells) = of_case(case_no, "case_no", "WHERE");
        let sql = format!(
            "SELECT case_id, case_no, unit, officers, opened_on FROM cases{condition} ORDER BY seq"
        );
        let found = self.session().fetch(&sql, &cells, &[Kind::Text; 5]).await?;
        let of = |row| {
            let mut cells = Cells::of(row);
            Ok(CaseBrief {
                case_id: cells.record()?,
                case_no: cells.text()?,
                unit: cells.text()?,
                officers: cells.text()?,
                opened_on: cells.text()?,
            })
        };
        found.into_iter().map(of).collect()
    }

    /// The written records of a case, or of every case, in the order they were filed.
    pub(crate) async fn document_briefs(
        &mut self,
        case_no: Option<&str>,
    ) -> Outcome<Vec<DocumentBrief>> {
        let (condition, cells) = of_case(case_no, "cases.case_no", "AND");
        let sql = format!(
            "SELECT cases.case_no, case_acts.document, \
             CASE WHEN case_acts.title = '' THEN case_acts.name ELSE case_acts.title END, \
             case_acts.on_date FROM case_acts JOIN cases ON cases.case_id = case_acts.case_id \
             WHERE case_acts.kind = 'case.document-added'{condition} ORDER BY case_acts.seq"
        );
        let found = self.session().fetch(&sql, &cells, &[Kind::Text; 4]).await?;
        let of = |row| {
            let mut cells = Cells::of(row);
            Ok(DocumentBrief {
                case_no: cells.text()?,
                document: cells.text()?,
                title: cells.text()?,
                on: cells.text()?,
            })
        };
        found.into_iter().map(of).collect()
    }

    /// How many recordings of each activity a case, or every case, has: labelled with its 案号, or
    /// filed in it.
    pub(crate) async fn case_activities(
        &mut self,
        case_no: Option<&str>,
    ) -> Outcome<Vec<(String, String, u64)>> {
        let (labelled, cells) = of_case(case_no, "case_no", "AND");
        let (filed, _) = of_case(case_no, "cases.case_no", "AND");
        let sql = format!(
            "SELECT case_no, activity, count(DISTINCT recording) FROM (\
             SELECT case_no, activity, recording FROM receipts \
             WHERE activity <> '' AND case_no <> ''{labelled} UNION \
             SELECT cases.case_no, receipts.activity, receipts.recording FROM case_acts \
             JOIN cases ON cases.case_id = case_acts.case_id \
             JOIN receipts ON receipts.recording = case_acts.content \
             WHERE case_acts.kind = 'case.recording-added' AND receipts.activity <> ''{filed}\
             ) AS held GROUP BY case_no, activity ORDER BY case_no, activity"
        );
        let kinds = [Kind::Text, Kind::Text, Kind::Integer];
        let found = self.session().fetch(&sql, &cells, &kinds).await?;
        let of = |row| {
            let mut cells = Cells::of(row);
            Ok((cells.text()?, cells.text()?, cells.count()?))
        };
        found.into_iter().map(of).collect()
    }

    /// The counts that one statement answers in one row.
    pub(crate) async fn counts_of(&mut self, sql: &str, many: usize) -> Outcome<Vec<u64>> {
        let kinds = vec![Kind::Integer; many];
        let found = self.session().fetch(sql, &[], &kinds).await?;
        let Some(row) = found.into_iter().next() else { return Ok(Vec::new()) };
        let mut cells = Cells::of(row);
        (0..many).map(|_| cells.count()).collect()
    }

    /// Recordings that are damaged, or were found damaged since that time, mended or not.
    pub(crate) async fn damaged(&mut self, limit: u32, since: UtcTime) -> Outcome<Vec<String>> {
        let cells = [i64::from(limit).into(), since.as_ms().into()];
        let found = self.session().fetch(DAMAGED, &cells, &[Kind::Text]).await?;
        found.into_iter().map(|row| Cells::of(row).text()).collect()
    }
}
