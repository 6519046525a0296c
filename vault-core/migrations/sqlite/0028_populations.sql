-- A population is read whole or not at all: a row for each event that lists of it, not for each item.
CREATE TABLE inspection_lists (
    seq INTEGER PRIMARY KEY,
    inspection TEXT NOT NULL,
    stratum TEXT NOT NULL,
    items TEXT NOT NULL
) STRICT;
INSERT INTO inspection_lists (seq, inspection, stratum, items)
    SELECT seq, min(inspection), min(stratum), group_concat(item, char(10))
    FROM (SELECT * FROM inspection_items ORDER BY seq, item) GROUP BY seq;
DROP TABLE inspection_items;
CREATE INDEX inspection_lists_by_inspection ON inspection_lists (inspection, seq);
