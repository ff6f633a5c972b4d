-- A pool of call slots in PostgreSQL. Everything about one organisation happens one after the other, under its row's lock.

-- The row is locked and never updated: who waits for it is let in one by one, and does not chase its newest version.
CREATE TABLE IF NOT EXISTS org (
    id     text    PRIMARY KEY,
    -- The limit less all reservations.
    shared integer NOT NULL
);

CREATE TABLE IF NOT EXISTS pool (
    org         text    PRIMARY KEY REFERENCES org,
    shared_used integer NOT NULL DEFAULT 0,
    last_ticket bigint  NOT NULL DEFAULT 0
) WITH (fillfactor = 50); -- The new version of a row finds room beside the old one, and no index is touched.

CREATE TABLE IF NOT EXISTS class (
    org      text    NOT NULL REFERENCES org,
    agent    text    NOT NULL,
    type     text    NOT NULL,
    reserved integer NOT NULL,
    active   integer NOT NULL DEFAULT 0,
    PRIMARY KEY (org, agent, type)
) WITH (fillfactor = 50);

-- Live calls, and ended ones until they are forgotten; and ends that came before their calls, as 'early'. No index but the key, for the same reason.
CREATE TABLE IF NOT EXISTS call (
    org      text NOT NULL,
    id       text NOT NULL,
    agent    text NOT NULL,
    type     text NOT NULL,
    state    text NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (org, id)
) WITH (fillfactor = 50);

CREATE TABLE IF NOT EXISTS queue (
    org    text   NOT NULL,
    ticket bigint NOT NULL,
    agent  text   NOT NULL,
    type   text   NOT NULL,
    call   text   NOT NULL,
    PRIMARY KEY (org, ticket),
    UNIQUE (org, call)
);
CREATE INDEX IF NOT EXISTS queue_of_class ON queue (org, agent, type, ticket);

-- Starts a call, or tells how it stands if its id is known: active, queued or ended; unknown without such a class;
-- conflict if the id belongs to another class.
CREATE OR REPLACE FUNCTION start_call(the_org text, the_agent text, the_type text, the_call text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    own     org;
    slots   class;
    known   call;
    ticket  bigint;
BEGIN
    SELECT * INTO own FROM org WHERE id = the_org FOR UPDATE;
    SELECT * INTO known FROM call WHERE org = the_org AND id = the_call;
    IF FOUND AND known.state <> 'early' THEN
        RETURN CASE WHEN (known.agent, known.type) = (the_agent, the_type) THEN known.state ELSE 'conflict' END;
    END IF;
    SELECT * INTO slots FROM class WHERE org = the_org AND agent = the_agent AND type = the_type;
    IF NOT FOUND THEN
        RETURN 'unknown';
    END IF;
    IF known.state = 'early' THEN
        UPDATE call SET agent = the_agent, type = the_type, state = 'ended', ended_at = now()
            WHERE org = the_org AND id = the_call;
        RETURN 'ended';
    END IF;

    -- A class uses its reserved slots first, and then the shared ones. At rest no queued call can have either, so this
    -- one overtakes nobody.
    IF slots.active >= slots.reserved THEN
        UPDATE pool SET shared_used = shared_used + 1 WHERE org = the_org AND shared_used < own.shared;
        IF NOT FOUND THEN
            UPDATE pool SET last_ticket = last_ticket + 1 WHERE org = the_org RETURNING last_ticket INTO ticket;
            INSERT INTO queue VALUES (the_org, ticket, the_agent, the_type, the_call);
            INSERT INTO call VALUES (the_org, the_call, the_agent, the_type, 'queued');
            RETURN 'queued';
        END IF;
    END IF;
    UPDATE class SET active = active + 1 WHERE org = the_org AND agent = the_agent AND type = the_type;
    INSERT INTO call VALUES (the_org, the_call, the_agent, the_type, 'active');
    RETURN 'active';
END
$$;

-- Ends a call and gives its slot to the call that is next: ended, also if it was ended before; unknown if there is no such
-- call. Then its start, if it comes within a minute, ends it.
CREATE OR REPLACE FUNCTION end_call(the_org text, the_call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    known     call;
    slots     class;
    next      queue;
    is_shared boolean;
BEGIN
    PERFORM FROM org WHERE id = the_org FOR UPDATE;
    SELECT * INTO known FROM call WHERE org = the_org AND id = the_call;
    IF NOT FOUND OR known.state = 'early' THEN
        INSERT INTO call VALUES (the_org, the_call, '', '', 'early', now() - interval '9 minutes')
            ON CONFLICT (org, id) DO UPDATE SET ended_at = excluded.ended_at;
        RETURN 'unknown';
    END IF;
    IF known.state = 'ended' THEN
        RETURN 'ended';
    END IF;
    UPDATE call SET state = 'ended', ended_at = now() WHERE org = the_org AND id = the_call;
    IF known.state = 'queued' THEN
        DELETE FROM queue WHERE org = the_org AND call = the_call;
        RETURN 'ended';
    END IF;

    UPDATE class SET active = active - 1 WHERE org = the_org AND agent = known.agent AND type = known.type
        RETURNING * INTO slots;
    -- The slot that comes free is a shared one if the class had more calls than reserved slots, and then the earliest of all
    -- queued calls has it: their classes use all they have reserved, or they would not wait. A reserved slot is their own's.
    is_shared := slots.active >= slots.reserved;
    IF is_shared THEN
        SELECT * INTO next FROM queue WHERE org = the_org ORDER BY ticket LIMIT 1;
    ELSE
        SELECT * INTO next FROM queue WHERE org = the_org AND agent = known.agent AND type = known.type
            ORDER BY ticket LIMIT 1;
    END IF;
    IF FOUND THEN
        DELETE FROM queue WHERE org = the_org AND ticket = next.ticket;
        UPDATE class SET active = active + 1 WHERE org = the_org AND agent = next.agent AND type = next.type;
        UPDATE call SET state = 'active' WHERE org = the_org AND id = next.call;
        -- The client that waits for it listens here.
        PERFORM pg_notify('started', next.call);
    ELSIF is_shared THEN
        UPDATE pool SET shared_used = shared_used - 1 WHERE org = the_org;
    END IF;
    RETURN 'ended';
END
$$;

-- Forgets calls that ended ten minutes ago; to be run each minute.
CREATE OR REPLACE FUNCTION forget_calls() RETURNS void LANGUAGE sql AS $$
    DELETE FROM call WHERE ended_at < now() - interval '10 minutes'
$$;
