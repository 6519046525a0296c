//! Asking what is kept, copy by copy: what is due to be read again, and how far the reading is.
//!
//! Recordings and what was made of them are one list here: every stored byte is read again.

use super::{Cell, Cells, KEPT, Kind, whole};
use crate::catalog::Catalog;
use crate::catalog::flows::{self, Destroyed};
use crate::clock::UtcTime;
use crate::fault::{Code, Fault, Outcome};
use crate::store::MAIN_STORE;
use crate::store::check::Expected;
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use vault_proof::{ContentId, Subject};

/// One copy of something that is kept.
#[derive(Debug, Clone)]
pub(crate) struct KeptCopy {
    pub(crate) expected: Expected,
    /// The event that brought it in.
    pub(crate) place: u64,
    /// When it was last read, or placed.
    pub(crate) examined_at: UtcTime,
    /// The check that found it damaged, unless it was found whole since.
    pub(crate) damaged_seq: Option<u64>,
}

/// A recording with the activities it was said to record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClassedRow {
    pub(crate) id: ContentId,
    pub(crate) bytes: u64,
    pub(crate) seq: u64,
    pub(crate) received_at: UtcTime,
    pub(crate) classes: Vec<String>,
}

/// A recording in a cold store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ColdRow {
    pub(crate) recording: ContentId,
    /// The number of the cold store.
    pub(crate) store: String,
    /// Whether somebody asked for it.
    pub(crate) asked: bool,
    /// Since when it lies there, or was asked for.
    pub(crate) at: UtcTime,
}

/// How many objects of a class there are, and how many of them have fewer good copies than wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CopyCounts {
    /// `original`, `evidence` or `long-term`.
    pub(crate) class: String,
    pub(crate) objects: u64,
    pub(crate) short: u64,
}

/// How far the reading of a store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeptCounts {
    pub(crate) objects: u64,
    pub(crate) bytes: u64,
    /// The longest that any copy waits.
    pub(crate) oldest_at: Option<UtcTime>,
    /// Bytes read again since the given time.
    pub(crate) read_since: u64,
    pub(crate) overdue: u64,
    pub(crate) overdue_bytes: u64,
    pub(crate) damaged: u64,
}

const COLUMNS: &str =
    "SELECT object, kind, bytes, manifest, place, examined_ms, damaged_seq FROM kept_copies";

/// Of each object its class, and the good copies of it: in the vault's own store, and elsewhere but
/// in the store `$4`. Evidence is what has a 案号 or lies in a case file, and what was made for one.
const SHORT_ROWS: &str = "SELECT kept_objects.object AS object, CASE \
         WHEN EXISTS (SELECT 1 FROM retention_acts \
             WHERE retention_acts.kind = 'retention.trigger-found' \
             AND retention_acts.target = 'recording:' || kept_objects.recording) \
         THEN 'long-term' \
         WHEN kept_objects.recording = '' OR EXISTS (SELECT 1 FROM receipts \
             WHERE receipts.recording = kept_objects.recording AND receipts.case_no <> '') \
             OR EXISTS (SELECT 1 FROM case_acts WHERE case_acts.content = kept_objects.recording) \
         THEN 'evidence' ELSE 'original' END AS class, \
         CASE WHEN kept_objects.damaged_seq < 0 AND NOT EXISTS (SELECT 1 FROM cold \
             WHERE cold.recording = kept_objects.object) THEN 1 ELSE 0 END AS good_here, \
         (SELECT count(*) FROM copies WHERE copies.object = kept_objects.object \
             AND copies.store <> 'main' AND copies.store <> $4 \
             AND copies.placed_ms >= 0 AND copies.damaged_seq < 0 \
             AND NOT EXISTS (SELECT 1 FROM store_acts WHERE store_acts.store = copies.store \
                 AND store_acts.kind = 'store.released')) AS good_elsewhere \
     FROM kept_objects {where}";

/// What the store `$1` was never given and is to be: what is cold is not at hand.
const LACKING: &str = "NOT EXISTS (SELECT 1 FROM cold \
         WHERE cold.recording = kept_objects.object) \
     AND NOT EXISTS (SELECT 1 FROM copies WHERE copies.store = $1 \
         AND copies.object = kept_objects.object AND copies.placed_ms >= 0)";

