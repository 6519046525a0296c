-- Registers of oversight (devices, statements, lapses): one row for each event.
CREATE TABLE oversight_acts (
    seq BIGINT NOT NULL,
    register TEXT COLLATE "C" NOT NULL,
    entry TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    at_ms BIGINT NOT NULL,
    by_actor TEXT COLLATE "C" NOT NULL,
    case_no TEXT COLLATE "C" NOT NULL,
    fields TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (seq)
);
CREATE INDEX oversight_acts_by_entry ON oversight_acts (register, entry, kind, seq);
CREATE INDEX receipts_by_device ON receipts (device, seq);
