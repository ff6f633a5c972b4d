-- history.db, from layout 9 to layout 10: ended calls are in blocks. The rows of `ended` are moved there when the store is opened.
DROP INDEX IF EXISTS ended_by_id;
DROP INDEX IF EXISTS ended_by_agent;
DROP TABLE IF EXISTS turn;
CREATE TABLE ended_block (org INTEGER NOT NULL, last INTEGER NOT NULL, first INTEGER NOT NULL, calls INTEGER NOT NULL,
        from_at INTEGER NOT NULL, to_at INTEGER NOT NULL, longest_wait INTEGER NOT NULL, types INTEGER NOT NULL,
        reasons INTEGER NOT NULL, agents BLOB NOT NULL, is_closed INTEGER NOT NULL, body INTEGER NOT NULL,
        PRIMARY KEY (org, last)) STRICT, WITHOUT ROWID;
CREATE TABLE ended_body (number INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL) STRICT;
CREATE TABLE ended_filter (org INTEGER NOT NULL, piece INTEGER NOT NULL, last INTEGER NOT NULL, bits BLOB NOT NULL,
        PRIMARY KEY (org, piece, last)) STRICT, WITHOUT ROWID;
CREATE TABLE ended_tail (number INTEGER PRIMARY KEY, org INTEGER NOT NULL, last INTEGER NOT NULL, calls INTEGER NOT NULL,
        from_at INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
