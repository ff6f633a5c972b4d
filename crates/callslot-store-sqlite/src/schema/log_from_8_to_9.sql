-- callslot.db, from layout 8 to layout 9. Until then nothing was kept of who changed what.
CREATE TABLE audit (number INTEGER PRIMARY KEY, org TEXT, at INTEGER NOT NULL, position INTEGER, place INTEGER,
        body BLOB NOT NULL) STRICT;
CREATE INDEX audit_by_org ON audit (org, number);
CREATE INDEX audit_by_time ON audit (at);
CREATE UNIQUE INDEX audit_by_place ON audit (position, place);
