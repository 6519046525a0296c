-- Backups, rehearsals of their restoring, and older states that came back: one row for each event.
CREATE TABLE backup_acts (
    seq INTEGER NOT NULL,
    backup TEXT NOT NULL,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    by_actor TEXT NOT NULL,
    events INTEGER NOT NULL,
    objects INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    list TEXT NOT NULL,
    milliseconds INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    missing INTEGER NOT NULL,
    lost TEXT NOT NULL,
    place TEXT NOT NULL,
    reason TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (seq)
) STRICT;
CREATE INDEX backup_acts_by_backup ON backup_acts (backup, seq);
