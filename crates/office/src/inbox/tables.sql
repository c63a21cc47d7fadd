CREATE TABLE IF NOT EXISTS mails (
    id TEXT PRIMARY KEY,
    mailbox TEXT NOT NULL,
    uid_validity {int} NOT NULL,
    uid {int} NOT NULL,
    sha256 TEXT,
    bytes {int} NOT NULL,
    received_at {int} NOT NULL,
    fetched_at {int} NOT NULL,
    person TEXT NOT NULL,
    content TEXT,
    proposal TEXT,
    understood TEXT NOT NULL,
    state TEXT NOT NULL,
    since {int} NOT NULL,
    why TEXT,
    note TEXT,
    notice TEXT
) {strict};
CREATE UNIQUE INDEX IF NOT EXISTS mails_by_place ON mails (mailbox, uid_validity, uid);
CREATE INDEX IF NOT EXISTS mails_by_digest ON mails (sha256);
CREATE INDEX IF NOT EXISTS mails_by_state ON mails (state, id);
CREATE TABLE IF NOT EXISTS mail_requests (
    mail TEXT NOT NULL,
    request TEXT NOT NULL,
    PRIMARY KEY (mail, request)
) {strict};
CREATE TABLE IF NOT EXISTS mail_readings (
    mail TEXT NOT NULL,
    account TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (mail, account, day)
) {strict};
CREATE TABLE IF NOT EXISTS mailboxes (
    mailbox TEXT PRIMARY KEY,
    uid_validity {int} NOT NULL,
    uid {int} NOT NULL,
    looked_at {int},
    remaining {int} NOT NULL,
    failures {int} NOT NULL,
    failed_at {int},
    fault TEXT
) {strict};
CREATE INDEX IF NOT EXISTS mail_readings_by_day ON mail_readings (account, day)
