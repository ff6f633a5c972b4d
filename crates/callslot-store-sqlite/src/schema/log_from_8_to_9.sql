-- callslot.db, from layout 8 to layout 9. Until then there were no webhooks.
CREATE TABLE webhook (id TEXT PRIMARY KEY, org TEXT NOT NULL, url TEXT NOT NULL, events TEXT NOT NULL, agents TEXT,
        types TEXT, gates TEXT, description TEXT, claims INTEGER NOT NULL, secret BLOB NOT NULL, old_secret BLOB,
        old_until INTEGER, created_at INTEGER NOT NULL, disabled TEXT) STRICT;
