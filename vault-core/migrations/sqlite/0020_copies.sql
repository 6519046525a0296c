-- What was made of recordings under a grant or for a copy: excerpts that are read, renditions that
-- bear a copy's mark.
CREATE TABLE access_renditions (
    seq INTEGER NOT NULL,
    request TEXT NOT NULL,
    recording TEXT NOT NULL,
    kind TEXT NOT NULL,
    copy INTEGER NOT NULL,
    begins_ms INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL,
    format TEXT NOT NULL,
    object TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (seq)
) STRICT;
CREATE INDEX access_renditions_by_request ON access_renditions (request, recording, kind);
CREATE INDEX access_renditions_by_object ON access_renditions (object);
