CREATE TABLE IF NOT EXISTS agreements (
    id TEXT PRIMARY KEY,
    controller TEXT NOT NULL,
    title TEXT NOT NULL,
    file_name TEXT NOT NULL,
    document TEXT NOT NULL,
    language TEXT NOT NULL,
    document_kind TEXT NOT NULL,
    state TEXT NOT NULL,
    file TEXT,
    imported_at {int} NOT NULL,
    in_force_at {int}
) {strict};
CREATE INDEX IF NOT EXISTS agreements_by_controller ON agreements (controller, state)
