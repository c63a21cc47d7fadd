CREATE TABLE IF NOT EXISTS systems (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    connected_by TEXT NOT NULL,
    connected_at {int} NOT NULL,
    proposed TEXT NOT NULL,
    map TEXT,
    map_confirmed_at {int}
) {strict}
