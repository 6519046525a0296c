-- People, case files, retention and access: one row for each thing that happened. Rows are only
-- inserted; what holds now follows from them in the order of events.

CREATE TABLE account_acts (
    seq BIGINT NOT NULL PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    at_ms BIGINT NOT NULL,
    by_actor TEXT COLLATE "C" NOT NULL,
    what TEXT COLLATE "C" NOT NULL,
    proposal BIGINT NOT NULL,
    own BIGINT NOT NULL,
    department TEXT COLLATE "C" NOT NULL,
    roles TEXT COLLATE "C" NOT NULL,
    login TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    certificate TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C" NOT NULL
);
CREATE INDEX account_acts_by_account ON account_acts (account, at_ms);
CREATE INDEX account_acts_by_kind ON account_acts (kind, seq);

CREATE TABLE cases (
    case_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    case_no TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    counterpart TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    officers TEXT COLLATE "C" NOT NULL,
    opened_on TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL
);
CREATE INDEX cases_by_number ON cases (case_no);
CREATE UNIQUE INDEX cases_by_opening ON cases (seq);

CREATE TABLE case_acts (
    seq BIGINT NOT NULL PRIMARY KEY,
    case_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    at_ms BIGINT NOT NULL,
    by_actor TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    bytes BIGINT NOT NULL,
    stage TEXT COLLATE "C" NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    addendum BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    on_date TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C" NOT NULL
);
CREATE INDEX case_acts_by_case ON case_acts (case_id, seq);
CREATE INDEX case_acts_by_content ON case_acts (content, kind);

CREATE TABLE retention_acts (
    seq BIGINT NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    at_ms BIGINT NOT NULL,
    by_actor TEXT COLLATE "C" NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    hold TEXT COLLATE "C" NOT NULL,
    years BIGINT NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL
);
CREATE INDEX retention_acts_by_target ON retention_acts (target, seq);
CREATE INDEX retention_acts_by_hold ON retention_acts (hold, seq);

CREATE TABLE access_requests (
    request TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    by_actor TEXT COLLATE "C" NOT NULL,
    applicant TEXT COLLATE "C" NOT NULL,
    office TEXT COLLATE "C" NOT NULL,
    mode TEXT COLLATE "C" NOT NULL,
    days BIGINT NOT NULL,
    copies BIGINT NOT NULL,
    from_ms BIGINT NOT NULL,
    to_ms BIGINT NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    applicant_name TEXT COLLATE "C" NOT NULL,
    applicant_unit TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX access_requests_by_event ON access_requests (seq);

CREATE TABLE access_items (
    request TEXT COLLATE "C" NOT NULL,
    recording TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (request, recording)
);
CREATE INDEX access_items_by_recording ON access_items (recording, request);

CREATE TABLE access_acts (
    seq BIGINT NOT NULL PRIMARY KEY,
    request TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    at_ms BIGINT NOT NULL,
    by_actor TEXT COLLATE "C" NOT NULL,
    consent BIGINT NOT NULL,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    way TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    expires_ms BIGINT NOT NULL,
    recording TEXT COLLATE "C" NOT NULL,
    from_byte BIGINT NOT NULL,
    to_byte BIGINT NOT NULL,
    copy BIGINT NOT NULL,
    recordings TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL
);
CREATE INDEX access_acts_by_request ON access_acts (request, kind, seq);
-- One decision, one notice, one grant of each request; numbers of notices once in a year; each
-- copy once: the database holds to it as well.
CREATE UNIQUE INDEX access_acts_once ON access_acts (request, kind)
    WHERE kind IN ('access.decided', 'access.notice-issued', 'access.granted', 'access.revoked');
CREATE UNIQUE INDEX access_notices_once ON access_acts (year, number)
    WHERE kind = 'access.notice-issued';
CREATE UNIQUE INDEX access_copies_once ON access_acts (request, copy)
    WHERE kind = 'access.copy-handed-out';
