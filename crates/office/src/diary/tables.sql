CREATE TABLE IF NOT EXISTS feeds (
    digest TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    made_at {int} NOT NULL
) {strict};
CREATE INDEX IF NOT EXISTS feeds_of ON feeds (account)
