-- Inspection by lot: its steps, the populations that were frozen, and what was drawn.

-- What happened to inspections: one row for each event.
CREATE TABLE inspection_acts (
    seq BIGINT NOT NULL,
    inspection TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    at_ms BIGINT NOT NULL,
    by_actor TEXT COLLATE "C" NOT NULL,
    recording TEXT COLLATE "C" NOT NULL,
    finding TEXT COLLATE "C" NOT NULL,
    party TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    root TEXT COLLATE "C" NOT NULL,
    strata TEXT COLLATE "C" NOT NULL,
    proportion BIGINT NOT NULL,
    minimum BIGINT NOT NULL,
    from_ms BIGINT NOT NULL,
    to_ms BIGINT NOT NULL,
    items BIGINT NOT NULL,
    settled BIGINT NOT NULL,
    due TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (seq)
);
CREATE INDEX inspection_acts_by_inspection ON inspection_acts (inspection, seq);

-- Populations.
CREATE TABLE inspection_items (
    inspection TEXT COLLATE "C" NOT NULL,
    recording TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    stratum TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (inspection, recording)
);

-- What was drawn, in the order of review.
CREATE TABLE inspection_drawn (
    inspection TEXT COLLATE "C" NOT NULL,
    recording TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    PRIMARY KEY (inspection, recording)
);
CREATE INDEX inspection_drawn_by_recording ON inspection_drawn (recording, inspection);
