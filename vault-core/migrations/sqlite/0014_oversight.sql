-- Registers of oversight (devices, statements, lapses): one row for each event.
CREATE TABLE oversight_acts (
    seq INTEGER NOT NULL,
    register TEXT NOT NULL,
    entry TEXT NOT NULL,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    by_actor TEXT NOT NULL,
    case_no TEXT NOT NULL,
    fields TEXT NOT NULL,
    text TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (seq)
) STRICT;
CREATE INDEX oversight_acts_by_entry ON oversight_acts (register, entry, kind, seq);
CREATE INDEX receipts_by_device ON receipts (device, seq);
