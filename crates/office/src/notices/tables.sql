CREATE TABLE IF NOT EXISTS notices (
    id TEXT PRIMARY KEY,
    controller TEXT,
    record TEXT NOT NULL,
    letter TEXT NOT NULL,
    wording TEXT,
    lang TEXT,
    discharges TEXT,
    to_subject TEXT NOT NULL,
    to_email TEXT,
    subject TEXT NOT NULL,
    about_subject TEXT NOT NULL,
    body TEXT,
    state TEXT NOT NULL,
    attempts {int} NOT NULL,
    unknown_outcomes {int} NOT NULL,
    not_before {int},
    again_at {int},
    instead_of TEXT,
    reply TEXT,
    outcome TEXT,
    delivered TEXT,
    stopped TEXT,
    queued_at {int} NOT NULL,
    tried_at {int},
    sent_at {int},
    bounced_at {int},
    bounce_status TEXT,
    bounce TEXT,
    mailbox_full {int} NOT NULL DEFAULT 0,
    opened_at {int},
    opened_by TEXT,
    delivered_at {int},
    has_secret {int} NOT NULL DEFAULT 0
) {strict};
CREATE INDEX IF NOT EXISTS notices_by_state ON notices (state, queued_at);
CREATE INDEX IF NOT EXISTS notices_by_record ON notices (controller, record);
CREATE TABLE IF NOT EXISTS notice_files (
    notice TEXT NOT NULL,
    position {int} NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes {int} NOT NULL,
    sealed_as TEXT NOT NULL,
    sealed_for TEXT NOT NULL,
    PRIMARY KEY (notice, position)
) {strict};
CREATE TABLE IF NOT EXISTS notice_readings (
    notice TEXT NOT NULL,
    account TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (notice, account, day)
) {strict};
CREATE TABLE IF NOT EXISTS notice_secrets (
    notice TEXT PRIMARY KEY,
    sealed {blob} NOT NULL
) {strict};
CREATE TABLE IF NOT EXISTS letter_wordings (
    letter TEXT NOT NULL,
    lang TEXT NOT NULL,
    version {int} NOT NULL,
    subject TEXT,
    body TEXT,
    made_at {int} NOT NULL,
    made_by TEXT,
    PRIMARY KEY (letter, lang, version)
) {strict};
CREATE TABLE IF NOT EXISTS letter_settings (
    name TEXT PRIMARY KEY,
    chosen {int} NOT NULL
) {strict};
CREATE INDEX IF NOT EXISTS notice_readings_by_day ON notice_readings (account, day)
