CREATE TABLE IF NOT EXISTS access_reviews (
    id TEXT PRIMARY KEY,
    begun_at {int} NOT NULL,
    begun_by TEXT,
    finished_at {int},
    finished_by TEXT,
    confirmed {int},
    revoked {int}
) {strict};
CREATE TABLE IF NOT EXISTS access_decisions (
    review TEXT NOT NULL,
    account TEXT NOT NULL,
    token TEXT NOT NULL,
    held TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reason_subject TEXT,
    reason TEXT,
    decided_at {int} NOT NULL,
    decided_by TEXT,
    PRIMARY KEY (review, account, token)
) {strict}
