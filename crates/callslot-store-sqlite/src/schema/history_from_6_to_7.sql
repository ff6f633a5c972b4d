-- history.db, from layout 6 to layout 7. Until then ends were in the order of their times.
CREATE TABLE turn (org INTEGER NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (org, sequence)) STRICT, WITHOUT ROWID;
