CREATE TABLE IF NOT EXISTS notices (
    id TEXT PRIMARY KEY,
    controller TEXT,
    record TEXT NOT NULL,
    letter TEXT NOT NULL,
    discharges TEXT,
    to_subject TEXT NOT NULL,
    to_email TEXT,
    subject TEXT NOT NULL,
    about_subject TEXT NOT NULL,
    body TEXT,
    state TEXT NOT NULL,
    attempts {int} NOT NULL,
    unknown_outcomes {int} NOT NULL,
    reply TEXT,
    delivered TEXT,
    queued_at {int} NOT NULL,
    tried_at {int},
    sent_at {int},
    delivered_at {int},
    bounced_at {int},
    bounce_status TEXT,
    bounce TEXT,
    mailbox_full {int} NOT NULL DEFAULT 0,
    has_secret {int} NOT NULL DEFAULT 0
) {strict};
CREATE INDEX IF NOT EXISTS notices_by_state ON notices (state, queued_at);
CREATE INDEX IF NOT EXISTS notices_by_record ON notices (controller, record);
CREATE TABLE IF NOT EXISTS notice_readings (
    notice TEXT NOT NULL,
    account TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (notice, account, day)
) {strict};
CREATE TABLE IF NOT EXISTS notice_secrets (
    notice TEXT PRIMARY KEY,
    sealed {blob} NOT NULL
) {strict}
