-- The catalogue, first version: the ledger's events, the tables folded from them, and the queue.
-- No column may be null: absence is '' or -1, so that both databases compare and sort alike.

CREATE TABLE schema_version (version INTEGER NOT NULL);
INSERT INTO schema_version (version) VALUES (1);

-- One row that a writer holds while it appends: one writer at a time, whatever the isolation.
CREATE TABLE writer (id INTEGER NOT NULL PRIMARY KEY);
INSERT INTO writer (id) VALUES (1);

-- The leaves, exactly as they were encoded.
CREATE TABLE events (
    seq INTEGER NOT NULL PRIMARY KEY,
    event_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    leaf_hash BLOB NOT NULL,
    sealed BLOB NOT NULL
) STRICT;

-- The last event of each subject: where the next one's back pointer comes from.
CREATE TABLE subjects (
    subject TEXT NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL,
    leaf_hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE recordings (
    id TEXT NOT NULL PRIMARY KEY,
    bytes INTEGER NOT NULL,
    manifest TEXT NOT NULL,
    accession_seq INTEGER NOT NULL,
    accessioned_ms INTEGER NOT NULL,
    activity TEXT NOT NULL,
    secrecy TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    sm3 TEXT NOT NULL,
    digests_seq INTEGER NOT NULL,
    -- The last check with keys that found it whole, the last keyless one, the last of any outcome.
    checked_ms INTEGER NOT NULL,
    checked_keyless_ms INTEGER NOT NULL,
    examined_ms INTEGER NOT NULL,
    -- The check that found it damaged, until one with keys finds it whole again.
    damaged_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX recordings_by_accession ON recordings (accession_seq);
CREATE INDEX recordings_by_bytes ON recordings (bytes);
CREATE INDEX recordings_by_examination ON recordings (examined_ms, id);
CREATE INDEX recordings_without_digests ON recordings (accession_seq) WHERE digests_seq < 0;
CREATE INDEX recordings_damaged ON recordings (accession_seq) WHERE damaged_seq >= 0;

-- Each time a recording was handed over: at its accession, and whenever its content came again.
CREATE TABLE receipts (
    seq INTEGER NOT NULL PRIMARY KEY,
    recording TEXT NOT NULL,
    duplicate INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_bytes BLOB NOT NULL,
    source_modified_ms INTEGER NOT NULL,
    case_no TEXT NOT NULL,
    counterpart TEXT NOT NULL,
    handler TEXT NOT NULL,
    activity TEXT NOT NULL,
    device TEXT NOT NULL,
    maker TEXT NOT NULL,
    method TEXT NOT NULL,
    proves TEXT NOT NULL,
    person TEXT NOT NULL,
    secrecy TEXT NOT NULL
) STRICT;
CREATE INDEX receipts_by_recording ON receipts (recording, seq);
CREATE INDEX receipts_by_case ON receipts (case_no, seq);

CREATE TABLE damages (
    seq INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    recording TEXT NOT NULL,
    class TEXT NOT NULL,
    from_byte INTEGER NOT NULL,
    to_byte INTEGER NOT NULL,
    PRIMARY KEY (seq, ordinal)
) STRICT;
CREATE INDEX damages_by_recording ON damages (recording, seq);

CREATE TABLE refusals (
    seq INTEGER NOT NULL PRIMARY KEY,
    act TEXT NOT NULL,
    reason TEXT NOT NULL,
    article TEXT NOT NULL
) STRICT;

CREATE TABLE vault (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- The queue. Not folded from the ledger: it says what is owed, not what happened.
CREATE TABLE jobs (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'failed', 'done')),
    run_after_ms INTEGER NOT NULL,
    lease_until_ms INTEGER NOT NULL,
    lease_owner TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    last_error_code TEXT NOT NULL,
    last_error_text TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX jobs_owed_once ON jobs (kind, subject) WHERE state <> 'done';
CREATE INDEX jobs_by_turn ON jobs (state, run_after_ms, id);
