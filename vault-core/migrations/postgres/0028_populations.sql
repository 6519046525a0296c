-- A population is read whole or not at all: a row for each event that lists of it, not for each item.
CREATE TABLE inspection_lists (
    seq BIGINT PRIMARY KEY,
    inspection TEXT COLLATE "C" NOT NULL,
    stratum TEXT COLLATE "C" NOT NULL,
    items TEXT COLLATE "C" NOT NULL
);
INSERT INTO inspection_lists (seq, inspection, stratum, items)
    SELECT seq, min(inspection), min(stratum), string_agg(item, chr(10) ORDER BY item)
    FROM inspection_items GROUP BY seq;
DROP TABLE inspection_items;
CREATE INDEX inspection_lists_by_inspection ON inspection_lists (inspection, seq);
