//! Asking for accounts, case files, retention and access.
//!
//! Each question can be put to the catalogue, or to a change under way, where its answer stays
//! true until the commit: no other writer is at work.

use super::{Cell, Cells, Kind, whole};
use crate::catalog::database::Session;
use crate::catalog::flows::{
    self, AccessAct, AccessItem, AccessRendition, AccessRequest, AccountAct, BackupAct, CaseAct,
    CaseRow, DisposalAct, RetentionAct, RuleAct, StoreAct, TierAct, VolumeAct, VolumeItem,
};
use crate::catalog::tables::Table;
use crate::catalog::{Catalog, Tx};
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use std::collections::BTreeSet;
use vault_proof::{ContentId, RecordId};

pub(super) async fn rows<Row>(
    session: &mut Session,
    table: &Table,
    condition: &str,
    cells: &[Cell],
    of: fn(Vec<Cell>) -> Outcome<Row>,
) -> Outcome<Vec<Row>> {
    let sql = format!("SELECT {} FROM {} WHERE {condition}", table.names(), table.name);
    session.fetch(&sql, cells, &table.kinds()).await?.into_iter().map(of).collect()
}

/// Where questions are put: to the catalogue as it is, or inside a change.
pub(crate) struct Asking<'a>(Where<'a>);

enum Where<'a> {
    Reading(Box<Session>),
    Changing(&'a mut Session),
}

impl Catalog {
    /// Questions to the catalogue as it is now.
    pub(crate) async fn ask(&self) -> Outcome<Asking<'static>> {
        Ok(Asking(Where::Reading(Box::new(self.database.read().await?))))
    }
}

impl Tx {
    /// Questions inside the change.
    pub(crate) fn ask(&mut self) -> Asking<'_> {
        Asking(Where::Changing(&mut self.session))
    }
}

