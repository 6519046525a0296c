//! The one door for change.
//!
//! State the act, get a permit, begin, append events, commit, get a receipt. Promises: events and
//! their rows are committed together or not at all; numbers have no gaps; times never run
//! backwards; each event points to the one before it of each of its subjects; an event that does
//! not belong to the permitted act is refused. A `Tx` that is dropped never was. The door never
//! opens bytes: it is handed payloads already sealed. (R29)

use super::Catalog;
use super::bulk::{self, Cell, Kind};
use super::database::Session;
use super::fold::{Batch, Folding};
use crate::clock::{Clock, UtcTime};
use crate::fault::{Code, Fault, Outcome};
use crate::jobs::{self, ClaimedJob, LeaseState, NewJob};
use crate::policy::{Act, Permitted, Refusal};
use crate::store::cipher::random_bytes;
use std::collections::{BTreeSet, HashMap, HashSet};
use vault_proof::canonical::Value;
use vault_proof::{ActorName, BackPointer, Body, ContentId, Event, Hash256, Subject, event};

/// An event as its flow states it; number, id, time, actor and back pointers are the door's.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// About what.
    pub subjects: Vec<Subject>,
    /// What.
    pub body: Body,
    /// The personal part, where there is one.
    pub payload: Option<SealedPayload>,
}

/// A personal part, sealed, and as it was before.
#[derive(Debug, Clone)]
pub struct SealedPayload {
    /// What stands in the leaf.
    pub commitment: Hash256,
    /// What is kept.
    pub sealed: Vec<u8>,
    /// What is folded.
    pub plain: Value,
}

/// An event that will stand in the ledger once the transaction is committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// Its number.
    pub seq: u64,
    /// Its id.
    pub id: [u8; 16],
    /// Its time.
    pub at: UtcTime,
    /// Its exact bytes.
    pub leaf: Vec<u8>,
    /// The hash of those.
    pub leaf_hash: Hash256,
}

/// What a commit made durable.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "only what a receipt names may be acknowledged"]
pub struct Receipt {
    events: Option<(u64, u64)>,
}

impl Receipt {
    /// First and last number of the events; `None` where there were none.
    pub fn events(&self) -> Option<(u64, u64)> {
        self.events
    }
}

/// A change under way.
#[derive(Debug)]
#[must_use = "a change that is not committed never was"]
pub struct Tx {
    pub(crate) session: Session,
    actor: ActorName,
    /// `None` only while the door itself records a refusal.
    act: Option<Act>,
    pub(crate) clock: Clock,
    first_seq: u64,
    next_seq: u64,
    last_ms: i64,
}

impl Catalog {
    /// Opens the door for one permitted act. Waits for other writers.
    pub async fn begin(&self, permitted: Permitted, clock: &Clock) -> Outcome<Tx> {
        let act = permitted.act();
        self.begin_as(permitted.actor().clone(), Some(act), clock).await
    }

    /// Records that an act was refused.
    pub async fn record_refusal(&self, refusal: &Refusal, clock: &Clock) -> Outcome<Receipt> {
        self.record_refusal_about(refusal, vec![Subject::vault()], clock).await
    }

    /// Records that an act was refused, in the chain of custody of what it was about.
    pub async fn record_refusal_about(
        &self,
        refusal: &Refusal,
        subjects: Vec<Subject>,
        clock: &Clock,
    ) -> Outcome<Receipt> {
        let mut tx = self.begin_as(refusal.actor().clone(), None, clock).await?;
        let body = Body::ActRefused {
            act: refusal.act().as_str().to_owned(),
            reason: refusal.reason().to_owned(),
            article: refusal.article().to_owned(),
        };
        tx.append(vec![NewEvent { subjects, body, payload: None }]).await?;
        tx.commit().await
    }

    async fn begin_as(&self, actor: ActorName, act: Option<Act>, clock: &Clock) -> Outcome<Tx> {
        let mut session = self.database.append().await?;
        let (next_seq, last_ms) = end_of(&mut session).await?;
        let clock = clock.clone();
        Ok(Tx { session, actor, act, clock, first_seq: next_seq, next_seq, last_ms })
    }
}

