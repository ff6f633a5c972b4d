-- history.db, from layout 8 to layout 9: changes of settings are found by their organisation and time.
CREATE INDEX marker_by_org_and_time ON marker (org, at);
-- history.db, from layout 8 to layout 9. Until then there were no webhooks.
CREATE TABLE webhook_place (webhook TEXT PRIMARY KEY, sequence INTEGER NOT NULL, beyond TEXT NOT NULL, missed INTEGER NOT NULL,
        last_success_at INTEGER, failed_at INTEGER, failed_status INTEGER, failed_cause TEXT,
        failures_in_row INTEGER NOT NULL) STRICT;
CREATE TABLE webhook_pending (webhook TEXT NOT NULL, sequence INTEGER NOT NULL, key INTEGER, attempts INTEGER NOT NULL,
        due_at INTEGER NOT NULL, is_dispatch INTEGER NOT NULL, message TEXT NOT NULL, event TEXT NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (webhook, sequence)) STRICT;
CREATE TABLE webhook_attempt (webhook TEXT NOT NULL, number INTEGER NOT NULL, message TEXT NOT NULL, event TEXT NOT NULL,
        sequence INTEGER NOT NULL, attempt INTEGER NOT NULL, at INTEGER NOT NULL, outcome INTEGER NOT NULL, status INTEGER,
        duration_ms INTEGER NOT NULL, bytes INTEGER NOT NULL, cause TEXT, next_at INTEGER,
        PRIMARY KEY (webhook, number)) STRICT;
