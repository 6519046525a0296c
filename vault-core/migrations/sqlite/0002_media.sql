-- What was found out and made of recordings, and the index that words are found by.

-- What was declared of the time at the receipt.
ALTER TABLE receipts ADD COLUMN declared_ms INTEGER NOT NULL DEFAULT -1;
ALTER TABLE receipts ADD COLUMN clock_offset_ms INTEGER NOT NULL DEFAULT 0;

-- The last examination of each kind: `done`, or the code of why it could not be examined.
CREATE TABLE examinations (
    recording TEXT NOT NULL,
    task TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    engine TEXT NOT NULL,
    medium TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    sound INTEGER NOT NULL,
    findings INTEGER NOT NULL,
    started_ms INTEGER NOT NULL,
    time_source TEXT NOT NULL,
    device TEXT NOT NULL,
    report TEXT NOT NULL,
    PRIMARY KEY (recording, task)
) STRICT;
CREATE INDEX examinations_by_device ON examinations (device, started_ms);

-- Objects made from recordings: previews and versions of transcripts.
CREATE TABLE derivatives (
    seq INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    recording TEXT NOT NULL,
    kind TEXT NOT NULL,
    object TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    manifest TEXT NOT NULL,
    recipe TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    PRIMARY KEY (seq, ordinal)
) STRICT;
CREATE INDEX derivatives_by_recording ON derivatives (recording, kind, seq);
CREATE INDEX derivatives_by_object ON derivatives (object);

CREATE TABLE transcripts (
    recording TEXT NOT NULL,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    origin TEXT NOT NULL,
    engine TEXT NOT NULL,
    based_on INTEGER NOT NULL,
    object TEXT NOT NULL,
    person TEXT NOT NULL,
    checked_seq INTEGER NOT NULL,
    checked_ms INTEGER NOT NULL,
    checked_by TEXT NOT NULL,
    PRIMARY KEY (recording, version)
) STRICT;

-- Marks on the time line; one that was taken back keeps its row.
CREATE TABLE markers (
    marker TEXT NOT NULL PRIMARY KEY,
    recording TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    note TEXT NOT NULL,
    person TEXT NOT NULL,
    removed_seq INTEGER NOT NULL
) STRICT;
CREATE INDEX markers_by_recording ON markers (recording, from_ms);

-- The index of words: a second reading of the ledger, brought up from `upto_seq` on, thrown away
-- and made anew at will. Not part of the fold: it holds nothing that is not elsewhere.
CREATE TABLE search_state (upto_seq INTEGER NOT NULL);
INSERT INTO search_state (upto_seq) VALUES (-1);
CREATE TABLE search_texts (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    recording TEXT NOT NULL,
    source TEXT NOT NULL,
    reference TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    text TEXT NOT NULL,
    folded TEXT NOT NULL
) STRICT;
CREATE INDEX search_texts_by_source ON search_texts (recording, source, reference);
CREATE VIRTUAL TABLE search_words USING fts5(
    words, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0"
);