impl Tx {
    /// Which of these are known recordings. What it says stays true until the commit: no other
    /// writer is at work.
    pub async fn known_ids(&mut self, ids: &[ContentId]) -> Outcome<HashSet<ContentId>> {
        let distinct: BTreeSet<_> = ids.iter().collect();
        let rows: Vec<_> = distinct.iter().map(|id| vec![Cell::Text(id.to_string())]).collect();
        // CROSS JOIN keeps SQLite's order of loops: over the batch, into the table by its key.
        let sql = "WITH {batch} SELECT recordings.id FROM batch \
             CROSS JOIN recordings WHERE recordings.id = batch.id";
        let columns = &[("id", Kind::Text)];
        let found = bulk::fetch(&mut self.session, sql, columns, &rows, &[Kind::Text]).await?;
        found
            .into_iter()
            .flatten()
            .map(|cell| match cell {
                Cell::Text(text) => text.parse().map_err(|_| damaged("id of a recording")),
                Cell::Integer(_) | Cell::Blob(_) => Err(damaged("id of a recording")),
            })
            .collect()
    }

    /// Numbers, times, links, encodes and folds these events, in this order.
    pub async fn append(&mut self, events: Vec<NewEvent>) -> Outcome<Vec<Appended>> {
        for new in &events {
            self.refuse_foreign(new)?;
        }
        let mut heads = heads_of(&mut self.session, subjects_of(&events)).await?;
        let at_ms = self.clock.now().as_ms().max(self.last_ms);
        let mut batch = Batch::default();
        let mut appended = Vec::with_capacity(events.len());
        for new in events {
            let link = |subject: Subject| {
                let before = heads.get(&subject).copied();
                (subject, before)
            };
            let event = Event {
                seq: self.next_seq,
                id: event_id(at_ms)?,
                time_ms: at_ms,
                actor: self.actor.clone(),
                subjects: new.subjects.into_iter().map(link).collect(),
                body: new.body,
                payload: new.payload.as_ref().map(|payload| payload.commitment),
            };
            let leaf = event.encode().map_err(|error| {
                Fault::new(Code::Internal).with("what", "event").caused_by(error)
            })?;
            let leaf_hash = event::leaf_hash(&leaf);
            for subject in event.subjects.keys() {
                heads.insert(subject.clone(), BackPointer { seq: event.seq, leaf: leaf_hash });
            }
            let (sealed, plain) = match &new.payload {
                Some(payload) => (payload.sealed.as_slice(), Some(&payload.plain)),
                None => (&[][..], None),
            };
            let folding =
                Folding { event: &event, leaf: &leaf, leaf_hash: &leaf_hash, sealed, plain };
            batch.fold(folding)?;
            let at = UtcTime::from_ms(at_ms);
            appended.push(Appended { seq: event.seq, id: event.id, at, leaf, leaf_hash });
            self.next_seq += 1;
        }
        self.last_ms = at_ms;
        batch.write(&mut self.session).await?;
        Ok(appended)
    }

    /// Puts jobs into the queue. One that is owed already is left as it is.
    pub async fn enqueue(&mut self, jobs: &[NewJob]) -> Outcome<()> {
        jobs::enqueue(&mut self.session, jobs, self.clock.now()).await
    }

    /// Ends a job together with what it found out. If its lease was lost, somebody else has it:
    /// drop this transaction.
    pub async fn finish_job(&mut self, job: &ClaimedJob) -> Outcome<LeaseState> {
        jobs::finish(&mut self.session, job, self.clock.now()).await
    }

    /// Makes everything durable.
    pub async fn commit(self) -> Outcome<Receipt> {
        let events = (self.next_seq > self.first_seq).then(|| (self.first_seq, self.next_seq - 1));
        self.session.commit().await?;
        Ok(Receipt { events })
    }

