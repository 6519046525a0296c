-- Inspection by lot: its steps, the populations that were frozen, and what was drawn.

-- What happened to inspections: one row for each event.
CREATE TABLE inspection_acts (
    seq INTEGER NOT NULL,
    inspection TEXT NOT NULL,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    by_actor TEXT NOT NULL,
    recording TEXT NOT NULL,
    finding TEXT NOT NULL,
    party TEXT NOT NULL,
    value TEXT NOT NULL,
    root TEXT NOT NULL,
    strata TEXT NOT NULL,
    proportion INTEGER NOT NULL,
    minimum INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    items INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    due TEXT NOT NULL,
    text TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (seq)
) STRICT;
CREATE INDEX inspection_acts_by_inspection ON inspection_acts (inspection, seq);

-- Populations.
CREATE TABLE inspection_items (
    inspection TEXT NOT NULL,
    recording TEXT NOT NULL,
    seq INTEGER NOT NULL,
    stratum TEXT NOT NULL,
    PRIMARY KEY (inspection, recording)
) STRICT;

-- What was drawn, in the order of review.
CREATE TABLE inspection_drawn (
    inspection TEXT NOT NULL,
    recording TEXT NOT NULL,
    seq INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    PRIMARY KEY (inspection, recording)
) STRICT;
CREATE INDEX inspection_drawn_by_recording ON inspection_drawn (recording, inspection);
