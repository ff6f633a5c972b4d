-- callslot.db, from layout 8 to layout 9. Until then nothing was kept of who changed what.
CREATE TABLE audit (number INTEGER PRIMARY KEY, org TEXT, at INTEGER NOT NULL, position INTEGER, place INTEGER,
        body BLOB NOT NULL) STRICT;
CREATE INDEX audit_by_org ON audit (org, number);
CREATE INDEX audit_by_time ON audit (at);
CREATE UNIQUE INDEX audit_by_place ON audit (position, place);
-- callslot.db, from layout 8 to layout 9. Until then there were no webhooks.
CREATE TABLE webhook (id TEXT PRIMARY KEY, org TEXT NOT NULL, url TEXT NOT NULL, events TEXT NOT NULL, agents TEXT,
        types TEXT, gates TEXT, description TEXT, claims INTEGER NOT NULL, secret BLOB NOT NULL, old_secret BLOB,
        old_until INTEGER, created_at INTEGER NOT NULL, disabled TEXT) STRICT;
