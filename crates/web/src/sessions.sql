CREATE TABLE IF NOT EXISTS sessions (
    digest TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    csrf TEXT NOT NULL,
    epoch {int} NOT NULL,
    made_at {int} NOT NULL,
    seen_at {int} NOT NULL,
    shown_at {int} NOT NULL,
    factor_at {int},
    expires_at {int} NOT NULL,
    subject TEXT NOT NULL,
    network TEXT
) {strict};
CREATE TABLE IF NOT EXISTS throttles (
    bucket TEXT PRIMARY KEY,
    failures {int} NOT NULL,
    until {int} NOT NULL
) {strict};
CREATE INDEX IF NOT EXISTS throttles_until ON throttles (until);
CREATE TABLE IF NOT EXISTS denials (
    account TEXT NOT NULL,
    day TEXT NOT NULL,
    times {int} NOT NULL,
    PRIMARY KEY (account, day)
) {strict}
