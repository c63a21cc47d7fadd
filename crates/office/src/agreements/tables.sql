CREATE TABLE IF NOT EXISTS agreements (
    id TEXT PRIMARY KEY,
    controller TEXT NOT NULL,
    subject TEXT NOT NULL,
    title TEXT,
    file_name TEXT,
    document TEXT NOT NULL,
    language TEXT NOT NULL,
    document_kind TEXT NOT NULL,
    reading TEXT,
    state TEXT NOT NULL,
    file TEXT,
    imported_at {int} NOT NULL,
    in_force_at {int}
) {strict};
CREATE INDEX IF NOT EXISTS agreements_newest ON agreements (imported_at, id);
CREATE INDEX IF NOT EXISTS agreements_by_state ON agreements (state);
CREATE INDEX IF NOT EXISTS agreements_by_controller ON agreements (controller, state);
CREATE TABLE IF NOT EXISTS agreement_decisions (
    agreement TEXT NOT NULL,
    term TEXT NOT NULL,
    number {int} NOT NULL,
    made TEXT NOT NULL,
    old TEXT NOT NULL,
    new TEXT NOT NULL,
    accepted TEXT,
    actor TEXT NOT NULL,
    entry TEXT NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (agreement, term, number)
) {strict};
CREATE TABLE IF NOT EXISTS agreement_uploads (
    id TEXT PRIMARY KEY,
    actor TEXT NOT NULL,
    file_name TEXT NOT NULL,
    document TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes {blob} NOT NULL,
    study {blob} NOT NULL,
    at {int} NOT NULL
) {strict}
