-- Layout 1. Everything is in one schema, so that it can share a database with others and be dumped alone. Times are milliseconds since the
-- Unix epoch unless they are of the type timestamptz; those are for people only. What the bodies hold is in docs/internals/stored-form.md.

CREATE SCHEMA IF NOT EXISTS callslot;
SET LOCAL search_path = callslot;

-- One row: what the database is. `shards` is fixed when it is made; `catalogue` counts changes of plans, keys and sessions, for servers
-- that share the database one day.
CREATE TABLE cluster (one bool PRIMARY KEY DEFAULT true CHECK (one), id uuid NOT NULL DEFAULT gen_random_uuid(), layout int4 NOT NULL,
        shards int4 NOT NULL CHECK (shards BETWEEN 1 AND 1024), catalogue int8 NOT NULL DEFAULT 0,
        made_at timestamptz NOT NULL DEFAULT now()) WITH (fillfactor = 50);

-- One row for each life of a server's process. `node` is random. A `beat` that does not change is how others see that it is gone.
CREATE TABLE node (node int8 PRIMARY KEY, name text NOT NULL, version text NOT NULL,
        state text NOT NULL CHECK (state IN ('live', 'leaving', 'dead')), beat int8 NOT NULL DEFAULT 0,
        since timestamptz NOT NULL DEFAULT now(), at timestamptz NOT NULL DEFAULT now())
        WITH (fillfactor = 50, autovacuum_vacuum_threshold = 100, autovacuum_vacuum_scale_factor = 0);

-- Who may append to a shard: the `holder`, in this `epoch`, to the log table `slot`. Records up to `truncated` are forgotten, though they
-- may still be in a table. No append changes a row.
CREATE TABLE shard (shard int4 PRIMARY KEY, epoch int8 NOT NULL DEFAULT 0, holder int8, slot int2 NOT NULL DEFAULT 0,
        truncated int8 NOT NULL DEFAULT 0)
        WITH (fillfactor = 10, autovacuum_vacuum_threshold = 100, autovacuum_vacuum_scale_factor = 0);

