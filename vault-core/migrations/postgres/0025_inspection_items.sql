-- What a population holds is not recordings alone: statements, and acts that were not recorded.
ALTER TABLE inspection_items RENAME COLUMN recording TO item;
ALTER TABLE inspection_drawn RENAME COLUMN recording TO item;
