CREATE TABLE IF NOT EXISTS accounts (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    email TEXT,
    name TEXT,
    password TEXT,
    role TEXT NOT NULL,
    lang TEXT NOT NULL,
    epoch {int} NOT NULL,
    opened_at {int} NOT NULL,
    closed_at {int}
) {strict};
CREATE UNIQUE INDEX IF NOT EXISTS accounts_email ON accounts (email) WHERE closed_at IS NULL;
CREATE TABLE IF NOT EXISTS tokens (
    digest TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    label TEXT NOT NULL,
    made_at {int} NOT NULL
) {strict};
