-- callslot.db, from layout 7 to layout 8. Until then keys did not expire and kept their secrets.
ALTER TABLE key ADD COLUMN expires_at INTEGER;
ALTER TABLE key ADD COLUMN old_secret_sha256 BLOB;
ALTER TABLE key ADD COLUMN old_until INTEGER;
