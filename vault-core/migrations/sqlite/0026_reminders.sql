-- Messages on their way. Not folded from the ledger: it says what is owed, not what happened.
CREATE TABLE deliveries (
    id TEXT NOT NULL PRIMARY KEY,
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,
    waiting INTEGER NOT NULL,
    late INTEGER NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts INTEGER NOT NULL,
    tried_ms INTEGER NOT NULL,
    problem TEXT NOT NULL,
    UNIQUE (day, kind, channel, recipient)
) STRICT;
CREATE INDEX deliveries_by_state ON deliveries (state, day);
CREATE INDEX jobs_by_subject ON jobs (kind, subject);
