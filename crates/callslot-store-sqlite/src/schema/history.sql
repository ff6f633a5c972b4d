-- history.db: ended calls, figures by the minute and hour, and changes of settings, all projected from the log.
-- What the bodies hold is in docs/internals/stored-form.md.

-- Names of organisations, each kept once; ended calls refer to them by number.
CREATE TABLE name (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

-- Ended calls in blocks of one organisation, by the sequence number of the block's last call. `from_at` and `to_at` are the earliest and
-- the latest end, `types` and `reasons` have a bit for each that is in it, `agents` is a filter. A block that is not closed is merged
-- with those that come; all open ones of an organisation are its last.
CREATE TABLE ended_block (org INTEGER NOT NULL, last INTEGER NOT NULL, first INTEGER NOT NULL, calls INTEGER NOT NULL,
        from_at INTEGER NOT NULL, to_at INTEGER NOT NULL, longest_wait INTEGER NOT NULL, types INTEGER NOT NULL,
        reasons INTEGER NOT NULL, agents BLOB NOT NULL, is_closed INTEGER NOT NULL, body INTEGER NOT NULL,
        PRIMARY KEY (org, last)) STRICT, WITHOUT ROWID;

-- The calls of blocks, apart from what is looked at to skip them. A number is never used again.
CREATE TABLE ended_body (number INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL) STRICT;

-- The filters of closed blocks, in pieces: one says whether ids that belong to it may be in the block.
CREATE TABLE ended_filter (org INTEGER NOT NULL, piece INTEGER NOT NULL, last INTEGER NOT NULL, bits BLOB NOT NULL,
        PRIMARY KEY (org, piece, last)) STRICT, WITHOUT ROWID;

-- Ended calls that are in no block yet: a row for each projection and organisation. `from_at` is the earliest end.
CREATE TABLE ended_tail (number INTEGER PRIMARY KEY, org INTEGER NOT NULL, last INTEGER NOT NULL, calls INTEGER NOT NULL,
        from_at INTEGER NOT NULL, body BLOB NOT NULL) STRICT;

-- Ended calls as layouts up to 9 kept them, until they have been moved into blocks.
CREATE TABLE ended (org INTEGER NOT NULL, sequence INTEGER NOT NULL, id TEXT NOT NULL, agent INTEGER NOT NULL,
        ended_at INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (org, sequence)) STRICT, WITHOUT ROWID;

-- What figures are about: an organisation (kind 0), one of its agents (1), call types (2) or gates (3). `live` is how many
-- of its calls are queued or active; `minute` and `hour` number the minute and hour that are still open, each with its figures.
CREATE TABLE series (id INTEGER PRIMARY KEY, org TEXT NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL,
        live INTEGER NOT NULL, minute INTEGER, minute_body BLOB, hour INTEGER, hour_body BLOB,
        UNIQUE (org, kind, name)) STRICT;

-- Figures of closed minutes; `part` numbers the minutes since the Unix epoch, `refused` counts the starts that were refused.
-- There is no body where nothing but refusals happened.
CREATE TABLE minute (series INTEGER NOT NULL, part INTEGER NOT NULL, refused INTEGER NOT NULL, body BLOB,
        PRIMARY KEY (series, part)) STRICT, WITHOUT ROWID;
CREATE INDEX minute_by_time ON minute (part);

-- Figures of closed hours, in the same form; `part` numbers the hours since the Unix epoch.
CREATE TABLE hour (series INTEGER NOT NULL, part INTEGER NOT NULL, refused INTEGER NOT NULL, body BLOB,
        PRIMARY KEY (series, part)) STRICT, WITHOUT ROWID;
CREATE INDEX hour_by_time ON hour (part);

-- Changes of settings, by the sequence number of their event.
CREATE TABLE marker (org TEXT NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (org, sequence)) STRICT, WITHOUT ROWID;
CREATE INDEX marker_by_time ON marker (at);
CREATE INDEX marker_by_org_and_time ON marker (org, at);

-- The last record of each shard's log that is in this file, in the form of callslot.db, and from when on all minutes and hours are kept,
-- which is the same for all. One row a shard, by its number.
CREATE TABLE projected (id INTEGER PRIMARY KEY, position INTEGER NOT NULL, minutes_from INTEGER NOT NULL,
        hours_from INTEGER NOT NULL) STRICT;
-- How far each webhook has come in the log of its organisation: all events up to `sequence`, and those in `beyond`, are settled or
-- pending. `beyond` is spans of numbers, `first-end` with a space between them, without the end.
CREATE TABLE webhook_place (webhook TEXT PRIMARY KEY, sequence INTEGER NOT NULL, beyond TEXT NOT NULL, missed INTEGER NOT NULL,
        last_success_at INTEGER, failed_at INTEGER, failed_status INTEGER, failed_cause TEXT,
        failures_in_row INTEGER NOT NULL) STRICT;

-- Deliveries that wait: to be tried again, or for one with the same `key` before them.
CREATE TABLE webhook_pending (webhook TEXT NOT NULL, sequence INTEGER NOT NULL, key INTEGER, attempts INTEGER NOT NULL,
        due_at INTEGER NOT NULL, is_dispatch INTEGER NOT NULL, message TEXT NOT NULL, event TEXT NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (webhook, sequence)) STRICT;

-- The newest attempts of each webhook. `outcome`: 0 delivered, 1 failed, 2 given up, 3 skipped.
CREATE TABLE webhook_attempt (webhook TEXT NOT NULL, number INTEGER NOT NULL, message TEXT NOT NULL, event TEXT NOT NULL,
        sequence INTEGER NOT NULL, attempt INTEGER NOT NULL, at INTEGER NOT NULL, outcome INTEGER NOT NULL, status INTEGER,
        duration_ms INTEGER NOT NULL, bytes INTEGER NOT NULL, cause TEXT, next_at INTEGER,
        PRIMARY KEY (webhook, number)) STRICT;

INSERT INTO projected VALUES (0, 0, 0, 0);

-- How long the server has seen pass, in milliseconds: `lived` while it ran, from what its clock showed first, and `down` while it was
-- down, as far as it believes its clock. `shown` is what its clock showed last. With `doubt_since` (in seen time) and `doubt_last` (the
-- log's last time) its clock was too far ahead at a start. The others say up to where it has removed data, in seen time. At most one row.
CREATE TABLE seen (id INTEGER PRIMARY KEY CHECK (id = 0), lived INTEGER NOT NULL, down INTEGER NOT NULL,
        shown INTEGER NOT NULL, doubt_since INTEGER, doubt_last INTEGER, records INTEGER NOT NULL, ended INTEGER NOT NULL,
        minutes INTEGER NOT NULL, hours INTEGER NOT NULL) STRICT;

-- How much time the server had seen when its clock last showed a time of the hour that begins at `at`.
CREATE TABLE shown (at INTEGER PRIMARY KEY, seen INTEGER NOT NULL) STRICT;
