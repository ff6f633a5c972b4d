-- history.db, from layout 5 to layout 6. The rows are made at the next start.
CREATE TABLE seen (id INTEGER PRIMARY KEY CHECK (id = 0), lived INTEGER NOT NULL, down INTEGER NOT NULL,
        shown INTEGER NOT NULL, doubt_since INTEGER, doubt_last INTEGER, records INTEGER NOT NULL, ended INTEGER NOT NULL,
        minutes INTEGER NOT NULL, hours INTEGER NOT NULL) STRICT;
CREATE TABLE shown (at INTEGER PRIMARY KEY, seen INTEGER NOT NULL) STRICT;
