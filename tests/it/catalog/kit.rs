//! Places for catalogues, and events to put into them.

use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;
use vault_core::catalog::{Catalog, Entry, Location, NewEvent, SealedPayload};
use vault_core::clock::{Clock, UtcTime};
use vault_core::fault::Outcome;
use vault_core::policy::{Act, Actor, Permitted, permit};
use vault_proof::canonical::{self, Value};
use vault_proof::{Body, ContentId, Event, Subject, event};
use vault_tests::postgres::PostgresServer;

pub(super) const NOON: UtcTime = UtcTime::from_ms(1_792_000_000_000);

/// Where a catalogue can be made, held open while a test runs.
pub(super) struct Place {
    pub(super) location: Location,
    _directory: Option<tempfile::TempDir>,
    _server: Option<Arc<PostgresServer>>,
}

pub(super) fn sqlite() -> Place {
    let directory = tempfile::tempdir().expect("directory");
    let location = Location::Sqlite(directory.path().join("catalogue.sqlite"));
    Place { location, _directory: Some(directory), _server: None }
}

/// One server for all tests that run at the same time; it ends with the last of them.
pub(super) fn server() -> Arc<PostgresServer> {
    static SERVER: Mutex<Weak<PostgresServer>> = Mutex::new(Weak::new());
    let mut shared = SERVER.lock().expect("not poisoned");
    if let Some(server) = shared.upgrade() {
        return server;
    }
    let server = Arc::new(PostgresServer::start(&[]).expect("PostgreSQL starts"));
    *shared = Arc::downgrade(&server);
    server
}

pub(super) async fn postgres() -> Place {
    let server = server();
    let address = server.database().await.expect("a database");
    Place { location: Location::Postgres(address), _directory: None, _server: Some(server) }
}

impl Place {
    pub(super) async fn create(&self) -> Catalog {
        Catalog::create(&self.location, Duration::from_secs(60)).await.expect("made")
    }

    /// Changes the tables behind the catalogue's back.
    pub(super) async fn tamper(&self, sql: &str) -> u64 {
        use sqlx::{AssertSqlSafe, ConnectOptions};
        let sql = AssertSqlSafe(sql.to_owned());
        match &self.location {
            Location::Sqlite(path) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
                let mut connection = options.connect().await.expect("connects");
                sqlx::query(sql).execute(&mut connection).await.expect("tampers").rows_affected()
            }
            Location::Postgres(address) => {
                let options: sqlx::postgres::PgConnectOptions = address.parse().expect("address");
                let mut connection = options.connect().await.expect("connects");
                sqlx::query(sql).execute(&mut connection).await.expect("tampers").rows_affected()
            }
        }
    }
}

pub(super) fn clock() -> Clock {
    Clock::fixed(NOON)
}

pub(super) fn operator() -> Actor {
    Actor::terminal(1000, "李四", [9; 16])
}

pub(super) fn leave(act: Act) -> Permitted {
    permit(&operator(), act).expect("allowed")
}

/// Recording number `n`.
pub(super) fn id(n: u64) -> ContentId {
    ContentId::from_bytes(*blake3::hash(&n.to_le_bytes()).as_bytes())
}

fn payload(name: &str, name_bytes: &[u8], case_no: &str) -> SealedPayload {
    let plain = Value::map([
        ("case", Value::text(case_no)),
        ("counterpart", Value::text("某某公司")),
        ("device", Value::text("DSJ-7")),
        ("handler", Value::text("王五")),
        ("maker", Value::text("赵六")),
        ("method", Value::text("现场摄录")),
        ("name", Value::text(name)),
        ("name_bytes", Value::Text(hex::encode(name_bytes))),
        ("person", Value::text("李四")),
        ("proves", Value::text("现场情况")),
        ("source_modified_ms", Value::Integer(NOON.as_ms() - 5_000)),
    ]);
    let sealed = canonical::encode(&plain);
    SealedPayload { commitment: event::commit(&[0; 32], &sealed), sealed, plain }
}

pub(super) fn accession(n: u64, case_no: &str) -> NewEvent {
    named_accession(n, "现场 01.mp4", b"", case_no)
}

pub(super) fn named_accession(n: u64, name: &str, name_bytes: &[u8], case_no: &str) -> NewEvent {
    NewEvent {
        subjects: vec![Subject::recording(&id(n))],
        body: Body::RecordingAccessioned {
            recording: id(n),
            bytes: 1_000 + n,
            manifest: id(n + 1_000_000_000),
            activity: "daily-inspection".into(),
            secrecy: "ordinary".into(),
        },
        payload: Some(payload(name, name_bytes, case_no)),
    }
}

pub(super) fn duplicate(n: u64, case_no: &str) -> NewEvent {
    NewEvent {
        subjects: vec![Subject::recording(&id(n))],
        body: Body::DuplicateReceived {
            recording: id(n),
            activity: "other".into(),
            secrecy: "ordinary".into(),
        },
        payload: Some(payload("又一次.mp4", b"", case_no)),
    }
}

