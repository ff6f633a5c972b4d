-- callslot.db, from layout 10 to layout 11. Until then a store had one shard, the one with the number 0.
CREATE TABLE snapshot_of_shard (id INTEGER PRIMARY KEY, position INTEGER NOT NULL, save INTEGER NOT NULL) STRICT;
INSERT INTO snapshot_of_shard SELECT id, position, save FROM snapshot;
DROP TABLE snapshot;
ALTER TABLE snapshot_of_shard RENAME TO snapshot;
CREATE TABLE truncated_of_shard (id INTEGER PRIMARY KEY, position INTEGER NOT NULL) STRICT;
INSERT INTO truncated_of_shard SELECT id, position FROM truncated;
DROP TABLE truncated;
ALTER TABLE truncated_of_shard RENAME TO truncated;
