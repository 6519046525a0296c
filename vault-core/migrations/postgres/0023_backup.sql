-- Backups, rehearsals of their restoring, and older states that came back: one row for each event.
CREATE TABLE backup_acts (
    seq BIGINT NOT NULL,
    backup TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    at_ms BIGINT NOT NULL,
    by_actor TEXT COLLATE "C" NOT NULL,
    events BIGINT NOT NULL,
    objects BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    list TEXT COLLATE "C" NOT NULL,
    milliseconds BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    missing BIGINT NOT NULL,
    lost TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (seq)
);
CREATE INDEX backup_acts_by_backup ON backup_acts (backup, seq);