    /// An event may be recorded only under the act it belongs to, and only of what it speaks of.
    fn refuse_foreign(&self, new: &NewEvent) -> Outcome<()> {
        let admitted = match self.act {
            Some(act) => act.admits(&new.body),
            None => matches!(new.body, Body::ActRefused { .. }),
        };
        if !admitted {
            let act = self.act.map_or("refusal", Act::as_str);
            let fault = Fault::new(Code::ActDenied).with("act", act);
            return Err(fault.with("event", new.body.kind()));
        }
        let subjects: BTreeSet<_> = new.subjects.iter().collect();
        let spoken_of = new.body.recordings();
        let missing = spoken_of.iter().any(|id| {
            !subjects.contains(&Subject::recording(id)) && !subjects.contains(&Subject::object(id))
        }) || new.body.records().iter().any(|subject| !subjects.contains(subject));
        // Without a subject an event would stand in nobody's chain of custody.
        if missing || subjects.is_empty() {
            let fault = Fault::new(Code::Internal).with("what", "event without its subject");
            return Err(fault.with("event", new.body.kind()));
        }
        Ok(())
    }
}

fn damaged(what: &str) -> Fault {
    Fault::new(Code::CatalogueDamaged).with("what", what)
}

fn subjects_of(events: &[NewEvent]) -> BTreeSet<&str> {
    events.iter().flat_map(|new| &new.subjects).map(Subject::as_str).collect()
}

/// The number of the next event, and the time of the last.
pub(super) async fn end_of(session: &mut Session) -> Outcome<(u64, i64)> {
    let sql = "SELECT seq, at_ms FROM events ORDER BY seq DESC LIMIT 1";
    let rows = session.fetch(sql, &[], &[Kind::Integer, Kind::Integer]).await?;
    match rows.into_iter().flatten().collect::<Vec<_>>().as_slice() {
        [] => Ok((0, i64::MIN)),
        [Cell::Integer(seq), Cell::Integer(at_ms)] => {
            let seq = u64::try_from(*seq).map_err(|_| damaged("number of the last event"))?;
            Ok((seq + 1, *at_ms))
        }
        _ => Err(damaged("last event")),
    }
}

/// The last event of each of these subjects, where there is one.
pub(super) async fn heads_of(
    session: &mut Session,
    subjects: BTreeSet<&str>,
) -> Outcome<HashMap<Subject, BackPointer>> {
    let rows: Vec<_> =
        subjects.into_iter().map(|subject| vec![Cell::Text(subject.to_owned())]).collect();
    let sql = "WITH {batch} SELECT subjects.subject, subjects.seq, subjects.leaf_hash \
         FROM batch CROSS JOIN subjects WHERE subjects.subject = batch.subject";
    let columns = &[("subject", Kind::Text)];
    let answer = [Kind::Text, Kind::Integer, Kind::Blob];
    let found = bulk::fetch(session, sql, columns, &rows, &answer).await?;
    let mut heads = HashMap::with_capacity(found.len());
    for row in found {
        let [Cell::Text(subject), Cell::Integer(seq), Cell::Blob(hash)] = row.as_slice() else {
            return Err(damaged("head of a subject"));
        };
        let subject = Subject::parse(subject).map_err(|_| damaged("subject"))?;
        let seq = u64::try_from(*seq).map_err(|_| damaged("number of an event"))?;
        let hash = hash.as_slice().try_into().map_err(|_| damaged("leaf hash"))?;
        heads.insert(subject, BackPointer { seq, leaf: Hash256::from_bytes(hash) });
    }
    Ok(heads)
}

/// A UUID of version 7 (RFC 9562 §5.7): 48 bits of time, the rest random.
fn event_id(at_ms: i64) -> Outcome<[u8; 16]> {
    let mut id: [u8; 16] = random_bytes()?;
    let time = at_ms.to_be_bytes();
    id[..6].copy_from_slice(&time[2..]);
    id[6] = (id[6] & 0x0f) | 0x70;
    id[8] = (id[8] & 0x3f) | 0x80;
    Ok(id)
}

/// Whether each link of the event is to the last event of that subject; if not, of which.
pub(super) fn link_holds(
    event: &Event,
    heads: &HashMap<Subject, BackPointer>,
) -> Result<(), Subject> {
    match event.subjects.iter().find(|(subject, before)| heads.get(*subject) != before.as_ref()) {
        None => Ok(()),
        Some((subject, _)) => Err(subject.clone()),
    }
}