pub(super) fn digests(n: u64) -> NewEvent {
    NewEvent {
        subjects: vec![Subject::recording(&id(n))],
        body: Body::DigestsTaken {
            recording: id(n),
            bytes: 1_000 + n,
            sha256: "a".repeat(64),
            sm3: "b".repeat(64),
        },
        payload: None,
    }
}

pub(super) fn fixity(keyless: bool, all: &[u64], damaged: &[u64]) -> NewEvent {
    let damage = |n: &u64| vault_proof::Damage {
        recording: id(*n),
        class: "data".into(),
        from: 0,
        to: 262_144,
    };
    NewEvent {
        subjects: all.iter().map(|n| Subject::recording(&id(*n))).collect(),
        body: Body::FixityChecked {
            keyless,
            bytes: 5,
            failed: damaged.iter().map(damage).collect(),
        },
        payload: None,
    }
}

pub(super) async fn commit(
    catalog: &Catalog,
    clock: &Clock,
    act: Act,
    events: Vec<NewEvent>,
) -> Outcome<Vec<vault_core::catalog::Appended>> {
    let mut tx = catalog.begin(leave(act), clock).await?;
    let appended = tx.append(events).await?;
    let receipt = tx.commit().await?;
    assert_eq!(receipt.events().map(|span| span.1), appended.last().map(|last| last.seq));
    Ok(appended)
}

/// A ledger with every kind of event, over `n` recordings.
pub(super) async fn fill(catalog: &Catalog, clock: &Clock, n: u64) {
    let vault = NewEvent {
        subjects: vec![Subject::vault()],
        body: Body::VaultCreated { vault: "v".into(), format: 1, checkpoint_key: "k".into() },
        payload: None,
    };
    let store = NewEvent {
        subjects: vec![Subject::vault()],
        body: Body::StoreRegistered {
            store: "local".into(),
            create_only: true,
            object_lock: false,
        },
        payload: None,
    };
    commit(catalog, clock, Act::InitialiseVault, vec![vault, store]).await.expect("begun");
    let mut events = Vec::new();
    for number in 0..n {
        events.push(accession(number, if number % 3 == 0 { "案-1" } else { "案-2" }));
        if number % 4 == 0 {
            events.push(duplicate(number, "案-1"));
        }
    }
    commit(catalog, clock, Act::TakeIn, events).await.expect("taken in");
    clock.set(UtcTime::from_ms(clock.now().as_ms() + 1_000));
    let taken = (0..n).filter(|number| number % 2 == 0).map(digests).collect();
    commit(catalog, clock, Act::TakeDigests, taken).await.expect("digests");
    clock.set(UtcTime::from_ms(clock.now().as_ms() + 1_000));
    let all: Vec<u64> = (0..n).collect();
    let mut checks = Vec::new();
    for some in all.chunks(50) {
        checks.push(fixity(true, some, &[]));
        checks.push(fixity(false, some, &some[..1]));
    }
    commit(catalog, clock, Act::CheckFixity, checks).await.expect("checked");
    let refusal = permit(&operator(), Act::ReadRecording).expect_err("refused");
    let receipt = catalog.record_refusal(&refusal, clock).await.expect("recorded");
    assert!(receipt.events().is_some());
}

/// The whole ledger, with payloads opened (they are sealed by nothing here).
pub(super) async fn ledger(catalog: &Catalog) -> Vec<Entry> {
    let mut entries = Vec::new();
    loop {
        let rows = catalog.events_from(entries.len() as u64, 5_000).await.expect("events");
        if rows.is_empty() {
            return entries;
        }
        entries.extend(rows.into_iter().map(|row| {
            let plain = canonical::parse(&row.sealed).ok();
            Entry { row, plain }
        }));
    }
}

/// Every link of every event leads to the last event before it of that subject.
pub(super) fn assert_linked(entries: &[Entry]) {
    let mut heads = std::collections::HashMap::new();
    let mut last_ms = i64::MIN;
    for (at, entry) in entries.iter().enumerate() {
        let event = Event::decode(&entry.row.leaf).expect("decodes");
        assert_eq!(event.seq, at as u64, "no gaps");
        assert_eq!(event::leaf_hash(&entry.row.leaf), entry.row.leaf_hash);
        assert!(event.time_ms >= last_ms, "time runs forward");
        last_ms = event.time_ms;
        for (subject, before) in event.subjects {
            let pointer = before.map(|before| (before.seq, before.leaf));
            assert_eq!(heads.insert(subject, (event.seq, entry.row.leaf_hash)), pointer);
        }
    }
}

pub(super) async fn dump(catalog: &Catalog) -> Vec<String> {
    let mut lines = Vec::new();
    let mut each = |line: &str| {
        lines.push(line.to_owned());
        Ok(())
    };
    catalog.dump(&mut each).await.expect("dumps");
    lines
}
