-- Messages on their way. Not folded from the ledger: it says what is owed, not what happened.
CREATE TABLE deliveries (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    day TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    recipient TEXT COLLATE "C" NOT NULL,
    waiting BIGINT NOT NULL,
    late BIGINT NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts BIGINT NOT NULL,
    tried_ms BIGINT NOT NULL,
    problem TEXT COLLATE "C" NOT NULL,
    UNIQUE (day, kind, channel, recipient)
);
CREATE INDEX deliveries_by_state ON deliveries (state, day);
CREATE INDEX jobs_by_subject ON jobs (kind, subject);
