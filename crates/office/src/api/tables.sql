CREATE TABLE IF NOT EXISTS api_quotas (
    token TEXT PRIMARY KEY,
    minute {int} NOT NULL,
    used {int} NOT NULL,
    used_at {int} NOT NULL
) {strict};
CREATE TABLE IF NOT EXISTS api_answers (
    name TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    sealed {blob},
    made_at {int} NOT NULL
) {strict};
