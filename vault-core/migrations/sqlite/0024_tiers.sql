-- Rules of retention by class, and recordings in cold stores.

-- What happened to rules of retention: one row for each event.
CREATE TABLE retention_rules (
    seq INTEGER NOT NULL,
    rule TEXT NOT NULL,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    by_actor TEXT NOT NULL,
    class TEXT NOT NULL,
    years INTEGER NOT NULL,
    stored INTEGER NOT NULL,
    recordings INTEGER NOT NULL,
    lengthened INTEGER NOT NULL,
    kept INTEGER NOT NULL,
    reason TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (seq)
) STRICT;
CREATE INDEX retention_rules_by_rule ON retention_rules (rule, seq);

-- What happened to the bytes of a recording in the vault's own store: taken to a cold store, asked
-- for, brought back. The latest row says how it stands.
CREATE TABLE tier_acts (
    recording TEXT NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    store TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    by_actor TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (recording, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX tier_acts_by_kind ON tier_acts (kind, recording, seq);
CREATE VIEW cold AS
SELECT tier_acts.recording AS recording, tier_acts.store AS store, tier_acts.kind AS kind,
    tier_acts.at_ms AS at_ms, tier_acts.seq AS seq
FROM tier_acts
WHERE tier_acts.kind IN ('copies.cooled', 'recall.asked')
AND NOT EXISTS (SELECT 1 FROM tier_acts AS later
    WHERE later.recording = tier_acts.recording AND later.seq > tier_acts.seq);

-- Every copy that is kept: what lies in a cold store is not in the vault's own.
DROP VIEW kept_copies;
CREATE VIEW kept_copies AS
SELECT 'main' AS store, kept_objects.object AS object, kept_objects.kind AS kind,
    kept_objects.bytes AS bytes, kept_objects.manifest AS manifest, kept_objects.place AS place,
    kept_objects.placed_ms AS placed_ms, kept_objects.examined_ms AS examined_ms,
    kept_objects.damaged_seq AS damaged_seq
FROM kept_objects
WHERE NOT EXISTS (SELECT 1 FROM cold WHERE cold.recording = kept_objects.object)
UNION ALL
SELECT copies.store, copies.object, kept_objects.kind, kept_objects.bytes, kept_objects.manifest,
    kept_objects.place, copies.placed_ms, copies.examined_ms, copies.damaged_seq
FROM copies JOIN kept_objects ON kept_objects.object = copies.object
WHERE copies.placed_ms >= 0 AND NOT EXISTS (SELECT 1 FROM store_acts
    WHERE store_acts.store = copies.store AND store_acts.kind = 'store.released');