const SHORT: &str = "SELECT class, count(*), \
     CAST(COALESCE(SUM(CASE WHEN good_here + good_elsewhere < CASE class WHEN 'long-term' THEN $3 \
         WHEN 'evidence' THEN $2 ELSE $1 END THEN 1 ELSE 0 END), 0) AS BIGINT) \
     FROM ({rows}) AS counted GROUP BY class ORDER BY class";

impl Catalog {
    /// Copies last read before that time, the longest waiting first.
    pub(crate) async fn copies_due(
        &self,
        store: &str,
        before: UtcTime,
        limit: u32,
    ) -> Outcome<Vec<KeptCopy>> {
        let condition = "store = $1 AND examined_ms < $2 ORDER BY examined_ms, object LIMIT $3";
        let cells = [store.into(), before.as_ms().into(), i64::from(limit).into()];
        self.copies_where(condition, &cells).await
    }

    /// Copies found damaged that were last read before that time.
    pub(crate) async fn copies_damaged(
        &self,
        store: &str,
        before: UtcTime,
        limit: u32,
    ) -> Outcome<Vec<KeptCopy>> {
        let condition = "store = $1 AND damaged_seq >= 0 AND examined_ms < $2 \
             ORDER BY examined_ms, object LIMIT $3";
        let cells = [store.into(), before.as_ms().into(), i64::from(limit).into()];
        self.copies_where(condition, &cells).await
    }

    /// Copies that came in with this event, or shortly before or after it.
    pub(crate) async fn copies_beside(
        &self,
        store: &str,
        place: u64,
        within: u64,
    ) -> Outcome<Vec<KeptCopy>> {
        let condition = "store = $1 AND place >= $2 AND place <= $3 ORDER BY place, object";
        let (from, to) = (place.saturating_sub(within), place.saturating_add(within));
        let cells = [store.into(), whole(from)?.into(), whole(to)?.into()];
        self.copies_where(condition, &cells).await
    }

    /// Copies in a store, in the order of their objects, from behind one of them.
    pub(crate) async fn copies_after(
        &self,
        store: &str,
        after: &str,
        limit: u32,
    ) -> Outcome<Vec<KeptCopy>> {
        let cells = [store.into(), after.into(), i64::from(limit).into()];
        self.copies_where("store = $1 AND object > $2 ORDER BY object LIMIT $3", &cells).await
    }

    /// The copy of an object in a store, if it is kept there.
    pub(crate) async fn copy(&self, store: &str, object: &ContentId) -> Outcome<Option<KeptCopy>> {
        let cells = [store.into(), Cell::Text(object.to_string())];
        Ok(self.copies_where("store = $1 AND object = $2", &cells).await?.into_iter().next())
    }

    async fn copies_where(&self, condition: &str, cells: &[Cell]) -> Outcome<Vec<KeptCopy>> {
        let sql = format!("{COLUMNS} WHERE {condition}");
        let (i, t) = (Kind::Integer, Kind::Text);
        let rows = self.fetch(&sql, cells, &[t, t, i, t, i, i, i]).await?;
        rows.into_iter().map(kept_copy).collect()
    }

    /// Whether a copy of an object was ever placed in a further store.
    pub(crate) async fn was_placed(&self, store: &str, object: &ContentId) -> Outcome<bool> {
        let sql =
            "SELECT placed_ms FROM copies WHERE store = $1 AND object = $2 AND placed_ms >= 0";
        let cells = [store.into(), Cell::Text(object.to_string())];
        Ok(!self.fetch(sql, &cells, &[Kind::Integer]).await?.is_empty())
    }

    /// The event that a recording's destruction began with.
    pub(crate) async fn destroyed(&self, recording: &ContentId) -> Outcome<Option<u64>> {
        let table = &flows::DESTROYED;
        let sql = format!("SELECT {} FROM {} WHERE recording = $1", table.names(), table.name);
        let cells = [Cell::Text(recording.to_string())];
        let found = self.fetch(&sql, &cells, &table.kinds()).await?.into_iter().next();
        Ok(found.map(Destroyed::of).transpose()?.map(|row| row.seq))
    }

    /// Recordings on the list for long-term preservation that are on no volume, with their grounds,
    /// in the order in which they came.
    pub(crate) async fn for_long_term(&self) -> Outcome<Vec<(ContentId, Vec<String>)>> {
        let on_none = "AND NOT EXISTS (SELECT 1 FROM volume_items \
             WHERE volume_items.recording = recordings.id)";
        self.long_term(on_none).await
    }

