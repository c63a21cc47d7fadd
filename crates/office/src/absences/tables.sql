CREATE TABLE IF NOT EXISTS absences (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    deputy TEXT,
    noted_at {int} NOT NULL,
    withdrawn_at {int}
) {strict};
CREATE INDEX IF NOT EXISTS absences_by_end ON absences (until_day)
