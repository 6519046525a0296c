-- Disposal, and volumes for long-term preservation.

-- What happened to disposals: one row for each event.
CREATE TABLE disposal_acts (
    seq INTEGER NOT NULL,
    disposal TEXT NOT NULL,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    by_actor TEXT NOT NULL,
    not_before_ms INTEGER NOT NULL,
    recordings TEXT NOT NULL,
    spared TEXT NOT NULL,
    objects INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    stores TEXT NOT NULL,
    volumes TEXT NOT NULL,
    reason TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (seq)
) STRICT;
CREATE INDEX disposal_acts_by_disposal ON disposal_acts (disposal, seq);

-- Recordings whose destruction began.
CREATE TABLE destroyed (
    recording TEXT NOT NULL,
    seq INTEGER NOT NULL,
    disposal TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (recording)
) STRICT;

-- What happened to volumes: one row for each event.
CREATE TABLE volume_acts (
    seq INTEGER NOT NULL,
    volume TEXT NOT NULL,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    by_actor TEXT NOT NULL,
    label TEXT NOT NULL,
    medium TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    image TEXT NOT NULL,
    copy INTEGER NOT NULL,
    readable INTEGER NOT NULL,
    damaged_bytes INTEGER NOT NULL,
    lost TEXT NOT NULL,
    place TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (seq)
) STRICT;
CREATE INDEX volume_acts_by_volume ON volume_acts (volume, seq);

-- What is on them.
CREATE TABLE volume_items (
    volume TEXT NOT NULL,
    recording TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (volume, recording)
) STRICT;
CREATE INDEX volume_items_by_recording ON volume_items (recording, volume);

-- What is destroyed is kept no longer.
DROP VIEW kept_copies;
DROP VIEW kept_objects;
CREATE VIEW kept_objects AS
SELECT recordings.id AS object, 'recording' AS kind, recordings.id AS recording,
    recordings.bytes AS bytes, recordings.manifest AS manifest,
    recordings.accession_seq AS place, recordings.accessioned_ms AS placed_ms,
    recordings.examined_ms AS examined_ms, recordings.damaged_seq AS damaged_seq
FROM recordings
WHERE NOT EXISTS (SELECT 1 FROM destroyed WHERE destroyed.recording = recordings.id)
UNION ALL
SELECT made.object, 'object', made.recording, made.bytes, made.manifest, made.seq, made.made_ms,
    COALESCE(copies.examined_ms, made.made_ms), COALESCE(copies.damaged_seq, -1)
FROM derivatives AS made
LEFT JOIN copies ON copies.store = 'main' AND copies.object = made.object
WHERE NOT EXISTS (SELECT 1 FROM derivatives AS later WHERE later.object = made.object
    AND (later.seq > made.seq OR (later.seq = made.seq AND later.ordinal > made.ordinal)))
AND NOT EXISTS (SELECT 1 FROM recordings WHERE recordings.id = made.object)
AND NOT EXISTS (SELECT 1 FROM destroyed WHERE destroyed.recording = made.recording);

-- The same, copy by copy: the vault's own, and those in further stores that were not released.
CREATE VIEW kept_copies AS
SELECT 'main' AS store, kept_objects.object AS object, kept_objects.kind AS kind,
    kept_objects.bytes AS bytes, kept_objects.manifest AS manifest, kept_objects.place AS place,
    kept_objects.placed_ms AS placed_ms, kept_objects.examined_ms AS examined_ms,
    kept_objects.damaged_seq AS damaged_seq
FROM kept_objects
UNION ALL
SELECT copies.store, copies.object, kept_objects.kind, kept_objects.bytes, kept_objects.manifest,
    kept_objects.place, copies.placed_ms, copies.examined_ms, copies.damaged_seq
FROM copies JOIN kept_objects ON kept_objects.object = copies.object
WHERE copies.placed_ms >= 0 AND NOT EXISTS (SELECT 1 FROM store_acts
    WHERE store_acts.store = copies.store AND store_acts.kind = 'store.released');
