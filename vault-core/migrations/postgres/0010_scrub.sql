-- Scrubbing: when each copy of what is kept was last read, and how far a reading had come.

-- A copy of an object in a store; `main` is the vault's own. Recordings of the main store have
-- these facts in their own row.
CREATE TABLE copies (
    store TEXT COLLATE "C" NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    placed_ms BIGINT NOT NULL,
    checked_ms BIGINT NOT NULL,
    checked_keyless_ms BIGINT NOT NULL,
    examined_ms BIGINT NOT NULL,
    damaged_seq BIGINT NOT NULL,
    PRIMARY KEY (store, object)
);
CREATE INDEX copies_by_examination ON copies (store, examined_ms, object);
CREATE INDEX copies_by_object ON copies (object, store);

-- What earlier checks said of objects that are no recordings, from their events.
INSERT INTO copies (store, object, placed_ms, checked_ms, checked_keyless_ms, examined_ms,
    damaged_seq)
WITH checks AS (
    SELECT events.seq AS seq, events.at_ms AS at_ms, substr(subject.key, 8) AS object,
        CASE WHEN convert_from(events.leaf, 'UTF8')::json -> 'body' ->> 'keyless' = 'true'
            THEN 1 ELSE 0 END AS keyless
    FROM events,
        LATERAL json_object_keys(convert_from(events.leaf, 'UTF8')::json -> 'subjects')
            AS subject(key)
    WHERE events.kind = 'fixity.checked' AND subject.key LIKE 'object:%'
), judged AS (
    SELECT checks.*, CASE WHEN EXISTS (SELECT 1 FROM damages WHERE damages.seq = checks.seq
        AND damages.recording = checks.object) THEN 1 ELSE 0 END AS bad FROM checks
)
SELECT 'main', object, -1::bigint,
    COALESCE(MAX(CASE WHEN bad = 0 AND keyless = 0 THEN at_ms END), -1),
    COALESCE(MAX(CASE WHEN bad = 0 AND keyless = 1 THEN at_ms END), -1),
    MAX(at_ms),
    CASE WHEN COALESCE(MAX(CASE WHEN bad = 1 THEN seq END), -1)
        > COALESCE(MAX(CASE WHEN bad = 0 AND keyless = 0 THEN seq END), -1)
        THEN MAX(CASE WHEN bad = 1 THEN seq END) ELSE -1 END
FROM judged GROUP BY object;

-- Everything that is kept, copy by copy, recordings and what was made of them alike. `place` is
-- the event that brought it in: what came in together lies together.
CREATE VIEW kept_copies AS
SELECT 'main'::text COLLATE "C" AS store, recordings.id AS object,
    'recording'::text COLLATE "C" AS kind, recordings.bytes AS bytes,
    recordings.manifest AS manifest, recordings.accession_seq AS place,
    recordings.accessioned_ms AS placed_ms, recordings.examined_ms AS examined_ms,
    recordings.damaged_seq AS damaged_seq
FROM recordings
UNION ALL
SELECT 'main'::text COLLATE "C", made.object, 'object'::text COLLATE "C", made.bytes, made.manifest, made.seq, made.made_ms,
    COALESCE(copies.examined_ms, made.made_ms), COALESCE(copies.damaged_seq, -1)
FROM derivatives AS made
LEFT JOIN copies ON copies.store = 'main' AND copies.object = made.object
WHERE NOT EXISTS (SELECT 1 FROM derivatives AS later WHERE later.object = made.object
    AND (later.seq > made.seq OR (later.seq = made.seq AND later.ordinal > made.ordinal)))
AND NOT EXISTS (SELECT 1 FROM recordings WHERE recordings.id = made.object);

-- How far a reading of a long object had come when it was stopped. Not folded from the ledger:
-- it says what is owed, like the queue.
CREATE TABLE scrub_progress (
    store TEXT COLLATE "C" NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    manifest TEXT COLLATE "C" NOT NULL,
    next_extent BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (store, object)
);

-- When the standing reading of a store last had a turn. Not folded either.
CREATE TABLE scrub_turns (
    store TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    at_ms BIGINT NOT NULL
);