    /// The grounds of every recording on the list for long-term preservation.
    pub(crate) async fn long_term_grounds(&self) -> Outcome<HashMap<ContentId, Vec<String>>> {
        Ok(self.long_term("").await?.into_iter().collect())
    }

    async fn long_term(&self, condition: &str) -> Outcome<Vec<(ContentId, Vec<String>)>> {
        let sql = format!(
            "SELECT recordings.id, retention_acts.cause FROM retention_acts \
             JOIN recordings ON retention_acts.target = 'recording:' || recordings.id \
             WHERE retention_acts.kind = 'retention.trigger-found' AND {KEPT} {condition} \
             ORDER BY recordings.accession_seq, retention_acts.seq"
        );
        let mut found: Vec<(ContentId, Vec<String>)> = Vec::new();
        for row in self.fetch(&sql, &[], &[Kind::Text, Kind::Text]).await? {
            let mut cells = Cells::of(row);
            let (id, cause) = (cells.id()?, cells.text()?);
            match found.last_mut() {
                Some((last, grounds)) if *last == id => grounds.push(cause),
                _ => found.push((id, vec![cause])),
            }
        }
        Ok(found)
    }

    /// How a recording lies in a cold store, if it does.
    pub(crate) async fn cold(&self, recording: &ContentId) -> Outcome<Option<ColdRow>> {
        let acts = self.ask().await?.tier_acts(recording).await?;
        let last = acts.into_iter().next_back().filter(|act| act.kind != "copies.recalled");
        if last.is_some() && self.destroyed(recording).await?.is_some() {
            return Ok(None);
        }
        Ok(last.map(|act| ColdRow {
            recording: act.recording,
            store: act.store.to_string(),
            asked: act.kind == "recall.asked",
            at: act.at_ms,
        }))
    }

    /// Everything that lies in cold stores, or only what was asked for, in the order of asking.
    pub(crate) async fn all_cold(&self, asked: bool) -> Outcome<Vec<ColdRow>> {
        let condition = if asked { "kind = 'recall.asked' ORDER BY seq" } else { "seq >= 0" };
        let sql = format!(
            "SELECT recording, store, kind, at_ms FROM cold WHERE NOT EXISTS (SELECT 1 \
             FROM destroyed WHERE destroyed.recording = cold.recording) AND {condition}"
        );
        let (i, t) = (Kind::Integer, Kind::Text);
        let rows = self.fetch(&sql, &[], &[t, t, t, i]).await?;
        let row = |cells: Vec<Cell>| {
            let mut cells = Cells::of(cells);
            Ok(ColdRow {
                recording: cells.id()?,
                store: cells.text()?,
                asked: cells.text()? == "recall.asked",
                at: UtcTime::from_ms(cells.integer()?),
            })
        };
        rows.into_iter().map(row).collect()
    }

    /// How many recordings lie in cold stores, and their bytes.
    pub(crate) async fn cold_counts(&self) -> Outcome<(u64, u64)> {
        let sql = "SELECT count(*), CAST(COALESCE(SUM(recordings.bytes), 0) AS BIGINT) \
             FROM cold JOIN recordings ON recordings.id = cold.recording \
             WHERE NOT EXISTS (SELECT 1 FROM destroyed \
                 WHERE destroyed.recording = cold.recording)";
        let rows = self.fetch(sql, &[], &[Kind::Integer, Kind::Integer]).await?;
        let mut cells = Cells::of(rows.into_iter().flatten().collect());
        Ok((cells.count()?, cells.count()?))
    }

