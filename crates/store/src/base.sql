CREATE TABLE IF NOT EXISTS schema_parts (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL) {strict};
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) {strict};
CREATE TABLE IF NOT EXISTS logs (
    origin TEXT PRIMARY KEY,
    controller TEXT UNIQUE,
    size {int} NOT NULL,
    last_at {int} NOT NULL
) {strict};
CREATE TABLE IF NOT EXISTS entries (
    seq {int} PRIMARY KEY,
    log TEXT NOT NULL REFERENCES logs (origin),
    idx {int} NOT NULL,
    id TEXT NOT NULL UNIQUE,
    at {int} NOT NULL,
    kind TEXT NOT NULL,
    record TEXT NOT NULL,
    leaf {blob} NOT NULL,
    UNIQUE (log, idx)
) {strict};
CREATE INDEX IF NOT EXISTS entries_by_record ON entries (record, seq);
CREATE TABLE IF NOT EXISTS nodes (
    log TEXT NOT NULL,
    level {int} NOT NULL,
    idx {int} NOT NULL,
    hash {blob} NOT NULL,
    PRIMARY KEY (log, level, idx)
) {strict};
CREATE TABLE IF NOT EXISTS checkpoints (
    log TEXT NOT NULL,
    size {int} NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (log, size)
) {strict};
CREATE TABLE IF NOT EXISTS subject_keys (
    subject TEXT PRIMARY KEY,
    wrapped {blob},
    made_at {int} NOT NULL,
    destroyed_at {int}
) {strict};
CREATE TABLE IF NOT EXISTS sealed_values (
    entry TEXT NOT NULL,
    pointer TEXT NOT NULL,
    subject TEXT NOT NULL REFERENCES subject_keys (subject),
    sealed {blob} NOT NULL,
    PRIMARY KEY (entry, pointer)
) {strict};
CREATE INDEX IF NOT EXISTS sealed_values_by_subject ON sealed_values (subject);
CREATE TABLE IF NOT EXISTS blobs (
    sha256 TEXT PRIMARY KEY,
    media_type TEXT NOT NULL,
    bytes {blob} NOT NULL
) {strict};
CREATE TABLE IF NOT EXISTS leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until {int} NOT NULL,
    fence {int} NOT NULL
) {strict};
