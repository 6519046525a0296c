-- What was found out and made of recordings, and the index that words are found by.

-- What was declared of the time at the receipt.
ALTER TABLE receipts ADD COLUMN declared_ms BIGINT NOT NULL DEFAULT -1;
ALTER TABLE receipts ADD COLUMN clock_offset_ms BIGINT NOT NULL DEFAULT 0;

-- The last examination of each kind: `done`, or the code of why it could not be examined.
CREATE TABLE examinations (
    recording TEXT COLLATE "C" NOT NULL,
    task TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    engine TEXT COLLATE "C" NOT NULL,
    medium TEXT COLLATE "C" NOT NULL,
    duration_ms BIGINT NOT NULL,
    sound BIGINT NOT NULL,
    findings BIGINT NOT NULL,
    started_ms BIGINT NOT NULL,
    time_source TEXT COLLATE "C" NOT NULL,
    device TEXT COLLATE "C" NOT NULL,
    report TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (recording, task)
);
CREATE INDEX examinations_by_device ON examinations (device, started_ms);

-- Objects made from recordings: previews and versions of transcripts.
CREATE TABLE derivatives (
    seq BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    recording TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    bytes BIGINT NOT NULL,
    manifest TEXT COLLATE "C" NOT NULL,
    recipe TEXT COLLATE "C" NOT NULL,
    made_ms BIGINT NOT NULL,
    PRIMARY KEY (seq, ordinal)
);
CREATE INDEX derivatives_by_recording ON derivatives (recording, kind, seq);
CREATE INDEX derivatives_by_object ON derivatives (object);

CREATE TABLE transcripts (
    recording TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    engine TEXT COLLATE "C" NOT NULL,
    based_on BIGINT NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    checked_seq BIGINT NOT NULL,
    checked_ms BIGINT NOT NULL,
    checked_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (recording, version)
);

-- Marks on the time line; one that was taken back keeps its row.
CREATE TABLE markers (
    marker TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    recording TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    from_ms BIGINT NOT NULL,
    to_ms BIGINT NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    removed_seq BIGINT NOT NULL
);
CREATE INDEX markers_by_recording ON markers (recording, from_ms);

-- The index of words: a second reading of the ledger, brought up from `upto_seq` on, thrown away
-- and made anew at will. Not part of the fold: it holds nothing that is not elsewhere.
CREATE TABLE search_state (upto_seq BIGINT NOT NULL);
INSERT INTO search_state (upto_seq) VALUES (-1);
CREATE TABLE search_texts (
    id BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recording TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    reference TEXT COLLATE "C" NOT NULL,
    from_ms BIGINT NOT NULL,
    to_ms BIGINT NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
    words TSVECTOR NOT NULL
);
CREATE INDEX search_texts_by_source ON search_texts (recording, source, reference);
CREATE INDEX search_texts_by_words ON search_texts USING gin (words);