    /// Recordings that may be cold by their age alone: received before that time, whole, with their
    /// digests, with a good copy in the cold store, and not brought back since the second time.
    pub(crate) async fn may_be_cold(
        &self,
        store: &str,
        (received, brought): (UtcTime, UtcTime),
        after: Option<u64>,
        limit: u32,
    ) -> Outcome<Vec<KeptCopy>> {
        let sql = format!(
            "SELECT recordings.id, 'recording', recordings.bytes, recordings.manifest, \
             recordings.accession_seq, recordings.examined_ms, recordings.damaged_seq \
             FROM recordings JOIN copies ON copies.object = recordings.id AND copies.store = $1 \
             WHERE recordings.accessioned_ms < $2 AND recordings.accession_seq > $4 \
             AND recordings.damaged_seq < 0 AND recordings.digests_seq >= 0 AND {KEPT} \
             AND copies.placed_ms >= 0 AND copies.damaged_seq < 0 \
             AND NOT EXISTS (SELECT 1 FROM cold WHERE cold.recording = recordings.id) \
             AND NOT EXISTS (SELECT 1 FROM tier_acts WHERE tier_acts.recording = recordings.id \
                 AND tier_acts.kind = 'copies.recalled' AND tier_acts.at_ms >= $3) \
             ORDER BY recordings.accession_seq LIMIT $5"
        );
        let cells = [
            store.into(),
            received.as_ms().into(),
            brought.as_ms().into(),
            after.map_or(Ok(-1), whole)?.into(),
            i64::from(limit).into(),
        ];
        let (i, t) = (Kind::Integer, Kind::Text);
        let rows = self.fetch(&sql, &cells, &[t, t, i, t, i, i, i]).await?;
        rows.into_iter().map(kept_copy).collect()
    }

    /// Of how many objects of a class a further store holds no good copy.
    pub(crate) async fn lacking_in(&self, store: &str, class: &str) -> Outcome<u64> {
        let all = SHORT_ROWS.replace("$4", "''").replace("{where}", "");
        let sql = format!(
            "SELECT count(*) FROM ({all}) AS counted WHERE class = $2 AND NOT EXISTS ( \
             SELECT 1 FROM copies WHERE copies.object = counted.object AND copies.store = $1 \
             AND copies.placed_ms >= 0 AND copies.damaged_seq < 0)"
        );
        let rows = self.fetch(&sql, &[store.into(), class.into()], &[Kind::Integer]).await?;
        Cells::of(rows.into_iter().flatten().collect()).count()
    }

    /// Recordings with the activities they were said to record, in the order in which they came.
    pub(crate) async fn classed(&self, after: Option<u64>, limit: u32) -> Outcome<Vec<ClassedRow>> {
        let sql = format!(
            "SELECT page.id, page.bytes, page.accession_seq, page.accessioned_ms, \
             receipts.activity FROM (SELECT id, bytes, accession_seq, accessioned_ms \
                 FROM recordings WHERE accession_seq > $1 AND {KEPT} \
                 ORDER BY accession_seq LIMIT $2) AS page \
             JOIN receipts ON receipts.recording = page.id \
             ORDER BY page.accession_seq, receipts.seq"
        );
        let cells = [after.map_or(Ok(-1), whole)?.into(), i64::from(limit).into()];
        let (i, t) = (Kind::Integer, Kind::Text);
        let mut found: Vec<ClassedRow> = Vec::new();
        for row in self.fetch(&sql, &cells, &[t, i, i, i, t]).await? {
            let mut cells = Cells::of(row);
            let row = ClassedRow {
                id: cells.id()?,
                bytes: cells.count()?,
                seq: cells.count()?,
                received_at: UtcTime::from_ms(cells.integer()?),
                classes: Vec::new(),
            };
            if found.last().is_none_or(|last| last.seq != row.seq) {
                found.push(row);
            }
            let class = cells.text()?;
            if let Some(last) = found.last_mut().filter(|_| !class.is_empty()) {
                last.classes.push(class);
            }
        }
        Ok(found)
    }

    /// The class of an object, and how many good copies of it there are in further stores.
    pub(crate) async fn further_copies(&self, object: &ContentId) -> Outcome<(String, u64)> {
        let one = SHORT_ROWS.replace("$4", "''").replace("{where}", "WHERE object = $1");
        let rows = self
            .fetch(
                &format!("SELECT class, good_elsewhere FROM ({one}) AS counted"),
                &[Cell::Text(object.to_string())],
                &[Kind::Text, Kind::Integer],
            )
            .await?;
        let unknown = || Fault::new(Code::RecordingUnknown).with("id", object);
        let mut cells = Cells::of(rows.into_iter().next().ok_or_else(unknown)?);
        Ok((cells.text()?, cells.count()?))
    }

