-- From layout 1 to layout 2: ended calls are in blocks. The rows of `ended` are moved there when the store is opened, and the table is
-- dropped then. What is in a block is in docs/internals/stored-form.md.
SET LOCAL search_path = callslot;

DROP INDEX ended_by_id;
DROP INDEX ended_by_agent;
DROP TABLE turn;

-- Blocks of ended calls, by the sequence numbers of their last calls, with what is known of each: a query may skip it by that. `org` is a
-- number of `name`. Those that are not closed are merged with later ones.
CREATE TABLE ended_block (org int8 NOT NULL, last int8 NOT NULL, first int8 NOT NULL, calls int8 NOT NULL, from_at int8 NOT NULL,
        to_at int8 NOT NULL, longest_wait int8 NOT NULL, types int8 NOT NULL, reasons int8 NOT NULL, agents bytea NOT NULL,
        is_closed bool NOT NULL, body bytea NOT NULL, PRIMARY KEY (org, last));
ALTER TABLE ended_block ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX ended_block_open ON ended_block (org, last) WHERE NOT is_closed;

-- The pieces of the filters of closed blocks.
CREATE TABLE ended_filter (org int8 NOT NULL, piece int8 NOT NULL, last int8 NOT NULL, bits bytea NOT NULL,
        PRIMARY KEY (org, piece, last));
ALTER TABLE ended_filter ALTER COLUMN bits SET STORAGE EXTERNAL;

-- Ended calls that are in no block yet, packed like a block.
CREATE TABLE ended_tail (number int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY, org int8 NOT NULL, last int8 NOT NULL,
        calls int8 NOT NULL, from_at int8 NOT NULL, body bytea NOT NULL)
        WITH (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);
ALTER TABLE ended_tail ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX ended_tail_by_org ON ended_tail (org, number);

UPDATE cluster SET layout = 2;
