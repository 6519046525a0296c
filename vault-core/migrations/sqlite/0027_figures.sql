-- Trends: how many events of a kind there were between two moments.
CREATE INDEX events_by_kind ON events (kind, at_ms);
CREATE INDEX oversight_acts_by_kind ON oversight_acts (register, kind, at_ms);
CREATE INDEX inspection_acts_by_kind ON inspection_acts (kind, finding);
