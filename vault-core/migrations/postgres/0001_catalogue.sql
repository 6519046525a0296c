-- The catalogue, first version: the ledger's events, the tables folded from them, and the queue.
-- No column may be null: absence is '' or -1, so that both databases compare and sort alike.

CREATE TABLE schema_version (version BIGINT NOT NULL);
INSERT INTO schema_version (version) VALUES (1);

-- One row that a writer holds while it appends: one writer at a time, whatever the isolation.
CREATE TABLE writer (id BIGINT NOT NULL PRIMARY KEY);
INSERT INTO writer (id) VALUES (1);

-- The leaves, exactly as they were encoded.
CREATE TABLE events (
    seq BIGINT NOT NULL PRIMARY KEY,
    event_id BYTEA NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    at_ms BIGINT NOT NULL,
    leaf BYTEA NOT NULL,
    leaf_hash BYTEA NOT NULL,
    sealed BYTEA NOT NULL
);

-- The last event of each subject: where the next one's back pointer comes from.
CREATE TABLE subjects (
    subject TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    leaf_hash BYTEA NOT NULL
);

CREATE TABLE recordings (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    bytes BIGINT NOT NULL,
    manifest TEXT COLLATE "C" NOT NULL,
    accession_seq BIGINT NOT NULL,
    accessioned_ms BIGINT NOT NULL,
    activity TEXT COLLATE "C" NOT NULL,
    secrecy TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    sm3 TEXT COLLATE "C" NOT NULL,
    digests_seq BIGINT NOT NULL,
    -- The last check with keys that found it whole, the last keyless one, the last of any outcome.
    checked_ms BIGINT NOT NULL,
    checked_keyless_ms BIGINT NOT NULL,
    examined_ms BIGINT NOT NULL,
    -- The check that found it damaged, until one with keys finds it whole again.
    damaged_seq BIGINT NOT NULL
);
CREATE UNIQUE INDEX recordings_by_accession ON recordings (accession_seq);
CREATE INDEX recordings_by_bytes ON recordings (bytes);
CREATE INDEX recordings_by_examination ON recordings (examined_ms, id);
CREATE INDEX recordings_without_digests ON recordings (accession_seq) WHERE digests_seq < 0;
CREATE INDEX recordings_damaged ON recordings (accession_seq) WHERE damaged_seq >= 0;

-- Each time a recording was handed over: at its accession, and whenever its content came again.
CREATE TABLE receipts (
    seq BIGINT NOT NULL PRIMARY KEY,
    recording TEXT COLLATE "C" NOT NULL,
    duplicate BIGINT NOT NULL,
    received_ms BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    name_bytes BYTEA NOT NULL,
    source_modified_ms BIGINT NOT NULL,
    case_no TEXT COLLATE "C" NOT NULL,
    counterpart TEXT COLLATE "C" NOT NULL,
    handler TEXT COLLATE "C" NOT NULL,
    activity TEXT COLLATE "C" NOT NULL,
    device TEXT COLLATE "C" NOT NULL,
    maker TEXT COLLATE "C" NOT NULL,
    method TEXT COLLATE "C" NOT NULL,
    proves TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    secrecy TEXT COLLATE "C" NOT NULL
);
CREATE INDEX receipts_by_recording ON receipts (recording, seq);
CREATE INDEX receipts_by_case ON receipts (case_no, seq);

CREATE TABLE damages (
    seq BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    recording TEXT COLLATE "C" NOT NULL,
    class TEXT COLLATE "C" NOT NULL,
    from_byte BIGINT NOT NULL,
    to_byte BIGINT NOT NULL,
    PRIMARY KEY (seq, ordinal)
);
CREATE INDEX damages_by_recording ON damages (recording, seq);

CREATE TABLE refusals (
    seq BIGINT NOT NULL PRIMARY KEY,
    act TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    article TEXT COLLATE "C" NOT NULL
);

CREATE TABLE vault (
    key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

-- The queue. Not folded from the ledger: it says what is owed, not what happened.
CREATE TABLE jobs (
    id BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('ready', 'running', 'failed', 'done')),
    run_after_ms BIGINT NOT NULL,
    lease_until_ms BIGINT NOT NULL,
    lease_owner TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    last_error_code TEXT COLLATE "C" NOT NULL,
    last_error_text TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX jobs_owed_once ON jobs (kind, subject) WHERE state <> 'done';
CREATE INDEX jobs_by_turn ON jobs (state, run_after_ms, id);
