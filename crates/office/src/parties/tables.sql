CREATE TABLE IF NOT EXISTS controllers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    subject TEXT NOT NULL,
    contact TEXT,
    lang TEXT NOT NULL,
    place TEXT NOT NULL,
    since {int} NOT NULL
) {strict};
CREATE INDEX IF NOT EXISTS controllers_by_name ON controllers (name);
