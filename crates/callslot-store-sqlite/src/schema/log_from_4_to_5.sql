-- callslot.db, from layout 4 to layout 5. The rows are made from the log.
CREATE TABLE org_block (block INTEGER NOT NULL, org TEXT NOT NULL, sequence INTEGER NOT NULL, records INTEGER NOT NULL,
        PRIMARY KEY (block, org)) STRICT, WITHOUT ROWID;
CREATE TABLE org_deleted (org TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
DROP TABLE sequences;
