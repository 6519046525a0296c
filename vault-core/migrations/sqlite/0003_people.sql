-- People, case files, retention and access: one row for each thing that happened. Rows are only
-- inserted; what holds now follows from them in the order of events.

CREATE TABLE account_acts (
    seq INTEGER NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    by_actor TEXT NOT NULL,
    what TEXT NOT NULL,
    proposal INTEGER NOT NULL,
    own INTEGER NOT NULL,
    department TEXT NOT NULL,
    roles TEXT NOT NULL,
    login TEXT NOT NULL,
    person TEXT NOT NULL,
    unit TEXT NOT NULL,
    certificate TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;
CREATE INDEX account_acts_by_account ON account_acts (account, at_ms);
CREATE INDEX account_acts_by_kind ON account_acts (kind, seq);

CREATE TABLE cases (
    case_id TEXT NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    case_no TEXT NOT NULL,
    title TEXT NOT NULL,
    counterpart TEXT NOT NULL,
    unit TEXT NOT NULL,
    officers TEXT NOT NULL,
    opened_on TEXT NOT NULL,
    person TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX cases_by_number ON cases (case_no);
CREATE UNIQUE INDEX cases_by_opening ON cases (seq);

CREATE TABLE case_acts (
    seq INTEGER NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    by_actor TEXT NOT NULL,
    content TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    stage TEXT NOT NULL,
    document TEXT NOT NULL,
    addendum INTEGER NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    on_date TEXT NOT NULL,
    person TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;
CREATE INDEX case_acts_by_case ON case_acts (case_id, seq);
CREATE INDEX case_acts_by_content ON case_acts (content, kind);

CREATE TABLE retention_acts (
    seq INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    by_actor TEXT NOT NULL,
    cause TEXT NOT NULL,
    hold TEXT NOT NULL,
    years INTEGER NOT NULL,
    reason TEXT NOT NULL,
    person TEXT NOT NULL
) STRICT;
CREATE INDEX retention_acts_by_target ON retention_acts (target, seq);
CREATE INDEX retention_acts_by_hold ON retention_acts (hold, seq);

CREATE TABLE access_requests (
    request TEXT NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    by_actor TEXT NOT NULL,
    applicant TEXT NOT NULL,
    office TEXT NOT NULL,
    mode TEXT NOT NULL,
    days INTEGER NOT NULL,
    copies INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    applicant_name TEXT NOT NULL,
    applicant_unit TEXT NOT NULL,
    person TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX access_requests_by_event ON access_requests (seq);

CREATE TABLE access_items (
    request TEXT NOT NULL,
    recording TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (request, recording)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_items_by_recording ON access_items (recording, request);

CREATE TABLE access_acts (
    seq INTEGER NOT NULL PRIMARY KEY,
    request TEXT NOT NULL,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    by_actor TEXT NOT NULL,
    consent INTEGER NOT NULL,
    year INTEGER NOT NULL,
    number INTEGER NOT NULL,
    way TEXT NOT NULL,
    digest TEXT NOT NULL,
    expires_ms INTEGER NOT NULL,
    recording TEXT NOT NULL,
    from_byte INTEGER NOT NULL,
    to_byte INTEGER NOT NULL,
    copy INTEGER NOT NULL,
    recordings TEXT NOT NULL,
    reason TEXT NOT NULL,
    person TEXT NOT NULL
) STRICT;
CREATE INDEX access_acts_by_request ON access_acts (request, kind, seq);
-- One decision, one notice, one grant of each request; numbers of notices once in a year; each
-- copy once: the database holds to it as well.
CREATE UNIQUE INDEX access_acts_once ON access_acts (request, kind)
    WHERE kind IN ('access.decided', 'access.notice-issued', 'access.granted', 'access.revoked');
CREATE UNIQUE INDEX access_notices_once ON access_acts (year, number)
    WHERE kind = 'access.notice-issued';
CREATE UNIQUE INDEX access_copies_once ON access_acts (request, copy)
    WHERE kind = 'access.copy-handed-out';
