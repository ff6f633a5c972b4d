-- callslot.db: the logs of all shards, their snapshots, the catalogue, and the audit. Ids are those of the API; times are milliseconds since the Unix epoch.
-- What the bodies hold is in docs/internals/stored-form.md. What is called a position is one in the log of a shard, with the number of
-- the shard, from 0 on, in the upper 16 of its 64 bits.

-- The records of shard 0, one row each, without gaps. `at` is when the record was decided. Those of shard N are in `log_N`, which is made alike
-- (log_of_shard.sql): SQLite appends to the end of a table for half the pages that it writes in the middle of one.
CREATE TABLE log (position INTEGER PRIMARY KEY, at INTEGER NOT NULL, body BLOB NOT NULL) STRICT;

-- Where an organisation's public events are, for each block of 64 records of a shard whose last one is there: the number of the first
-- event, and a bit for each record that has any, the lowest for position 64 * block.
CREATE TABLE org_block (block INTEGER NOT NULL, org TEXT NOT NULL, sequence INTEGER NOT NULL, records INTEGER NOT NULL,
        PRIMARY KEY (block, org)) STRICT, WITHOUT ROWID;

-- The record in which an organisation was last deleted: what the log has of it from before is not shown any more.
CREATE TABLE org_deleted (org TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- The newest snapshot of each shard, by its number: the last record it covers, and the save whose parts make it up.
CREATE TABLE snapshot (id INTEGER PRIMARY KEY, position INTEGER NOT NULL, save INTEGER NOT NULL) STRICT;

-- The bytes of snapshots, in parts. Parts of a save that `snapshot` does not name are unfinished or outdated.
CREATE TABLE snapshot_part (save INTEGER NOT NULL, part INTEGER NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (save, part)) STRICT;

-- The last record of each shard that was forgotten, so that the end of an empty log is known. One row a shard, by its number: a store
-- has as many shards as there are rows, and they are made with it.
CREATE TABLE truncated (id INTEGER PRIMARY KEY, position INTEGER NOT NULL) STRICT;

-- Counts the probes that tried whether the file can be written. One row.
CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 0), times INTEGER NOT NULL) STRICT;

-- Plans; `slots` is the limit of organisations on the plan.
CREATE TABLE plan (id TEXT PRIMARY KEY, name TEXT NOT NULL, slots INTEGER NOT NULL) STRICT;

-- API keys, without their secrets. An operator's key has no `org`. A key without `expires_at` does not expire; the secret before the
-- last rotation works until `old_until`.
CREATE TABLE key (id TEXT PRIMARY KEY, org TEXT, name TEXT NOT NULL, role TEXT NOT NULL,
        secret_sha256 BLOB NOT NULL, created_at INTEGER NOT NULL, last_used_at INTEGER,
        expires_at INTEGER, old_secret_sha256 BLOB, old_until INTEGER) STRICT;

-- Browsers that are signed in, without their tokens; `key` is the id of a key. `expires_at` is in the time for which the server has
-- run, as `lived` in history.db.
CREATE TABLE session (token_sha256 BLOB PRIMARY KEY, key TEXT NOT NULL, created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_key ON session (key);

-- Who changed what. What is the operator's has no `org`. `position` and `place` are the record and the event of a change that is in the
-- log, from which it is projected. One without a body was removed while it had the highest number, which is not given again.
CREATE TABLE audit (number INTEGER PRIMARY KEY, org TEXT, at INTEGER NOT NULL, position INTEGER, place INTEGER,
        body BLOB NOT NULL) STRICT;
CREATE INDEX audit_by_org ON audit (org, number);
CREATE INDEX audit_by_time ON audit (at);
CREATE UNIQUE INDEX audit_by_place ON audit (position, place);
-- Webhooks, with the secrets that sign. `events`, `agents`, `types` and `gates` are names with a space between them; those that are
-- null narrow nothing.
CREATE TABLE webhook (id TEXT PRIMARY KEY, org TEXT NOT NULL, url TEXT NOT NULL, events TEXT NOT NULL, agents TEXT,
        types TEXT, gates TEXT, description TEXT, claims INTEGER NOT NULL, secret BLOB NOT NULL, old_secret BLOB,
        old_until INTEGER, created_at INTEGER NOT NULL, disabled TEXT) STRICT;

INSERT INTO truncated VALUES (0, 0);
INSERT INTO probe VALUES (0, 0);
