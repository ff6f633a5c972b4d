-- history.db, from layout 8 to layout 9: changes of settings are found by their organisation and time.
CREATE INDEX marker_by_org_and_time ON marker (org, at);