    /// Whether a recording on the list for long-term preservation is on no volume.
    pub(crate) async fn waits_for_a_volume(&self, recording: &ContentId) -> Outcome<bool> {
        let sql = "SELECT seq FROM retention_acts WHERE kind = 'retention.trigger-found' \
             AND target = $1 AND NOT EXISTS (SELECT 1 FROM volume_items \
                 WHERE volume_items.recording = $2) LIMIT 1";
        let target = Cell::Text(Subject::recording(recording).to_string());
        let cells = [target, Cell::Text(recording.to_string())];
        Ok(!self.fetch(sql, &cells, &[Kind::Integer]).await?.is_empty())
    }

    /// Whether a destruction began with that event or later.
    pub(crate) async fn destruction_since(&self, seq: u64) -> Outcome<bool> {
        let sql = "SELECT seq FROM destroyed WHERE seq >= $1 LIMIT 1";
        Ok(!self.fetch(sql, &[whole(seq)?.into()], &[Kind::Integer]).await?.is_empty())
    }

    /// Every recording that was destroyed.
    pub(crate) async fn all_destroyed(&self) -> Outcome<HashSet<ContentId>> {
        let rows = self.fetch("SELECT recording FROM destroyed", &[], &[Kind::Text]).await?;
        rows.into_iter().map(|row| Cells::of(row).id()).collect()
    }

    /// Every recording that was destroyed, and what was made of those alone.
    pub(crate) async fn all_destroyed_objects(&self) -> Outcome<HashSet<ContentId>> {
        let sql = "SELECT recording FROM destroyed UNION \
             SELECT made.object FROM derivatives AS made WHERE NOT EXISTS ( \
                 SELECT 1 FROM derivatives AS other WHERE other.object = made.object \
                 AND NOT EXISTS (SELECT 1 FROM destroyed \
                     WHERE destroyed.recording = other.recording)) \
             AND NOT EXISTS (SELECT 1 FROM recordings WHERE recordings.id = made.object \
                 AND NOT EXISTS (SELECT 1 FROM destroyed \
                     WHERE destroyed.recording = recordings.id))";
        let rows = self.fetch(sql, &[], &[Kind::Text]).await?;
        rows.into_iter().map(|row| Cells::of(row).id()).collect()
    }

    /// Recordings not destroyed that were received before that time, in the order in which they
    /// came.
    pub(crate) async fn received_before(
        &self,
        before: UtcTime,
        after: Option<u64>,
        limit: u32,
    ) -> Outcome<Vec<ContentId>> {
        let sql = format!(
            "SELECT id FROM recordings WHERE accessioned_ms < $1 AND accession_seq > $2 \
             AND {KEPT} ORDER BY accession_seq LIMIT $3"
        );
        let after = after.map_or(Ok(-1), whole)?;
        let cells = [before.as_ms().into(), after.into(), i64::from(limit).into()];
        let rows = self.fetch(&sql, &cells, &[Kind::Text]).await?;
        rows.into_iter().map(|row| Cells::of(row).id()).collect()
    }

    /// A recording and the objects made from it alone: what else was made from another recording
    /// that is kept is not among them.
    pub(crate) async fn objects_only_of(&self, recording: &ContentId) -> Outcome<Vec<Expected>> {
        let sql = "SELECT id, bytes, manifest FROM recordings WHERE id = $1 \
             UNION SELECT made.object, made.bytes, made.manifest FROM derivatives AS made \
             WHERE made.recording = $1 \
             AND NOT EXISTS (SELECT 1 FROM derivatives AS other WHERE other.object = made.object \
                 AND other.recording <> $1 AND NOT EXISTS (SELECT 1 FROM destroyed \
                     WHERE destroyed.recording = other.recording)) \
             AND NOT EXISTS (SELECT 1 FROM recordings AS whole WHERE whole.id = made.object \
                 AND whole.id <> $1 AND NOT EXISTS (SELECT 1 FROM destroyed \
                     WHERE destroyed.recording = whole.id))";
        let (i, t) = (Kind::Integer, Kind::Text);
        let rows = self.fetch(sql, &[Cell::Text(recording.to_string())], &[t, i, t]).await?;
        let row = |cells: Vec<Cell>| {
            let mut cells = Cells::of(cells);
            let (id, bytes, manifest) = (cells.id()?, cells.count()?, cells.id()?);
            Ok(Expected { id, bytes, manifest, subject: Subject::object(&id) })
        };
        rows.into_iter().map(row).collect()
    }

