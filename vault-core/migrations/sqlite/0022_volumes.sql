-- Volumes encrypted, burnt, migrated and released; records of destruction.
ALTER TABLE volume_acts ADD COLUMN detail TEXT NOT NULL DEFAULT '';
ALTER TABLE volume_acts ADD COLUMN result TEXT NOT NULL DEFAULT '';
ALTER TABLE volume_acts ADD COLUMN reason TEXT NOT NULL DEFAULT '';

ALTER TABLE disposal_acts ADD COLUMN year INTEGER NOT NULL DEFAULT 0;
ALTER TABLE disposal_acts ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE disposal_acts ADD COLUMN digest TEXT NOT NULL DEFAULT '';
