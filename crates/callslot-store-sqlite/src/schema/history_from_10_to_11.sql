-- history.db, from layout 10 to layout 11. Until then a store had one shard, the one with the number 0.
CREATE TABLE projected_of_shard (id INTEGER PRIMARY KEY, position INTEGER NOT NULL, minutes_from INTEGER NOT NULL,
        hours_from INTEGER NOT NULL) STRICT;
INSERT INTO projected_of_shard SELECT id, position, minutes_from, hours_from FROM projected;
DROP TABLE projected;
ALTER TABLE projected_of_shard RENAME TO projected;
