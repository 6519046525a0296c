-- Volumes encrypted, burnt, migrated and released; records of destruction.
ALTER TABLE volume_acts ADD COLUMN detail TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE volume_acts ADD COLUMN result TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE volume_acts ADD COLUMN reason TEXT COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE disposal_acts ADD COLUMN year BIGINT NOT NULL DEFAULT 0;
ALTER TABLE disposal_acts ADD COLUMN number BIGINT NOT NULL DEFAULT 0;
ALTER TABLE disposal_acts ADD COLUMN digest TEXT COLLATE "C" NOT NULL DEFAULT '';