    /// What a further store does not hold yet, in the order in which it came in.
    pub(crate) async fn copies_lacking(&self, store: &str, limit: u32) -> Outcome<Vec<KeptCopy>> {
        let sql = format!(
            "SELECT object, kind, bytes, manifest, place, examined_ms, damaged_seq \
             FROM kept_objects WHERE damaged_seq < 0 AND {LACKING} ORDER BY place, object LIMIT $2"
        );
        let (i, t) = (Kind::Integer, Kind::Text);
        let cells = [store.into(), i64::from(limit).into()];
        let rows = self.fetch(&sql, &cells, &[t, t, i, t, i, i, i]).await?;
        rows.into_iter().map(kept_copy).collect()
    }

    /// How many objects a further store does not hold yet, beside those whose own copy is damaged.
    pub(crate) async fn count_lacking(&self, store: &str) -> Outcome<u64> {
        let sql = format!("SELECT count(*) FROM kept_objects WHERE damaged_seq < 0 AND {LACKING}");
        let rows = self.fetch(&sql, &[store.into()], &[Kind::Integer]).await?;
        Cells::of(rows.into_iter().flatten().collect()).count()
    }

    /// What a further store does not hold and cannot be given, because the vault's own copy was
    /// found damaged, in the order in which it came in.
    pub(crate) async fn damaged_lacking(&self, store: &str) -> Outcome<Vec<ContentId>> {
        let sql = format!(
            "SELECT object FROM kept_objects WHERE damaged_seq >= 0 AND {LACKING} \
             ORDER BY place, object"
        );
        let rows = self.fetch(&sql, &[store.into()], &[Kind::Text]).await?;
        rows.into_iter().map(|row| Cells::of(row).id()).collect()
    }

    /// How many objects of each class there are and how many have fewer good copies than is
    /// wanted of their class.
    pub(crate) async fn short_of_copies(
        &self,
        wanted: (u64, u64, u64),
    ) -> Outcome<Vec<CopyCounts>> {
        self.counted_short(wanted, "", "").await
    }

    /// The same of the objects of which this further store holds a good copy, as if it held none:
    /// those that are short then need it.
    pub(crate) async fn short_without(
        &self,
        wanted: (u64, u64, u64),
        store: &str,
    ) -> Outcome<Vec<CopyCounts>> {
        let held = "WHERE EXISTS (SELECT 1 FROM copies \
             WHERE copies.object = kept_objects.object AND copies.store = $4 \
             AND copies.placed_ms >= 0 AND copies.damaged_seq < 0)";
        self.counted_short(wanted, store, held).await
    }

    async fn counted_short(
        &self,
        (original, evidence, long_term): (u64, u64, u64),
        without: &str,
        objects: &str,
    ) -> Outcome<Vec<CopyCounts>> {
        let cells = [
            whole(original)?.into(),
            whole(evidence)?.into(),
            whole(long_term)?.into(),
            without.into(),
        ];
        let sql = SHORT.replace("{rows}", &SHORT_ROWS.replace("{where}", objects));
        let rows = self.fetch(&sql, &cells, &[Kind::Text, Kind::Integer, Kind::Integer]).await?;
        let row = |cells: Vec<Cell>| {
            let mut cells = Cells::of(cells);
            let (class, objects, short) = (cells.text()?, cells.count()?, cells.count()?);
            Ok(CopyCounts { class, objects, short })
        };
        rows.into_iter().map(row).collect()
    }

    /// How far the reading of a store is: what was read since one time, and not since another.
    pub(crate) async fn kept_counts(
        &self,
        store: &str,
        since: UtcTime,
        due: UtcTime,
    ) -> Outcome<KeptCounts> {
        let sql = "SELECT count(*), CAST(COALESCE(SUM(bytes), 0) AS BIGINT), \
             COALESCE(MIN(examined_ms), -1), \
             CAST(COALESCE(SUM(CASE WHEN examined_ms >= $2 AND examined_ms > placed_ms \
                 THEN bytes ELSE 0 END), 0) AS BIGINT), \
             CAST(COALESCE(SUM(CASE WHEN examined_ms < $3 THEN 1 ELSE 0 END), 0) AS BIGINT), \
             CAST(COALESCE(SUM(CASE WHEN examined_ms < $3 THEN bytes ELSE 0 END), 0) AS BIGINT), \
             CAST(COALESCE(SUM(CASE WHEN damaged_seq >= 0 THEN 1 ELSE 0 END), 0) AS BIGINT) \
             FROM kept_copies WHERE store = $1";
        let cells = [store.into(), since.as_ms().into(), due.as_ms().into()];
        let rows = self.fetch(sql, &cells, &[Kind::Integer; 7]).await?;
        let mut cells = Cells::of(rows.into_iter().flatten().collect());
        Ok(KeptCounts {
            objects: cells.count()?,
            bytes: cells.count()?,
            oldest_at: cells.past()?,
            read_since: cells.count()?,
            overdue: cells.count()?,
            overdue_bytes: cells.count()?,
            damaged: cells.count()?,
        })
    }

