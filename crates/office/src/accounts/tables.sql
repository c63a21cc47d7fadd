CREATE TABLE IF NOT EXISTS accounts (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    email TEXT UNIQUE,
    name TEXT,
    password TEXT,
    role TEXT NOT NULL,
    lang TEXT NOT NULL,
    epoch {int} NOT NULL,
    opened_at {int} NOT NULL,
    closed_at {int}
) {strict};
CREATE TABLE IF NOT EXISTS tokens (
    digest TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    label TEXT NOT NULL,
    made_at {int} NOT NULL
) {strict};
