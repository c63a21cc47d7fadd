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
CREATE TABLE IF NOT EXISTS party_contacts (
    id TEXT PRIMARY KEY,
    controller TEXT NOT NULL,
    role TEXT NOT NULL,
    name TEXT,
    email TEXT,
    since {int} NOT NULL
) {strict};
CREATE INDEX IF NOT EXISTS party_contacts_by_controller ON party_contacts (controller);