    /// How far the reading of long objects had come when it was stopped, by object: the manifest
    /// that was read by, and the first extent that was not.
    pub(crate) async fn scrub_progress(
        &self,
        store: &str,
        since: UtcTime,
    ) -> Outcome<HashMap<ContentId, (ContentId, u64)>> {
        // One that is older than the last whole reading has served.
        let sql = "SELECT left_at.object, left_at.manifest, left_at.next_extent \
             FROM scrub_progress AS left_at JOIN kept_copies ON kept_copies.store = left_at.store \
             AND kept_copies.object = left_at.object WHERE left_at.store = $1 \
             AND left_at.at_ms > kept_copies.examined_ms AND left_at.at_ms >= $2";
        let (i, t) = (Kind::Integer, Kind::Text);
        let rows = self.fetch(sql, &[store.into(), since.as_ms().into()], &[t, t, i]).await?;
        let row = |cells: Vec<Cell>| {
            let mut cells = Cells::of(cells);
            Ok((cells.id()?, (cells.id()?, cells.count()?)))
        };
        rows.into_iter().map(row).collect()
    }

    /// Remembers how far a reading came.
    pub(crate) async fn set_scrub_progress(
        &self,
        store: &str,
        expected: &Expected,
        next_extent: u64,
        now: UtcTime,
    ) -> Outcome<()> {
        let sql = "INSERT INTO scrub_progress (store, object, manifest, next_extent, at_ms) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (store, object) DO UPDATE SET \
             manifest = excluded.manifest, next_extent = excluded.next_extent, \
             at_ms = excluded.at_ms";
        let cells = [
            store.into(),
            Cell::Text(expected.id.to_string()),
            Cell::Text(expected.manifest.to_string()),
            whole(next_extent)?.into(),
            now.as_ms().into(),
        ];
        let mut session = self.database.write().await?;
        session.execute(sql, &cells).await?;
        session.commit().await
    }

    /// Takes the next turn of the standing reading of a store, if the last was long enough ago.
    pub(crate) async fn take_scrub_turn(
        &self,
        store: &str,
        now: UtcTime,
        every: Duration,
    ) -> Outcome<bool> {
        let every = i64::try_from(every.as_millis()).unwrap_or(i64::MAX);
        let sql = "INSERT INTO scrub_turns (store, at_ms) VALUES ($1, $2) \
             ON CONFLICT (store) DO UPDATE SET at_ms = excluded.at_ms \
             WHERE scrub_turns.at_ms <= $3 OR scrub_turns.at_ms > $2";
        let cells = [store.into(), now.as_ms().into(), now.plus_ms(-every).as_ms().into()];
        let mut session = self.database.write().await?;
        let taken = session.execute(sql, &cells).await? > 0;
        session.commit().await?;
        Ok(taken)
    }

    /// Whether the vault's own copy of an object was found damaged and not found whole since.
    pub(crate) async fn found_damaged(&self, object: &ContentId) -> Outcome<bool> {
        let copy = self.copy(MAIN_STORE, object).await?;
        Ok(copy.is_some_and(|copy| copy.damaged_seq.is_some()))
    }
}

fn kept_copy(row: Vec<Cell>) -> Outcome<KeptCopy> {
    let mut cells = Cells::of(row);
    let (id, kind) = (cells.id()?, cells.text()?);
    let (bytes, manifest) = (cells.count()?, cells.id()?);
    let subject = match kind.as_str() {
        "recording" => Subject::recording(&id),
        _ => Subject::object(&id),
    };
    Ok(KeptCopy {
        expected: Expected { id, bytes, manifest, subject },
        place: cells.count()?,
        examined_at: UtcTime::from_ms(cells.integer()?),
        damaged_seq: u64::try_from(cells.integer()?).ok(),
    })
}
