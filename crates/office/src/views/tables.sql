CREATE TABLE IF NOT EXISTS views (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    subject TEXT NOT NULL,
    name TEXT,
    address TEXT NOT NULL,
    kept_at {int} NOT NULL
) {strict};
CREATE INDEX IF NOT EXISTS views_of ON views (account, kept_at)