-- The log: a ring of eight tables that are written, and much later truncated, one after the other. `body`: 0x00 and the stored form.
-- With each, where an organisation's public events are, for each block of 64 records whose last one is there: the number of the first
-- event, and a bit for each record that has any, the lowest for position 64 * block.
DO $$ BEGIN FOR i IN 0..7 LOOP EXECUTE format('
    CREATE TABLE log_%1$s (shard int4 NOT NULL, position int8 NOT NULL, epoch int8 NOT NULL, at int8 NOT NULL, body bytea NOT NULL,
        PRIMARY KEY (shard, position)) WITH (autovacuum_enabled = off, toast.autovacuum_enabled = off);
    ALTER TABLE log_%1$s ALTER COLUMN body SET STORAGE EXTERNAL;
    CREATE TABLE org_block_%1$s (shard int4 NOT NULL, block int8 NOT NULL, org text COLLATE "C" NOT NULL, sequence int8 NOT NULL,
        records int8 NOT NULL, PRIMARY KEY (shard, block, org)) WITH (autovacuum_enabled = off)', i); END LOOP; END $$;

-- The record in which an organisation was last deleted: what the log has of it from before is not shown any more.
CREATE TABLE org_deleted (shard int4 NOT NULL, org text COLLATE "C" NOT NULL, position int8 NOT NULL, PRIMARY KEY (shard, org));

-- The newest snapshot of a shard: the last record it covers, and the save whose parts make it up. Other parts are unfinished or outdated.
CREATE TABLE snapshot (shard int4 PRIMARY KEY, position int8 NOT NULL, save int8 NOT NULL);
CREATE TABLE snapshot_part (shard int4 NOT NULL, save int8 NOT NULL, part int4 NOT NULL, body bytea NOT NULL,
        PRIMARY KEY (shard, save, part));
ALTER TABLE snapshot_part ALTER COLUMN body SET STORAGE EXTERNAL;

-- Counts the probes that tried whether the database can be written. One row.
CREATE TABLE probe (one bool PRIMARY KEY DEFAULT true CHECK (one), times int8 NOT NULL) WITH (fillfactor = 10);

-- Plans; `slots` is the limit of organisations on the plan. `version`, here and below: the change of `cluster.catalogue` that wrote the row;
-- 0 while one server has the database alone.
CREATE TABLE plan (id text COLLATE "C" PRIMARY KEY, name text NOT NULL, slots int8 NOT NULL, version int8 NOT NULL DEFAULT 0);

-- API keys, without their secrets. An operator's key has no `org`. A key without `expires_at` does not expire; the secret before the last
-- rotation works until `old_until`. When a key was last used is apart, as it changes each minute.
CREATE TABLE key (id text COLLATE "C" PRIMARY KEY, org text COLLATE "C", name text NOT NULL, role text NOT NULL,
        secret_sha256 bytea NOT NULL, created_at int8 NOT NULL, expires_at int8, old_secret_sha256 bytea, old_until int8,
        version int8 NOT NULL DEFAULT 0);
CREATE TABLE key_use (key text COLLATE "C" PRIMARY KEY REFERENCES key (id) ON DELETE CASCADE, at int8 NOT NULL)
        WITH (fillfactor = 50);

-- Browsers that are signed in, without their tokens. `expires_at` is in the time for which the server has run, as `lived` below.
CREATE TABLE session (token_sha256 bytea PRIMARY KEY, key text COLLATE "C" NOT NULL REFERENCES key (id) ON DELETE CASCADE,
        created_at int8 NOT NULL, expires_at int8 NOT NULL, version int8 NOT NULL DEFAULT 0);
CREATE INDEX session_by_key ON session (key);

-- Who changed what. What is the operator's has no `org`. `position` and `place` are the record and the event of a change that is in the
-- log, from which it is projected.
CREATE TABLE audit (number int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY, org text COLLATE "C", at int8 NOT NULL, position int8,
        place int8, body bytea NOT NULL);
CREATE INDEX audit_by_org ON audit (org, number);
CREATE INDEX audit_by_time ON audit (at);
CREATE UNIQUE INDEX audit_by_place ON audit (position, place);

-- Webhooks, with the secrets that sign. Lists that are null narrow nothing.
CREATE TABLE webhook (id text COLLATE "C" PRIMARY KEY, org text COLLATE "C" NOT NULL, url text NOT NULL, events text[] NOT NULL,
        agents text[], types text[], gates text[], description text, claims bool NOT NULL, secret bytea NOT NULL, old_secret bytea,
        old_until int8, created_at int8 NOT NULL, disabled text);

-- How far each webhook has come in the log of its organisation: all events up to `sequence`, and those in the spans from `beyond_from` to
-- before `beyond_to`, are settled or pending.
CREATE TABLE webhook_place (webhook text COLLATE "C" PRIMARY KEY, sequence int8 NOT NULL, beyond_from int8[] NOT NULL,
        beyond_to int8[] NOT NULL, missed int8 NOT NULL, last_success_at int8, failed_at int8, failed_status int4, failed_cause text,
        failures_in_row int8 NOT NULL) WITH (fillfactor = 50);

-- Deliveries that wait: to be tried again, or for one with the same `key` before them.
CREATE TABLE webhook_pending (webhook text COLLATE "C" NOT NULL, sequence int8 NOT NULL, key int8, attempts int8 NOT NULL,
        due_at int8 NOT NULL, is_dispatch bool NOT NULL, message text NOT NULL, event text NOT NULL, body bytea NOT NULL,
        PRIMARY KEY (webhook, sequence));

-- The newest attempts of each webhook. `outcome`: 0 delivered, 1 failed, 2 given up, 3 skipped.
CREATE TABLE webhook_attempt (webhook text COLLATE "C" NOT NULL, number int8 NOT NULL, message text NOT NULL, event text NOT NULL,
        sequence int8 NOT NULL, attempt int8 NOT NULL, at int8 NOT NULL, outcome int2 NOT NULL, status int4, duration_ms int8 NOT NULL,
        bytes int8 NOT NULL, cause text, next_at int8, PRIMARY KEY (webhook, number));

-- Names of organisations and agents, each kept once; `ended` refers to them by number.
CREATE TABLE name (number int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE);

-- Ended calls, by the sequence number of their end. `org` and `agent` are numbers of `name`.
CREATE TABLE ended (org int8 NOT NULL, sequence int8 NOT NULL, id text COLLATE "C" NOT NULL, agent int8 NOT NULL, ended_at int8 NOT NULL,
        body bytea NOT NULL, PRIMARY KEY (org, sequence));
CREATE INDEX ended_by_id ON ended (org, id, sequence);
CREATE INDEX ended_by_agent ON ended (org, agent, sequence);

-- Where calls did not end in the order of their times, since a clock was set back: the first end after that, for each organisation.
CREATE TABLE turn (org int8 NOT NULL, sequence int8 NOT NULL, PRIMARY KEY (org, sequence));

-- What figures are about: an organisation (kind 0), one of its agents (1), call types (2) or gates (3). `live` is how many of its calls are
-- queued or active; `minute` and `hour` number the minute and hour that are still open, each with its figures.
CREATE TABLE series (id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY, org text COLLATE "C" NOT NULL, kind int2 NOT NULL,
        name text COLLATE "C" NOT NULL, live int8 NOT NULL, minute int8, minute_body bytea, hour int8, hour_body bytea,
        UNIQUE (org, kind, name)) WITH (fillfactor = 50);

-- Figures of closed minutes and hours; `part` numbers them since the Unix epoch, `refused` counts the starts that were refused. There is
-- no body where nothing but refusals happened.
CREATE TABLE minute (series int8 NOT NULL, part int8 NOT NULL, refused int8 NOT NULL, body bytea, PRIMARY KEY (series, part));
CREATE INDEX minute_by_time ON minute (part);
CREATE TABLE hour (series int8 NOT NULL, part int8 NOT NULL, refused int8 NOT NULL, body bytea, PRIMARY KEY (series, part));
CREATE INDEX hour_by_time ON hour (part);

-- Changes of settings, by the sequence number of their event.
CREATE TABLE marker (org text COLLATE "C" NOT NULL, sequence int8 NOT NULL, at int8 NOT NULL, body bytea NOT NULL,
        PRIMARY KEY (org, sequence));
CREATE INDEX marker_by_time ON marker (at);
CREATE INDEX marker_by_org_and_time ON marker (org, at);

-- The last record of each shard's log that is in the history, and from when on all minutes and hours are kept.
CREATE TABLE projected (shard int4 PRIMARY KEY, position int8 NOT NULL, minutes_from int8 NOT NULL, hours_from int8 NOT NULL)
        WITH (fillfactor = 10, autovacuum_vacuum_threshold = 100, autovacuum_vacuum_scale_factor = 0);

-- How long the server has seen pass, in milliseconds: `lived` while it ran, from what its clock showed first, and `down` while it was
-- down, as far as it believes its clock. `shown` is what its clock showed last. With `doubt_since` (in seen time) and `doubt_last` (the
-- log's last time) its clock was too far ahead at a start. The others say up to where it has removed data, in seen time.
CREATE TABLE seen (shard int4 PRIMARY KEY, lived int8 NOT NULL, down int8 NOT NULL, shown int8 NOT NULL, doubt_since int8,
        doubt_last int8, records int8 NOT NULL, ended int8 NOT NULL, minutes int8 NOT NULL, hours int8 NOT NULL)
        WITH (fillfactor = 10);

-- How much time the server had seen when its clock last showed a time of the hour that begins at `at`.
CREATE TABLE shown (shard int4 NOT NULL, at int8 NOT NULL, seen int8 NOT NULL, PRIMARY KEY (shard, at));

INSERT INTO cluster (layout, shards) VALUES (1, 1);
INSERT INTO shard (shard) VALUES (0);
INSERT INTO projected VALUES (0, 0, 0, 0);
INSERT INTO probe (times) VALUES (0);