impl Asking<'_> {
    pub(super) fn session(&mut self) -> &mut Session {
        match &mut self.0 {
            Where::Reading(session) => session,
            Where::Changing(session) => session,
        }
    }

    /// Everything that happened to accounts, in order, sign-ins left out.
    pub(crate) async fn account_acts(&mut self) -> Outcome<Vec<AccountAct>> {
        let condition = "kind NOT IN ('account.signed-in', 'account.signed-in-by-provider', \
             'account.sign-in-refused') ORDER BY seq";
        rows(self.session(), &flows::ACCOUNT_ACTS, condition, &[], AccountAct::of).await
    }

    /// Sign-ins of an account since that time, in order.
    pub(crate) async fn sign_ins(
        &mut self,
        account: &RecordId,
        since_ms: i64,
    ) -> Outcome<Vec<AccountAct>> {
        let condition = "account = $1 AND at_ms >= $2 \
             AND kind IN ('account.signed-in', 'account.signed-in-by-provider', \
             'account.sign-in-refused') ORDER BY seq";
        let cells = [Cell::Text(account.to_string()), since_ms.into()];
        rows(self.session(), &flows::ACCOUNT_ACTS, condition, &cells, AccountAct::of).await
    }

    /// Everything that happened to further stores, in order.
    pub(crate) async fn store_acts(&mut self) -> Outcome<Vec<StoreAct>> {
        rows(self.session(), &flows::STORE_ACTS, "seq >= 0 ORDER BY seq", &[], StoreAct::of).await
    }

    /// What happened to one disposal, or to all, in order.
    pub(crate) async fn disposal_acts(
        &mut self,
        disposal: Option<&RecordId>,
    ) -> Outcome<Vec<DisposalAct>> {
        let (condition, cells) = match disposal {
            None => ("seq >= 0 ORDER BY seq", Vec::new()),
            Some(id) => ("disposal = $1 ORDER BY seq", vec![Cell::Text(id.to_string())]),
        };
        rows(self.session(), &flows::DISPOSAL_ACTS, condition, &cells, DisposalAct::of).await
    }

    /// What happened to volumes, in order.
    pub(crate) async fn volume_acts(&mut self) -> Outcome<Vec<VolumeAct>> {
        rows(self.session(), &flows::VOLUME_ACTS, "seq >= 0 ORDER BY seq", &[], VolumeAct::of).await
    }

    /// What is on a volume.
    pub(crate) async fn volume_items(&mut self, volume: &RecordId) -> Outcome<Vec<ContentId>> {
        let cells = [Cell::Text(volume.to_string())];
        let condition = "volume = $1 ORDER BY recording";
        let items =
            rows(self.session(), &flows::VOLUME_ITEMS, condition, &cells, VolumeItem::of).await?;
        Ok(items.into_iter().map(|item| item.recording).collect())
    }

    /// Labels of the volumes that bear any of these recordings.
    pub(crate) async fn volume_labels_with(
        &mut self,
        recordings: &[ContentId],
    ) -> Outcome<Vec<String>> {
        let mut labels = BTreeSet::new();
        let sql = "SELECT label FROM volume_acts WHERE kind = 'volume.built' AND volume IN \
             (SELECT volume FROM volume_items WHERE recording = $1) ORDER BY label";
        for recording in recordings {
            let cells = [Cell::Text(recording.to_string())];
            for row in self.session().fetch(sql, &cells, &[Kind::Text]).await? {
                labels.insert(Cells::of(row).text()?);
            }
        }
        Ok(labels.into_iter().collect())
    }

    /// The requests for a recording, in order.
    pub(crate) async fn requests_for(
        &mut self,
        recording: &ContentId,
    ) -> Outcome<Vec<AccessRequest>> {
        let condition = "request IN (SELECT request FROM access_items WHERE recording = $1) \
             ORDER BY seq";
        let cells = [Cell::Text(recording.to_string())];
        rows(self.session(), &flows::ACCESS_REQUESTS, condition, &cells, AccessRequest::of).await
    }

    /// The case file of that number or 案号.
    pub(crate) async fn case(&mut self, number: &str) -> Outcome<Option<CaseRow>> {
        let condition = "case_id = $1 OR case_no = $1 ORDER BY seq LIMIT 1";
        let found =
            rows(self.session(), &flows::CASES, condition, &[number.into()], CaseRow::of).await?;
        Ok(found.into_iter().next())
    }

    /// A page of case files, in the order they were opened.
    pub(crate) async fn cases(&mut self, after: Option<u64>, limit: u32) -> Outcome<Vec<CaseRow>> {
        let cells = [after.map_or(Ok(-1), whole)?.into(), i64::from(limit).into()];
        let condition = "seq > $1 ORDER BY seq LIMIT $2";
        rows(self.session(), &flows::CASES, condition, &cells, CaseRow::of).await
    }

    /// Everything that was done with a case file, in order.
    pub(crate) async fn case_acts(&mut self, case: &RecordId) -> Outcome<Vec<CaseAct>> {
        let cells = [Cell::Text(case.to_string())];
        let condition = "case_id = $1 ORDER BY seq";
        rows(self.session(), &flows::CASE_ACTS, condition, &cells, CaseAct::of).await
    }

    /// The case files a recording was filed with.
    pub(crate) async fn cases_with(&mut self, recording: &ContentId) -> Outcome<Vec<CaseRow>> {
        let condition = "case_id IN (SELECT case_id FROM case_acts WHERE content = $1 \
             AND kind = 'case.recording-added') ORDER BY seq";
        let cells = [Cell::Text(recording.to_string())];
        rows(self.session(), &flows::CASES, condition, &cells, CaseRow::of).await
    }

    /// The case files whose 案号 a recording was labelled with.
    pub(crate) async fn cases_by_label(&mut self, recording: &ContentId) -> Outcome<Vec<CaseRow>> {
        let condition = "case_no IN (SELECT case_no FROM receipts WHERE recording = $1) \
             ORDER BY seq";
        let cells = [Cell::Text(recording.to_string())];
        rows(self.session(), &flows::CASES, condition, &cells, CaseRow::of).await
    }

    /// Recordings labelled with that 案号, in the order of the first receipt for it.
    pub(crate) async fn labelled(&mut self, case_no: &str) -> Outcome<Vec<(ContentId, String)>> {
        let sql = "SELECT recording, name FROM receipts WHERE case_no = $1 ORDER BY seq";
        let found = self.session().fetch(sql, &[case_no.into()], &[Kind::Text, Kind::Text]).await?;
        let mut recordings: Vec<(ContentId, String)> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for row in found {
            let mut cells = Cells::of(row);
            let (id, name) = (cells.id()?, cells.text()?);
            if seen.insert(id) {
                recordings.push((id, name));
            }
        }
        Ok(recordings)
    }

    /// Recordings that bear the 案号 of a closed case file, of this one or of any, and do not lie in
    /// it; what was destroyed waits for nobody.
    pub(crate) async fn awaiting(
        &mut self,
        case: Option<&RecordId>,
    ) -> Outcome<Vec<(ContentId, String)>> {
        let one = if case.is_some() { " AND cases.case_id = $1" } else { "" };
        let sql = format!(
            "SELECT receipts.recording, cases.case_no, MIN(receipts.name) \
             FROM case_acts AS closing \
             JOIN cases ON cases.case_id = closing.case_id \
             JOIN receipts ON receipts.case_no = cases.case_no \
             WHERE closing.kind = 'case.closed'{one} \
             AND NOT EXISTS (SELECT 1 FROM case_acts AS added \
                 WHERE added.case_id = cases.case_id AND added.content = receipts.recording \
                 AND added.kind = 'case.recording-added') \
             AND NOT EXISTS (SELECT 1 FROM destroyed \
                 WHERE destroyed.recording = receipts.recording) \
             GROUP BY receipts.recording, cases.case_no ORDER BY MIN(receipts.seq)"
        );
        let cells: Vec<Cell> = case.map(|id| Cell::Text(id.to_string())).into_iter().collect();
        let kinds = [Kind::Text, Kind::Text, Kind::Text];
        let found = self.session().fetch(&sql, &cells, &kinds).await?;
        let pair = |row| {
            let mut cells = Cells::of(row);
            let (id, _, name) = (cells.id()?, cells.text()?, cells.text()?);
            Ok((id, name))
        };
        found.into_iter().map(pair).collect()
    }

    /// Reasons to keep a recording or a case, in order.
    pub(crate) async fn retention_acts(&mut self, target: &str) -> Outcome<Vec<RetentionAct>> {
        let condition = "target = $1 ORDER BY seq";
        let table = &flows::RETENTION_ACTS;
        rows(self.session(), table, condition, &[target.into()], RetentionAct::of).await
    }

    /// What was done with rules of retention, in order.
    pub(crate) async fn rule_acts(&mut self) -> Outcome<Vec<RuleAct>> {
        let table = &flows::RETENTION_RULES;
        rows(self.session(), table, "seq >= 0 ORDER BY seq", &[], RuleAct::of).await
    }

    /// What happened to the bytes of a recording in the vault's own store, in order.
    pub(crate) async fn tier_acts(&mut self, recording: &ContentId) -> Outcome<Vec<TierAct>> {
        let cells = [Cell::Text(recording.to_string())];
        let condition = "recording = $1 ORDER BY seq";
        rows(self.session(), &flows::TIER_ACTS, condition, &cells, TierAct::of).await
    }

    /// What was done about backups, in order.
    pub(crate) async fn backup_acts(&mut self) -> Outcome<Vec<BackupAct>> {
        let table = &flows::BACKUP_ACTS;
        rows(self.session(), table, "seq >= 0 ORDER BY seq", &[], BackupAct::of).await
    }

    /// What was done with a hold, in order.
    pub(crate) async fn hold_acts(&mut self, hold: &str) -> Outcome<Vec<RetentionAct>> {
        let condition = "hold = $1 ORDER BY seq";
        let table = &flows::RETENTION_ACTS;
        rows(self.session(), table, condition, &[hold.into()], RetentionAct::of).await
    }

    /// Requests whose number begins so; at most two.
    pub(crate) async fn requests_like(&mut self, prefix: &str) -> Outcome<Vec<AccessRequest>> {
        // "g" sorts behind every hex digit.
        let cells = [Cell::Text(prefix.to_owned()), Cell::Text(format!("{prefix}g"))];
        let condition = "request >= $1 AND request < $2 ORDER BY request LIMIT 2";
        rows(self.session(), &flows::ACCESS_REQUESTS, condition, &cells, AccessRequest::of).await
    }

    /// A page of requests, in order.
    pub(crate) async fn requests(
        &mut self,
        after: Option<u64>,
        limit: u32,
    ) -> Outcome<Vec<AccessRequest>> {
        let cells = [after.map_or(Ok(-1), whole)?.into(), i64::from(limit).into()];
        let condition = "seq > $1 ORDER BY seq LIMIT $2";
        rows(self.session(), &flows::ACCESS_REQUESTS, condition, &cells, AccessRequest::of).await
    }

    /// The recordings of a request.
    pub(crate) async fn request_items(&mut self, request: &RecordId) -> Outcome<Vec<ContentId>> {
        let cells = [Cell::Text(request.to_string())];
        let condition = "request = $1 ORDER BY recording";
        let items =
            rows(self.session(), &flows::ACCESS_ITEMS, condition, &cells, AccessItem::of).await?;
        Ok(items.into_iter().map(|item| item.recording).collect())
    }

    /// The steps of a request, in order: neither its readings nor what its copies came to.
    pub(crate) async fn access_acts(&mut self, request: &RecordId) -> Outcome<Vec<AccessAct>> {
        let cells = [Cell::Text(request.to_string())];
        let condition = "request = $1 AND kind NOT IN ('access.read', 'access.excerpt-read', 'access.copy-written', \
             'access.scan-kept', 'access.scan-shown', \
             'access.copy-kept', 'access.copy-collected') ORDER BY seq";
        rows(self.session(), &flows::ACCESS_ACTS, condition, &cells, AccessAct::of).await
    }

    /// The scan of the signed notice, where one is kept.
    pub(crate) async fn scan_of(&mut self, request: &RecordId) -> Outcome<Option<AccessAct>> {
        let cells = [Cell::Text(request.to_string())];
        let condition = "request = $1 AND kind = 'access.scan-kept' ORDER BY seq LIMIT 1";
        let table = &flows::ACCESS_ACTS;
        let found = rows(self.session(), table, condition, &cells, AccessAct::of).await?;
        Ok(found.into_iter().next())
    }

    /// What was made of a recording for reading under that grant.
    pub(crate) async fn excerpt_of(
        &mut self,
        request: &RecordId,
        recording: &ContentId,
    ) -> Outcome<Option<AccessRendition>> {
        let cells = [Cell::Text(request.to_string()), Cell::Text(recording.to_string())];
        let condition = "request = $1 AND recording = $2 AND kind = 'excerpt' ORDER BY seq LIMIT 1";
        let table = &flows::ACCESS_RENDITIONS;
        let found = rows(self.session(), table, condition, &cells, AccessRendition::of).await?;
        Ok(found.into_iter().next())
    }

    /// What became of the packages of a request: kept, and collected.
    pub(crate) async fn packages_of(&mut self, request: &RecordId) -> Outcome<Vec<AccessAct>> {
        let cells = [Cell::Text(request.to_string())];
        let condition =
            "request = $1 AND kind IN ('access.copy-kept', 'access.copy-collected') ORDER BY seq";
        rows(self.session(), &flows::ACCESS_ACTS, condition, &cells, AccessAct::of).await
    }

    /// Everything that left under requests for a recording, in order (R22).
    pub(crate) async fn copies_of(&mut self, recording: &ContentId) -> Outcome<Vec<AccessAct>> {
        let cells = [Cell::Text(recording.to_string())];
        let condition = "kind IN ('access.copy-handed-out', 'access.copy-written') AND request IN \
             (SELECT request FROM access_items WHERE recording = $1) ORDER BY seq";
        let acts =
            rows(self.session(), &flows::ACCESS_ACTS, condition, &cells, AccessAct::of).await?;
        let id = recording.to_string();
        let on = |act: &AccessAct| act.recordings.contains(&id);
        let copies: BTreeSet<_> =
            acts.iter().filter(|act| on(act)).map(|act| (act.request.clone(), act.copy)).collect();
        let belongs = |act: &AccessAct| copies.contains(&(act.request.clone(), act.copy));
        Ok(acts.into_iter().filter(belongs).collect())
    }

    /// Request and copy of what bears this content id: a rendition, an excerpt that is read (copy 0),
    /// the package itself.
    pub(crate) async fn copies_with(
        &mut self,
        object: &ContentId,
    ) -> Outcome<Vec<(RecordId, u64)>> {
        let cells = [Cell::Text(object.to_string())];
        let table = &flows::ACCESS_RENDITIONS;
        let made =
            rows(self.session(), table, "object = $1 ORDER BY seq", &cells, AccessRendition::of)
                .await?;
        let mut found: Vec<_> = made.into_iter().map(|row| (row.request, row.copy)).collect();
        let condition = "kind = 'access.copy-kept' AND digest = $1 ORDER BY seq";
        let kept = rows(self.session(), &flows::ACCESS_ACTS, condition, &cells, AccessAct::of);
        for act in kept.await? {
            let damaged = || Fault::new(Code::CatalogueDamaged).with("what", "copy");
            found.push((act.request.parse().map_err(|_| damaged())?, act.copy));
        }
        Ok(found)
    }

    /// What stands for a copy: its handing out, and its package; for copy 0, what is read, the grant.
    pub(crate) async fn copy_acts(
        &mut self,
        request: &RecordId,
        copy: u64,
    ) -> Outcome<Vec<AccessAct>> {
        let cells = [Cell::Text(request.to_string()), whole(copy)?.into()];
        let condition = if copy == 0 {
            "request = $1 AND copy = $2 AND kind = 'access.granted' ORDER BY seq"
        } else {
            "request = $1 AND copy = $2 AND kind IN ('access.copy-handed-out', \
             'access.copy-written') ORDER BY seq"
        };
        rows(self.session(), &flows::ACCESS_ACTS, condition, &cells, AccessAct::of).await
    }

    /// The act of that event, if it is one.
    pub(crate) async fn access_act(&mut self, seq: u64) -> Outcome<Option<AccessAct>> {
        let Ok(seq) = whole(seq) else { return Ok(None) };
        let cells = [seq.into()];
        let table = &flows::ACCESS_ACTS;
        let found = rows(self.session(), table, "seq = $1", &cells, AccessAct::of).await?;
        Ok(found.into_iter().next())
    }

    /// The highest number of a notice in that year; 0 where there is none.
    pub(crate) async fn last_notice(&mut self, year: u64) -> Outcome<u64> {
        let sql = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM access_acts \
             WHERE kind = 'access.notice-issued' AND year = $1";
        let found = self.session().fetch(sql, &[whole(year)?.into()], &[Kind::Integer]).await?;
        Cells::of(found.into_iter().flatten().collect()).count()
    }

    /// The number of the last record of destruction of a year; 0 if there is none.
    pub(crate) async fn last_destruction_record(&mut self, year: u64) -> Outcome<u64> {
        let sql = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM disposal_acts \
             WHERE kind = 'disposal.recorded' AND year = $1";
        let found = self.session().fetch(sql, &[whole(year)?.into()], &[Kind::Integer]).await?;
        Cells::of(found.into_iter().flatten().collect()).count()
    }

    /// The time of the last event.
    pub(crate) async fn last_event_at(&mut self) -> Outcome<UtcTime> {
        let sql = "SELECT at_ms FROM events ORDER BY seq DESC LIMIT 1";
        let found = self.session().fetch(sql, &[], &[Kind::Integer]).await?;
        match found.into_iter().next() {
            None => Ok(UtcTime::from_ms(i64::MIN)),
            Some(row) => Cells::of(row).integer().map(UtcTime::from_ms),
        }
    }

    /// Whether a recording lies in a closed case file.
    pub(crate) async fn is_archived(&mut self, recording: &ContentId) -> Outcome<bool> {
        let sql = "SELECT count(*) FROM case_acts WHERE kind = 'case.closed' AND case_id IN \
             (SELECT case_id FROM case_acts WHERE content = $1 \
             AND kind = 'case.recording-added')";
        let cells = [Cell::Text(recording.to_string())];
        let found = self.session().fetch(sql, &cells, &[Kind::Integer]).await?;
        Ok(Cells::of(found.into_iter().flatten().collect()).count()? > 0)
    }
}
