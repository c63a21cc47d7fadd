CREATE TABLE IF NOT EXISTS requests (
    id TEXT PRIMARY KEY,
    controller TEXT NOT NULL,
    right_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    email TEXT,
    note TEXT,
    channel TEXT NOT NULL,
    received_at {int} NOT NULL,
    state TEXT NOT NULL,
    instruction TEXT,
    plan_hash TEXT,
    plan_rows {int},
    planned_by TEXT,
    approved_by TEXT,
    stale TEXT,
    outcome TEXT,
    package_sha256 TEXT,
    package_bytes {int},
    package_taken {int} NOT NULL,
    applied_at {int},
    closed_at {int}
) {strict};
CREATE INDEX IF NOT EXISTS requests_by_controller ON requests (controller, received_at);
CREATE INDEX IF NOT EXISTS requests_open ON requests (received_at, id) WHERE state <> 'closed';
CREATE INDEX IF NOT EXISTS requests_by_state ON requests (state, received_at);
CREATE INDEX IF NOT EXISTS requests_by_email ON requests (controller, email);
CREATE INDEX IF NOT EXISTS requests_by_address ON requests (email);
CREATE INDEX IF NOT EXISTS requests_by_person ON requests (subject, received_at);
CREATE INDEX IF NOT EXISTS requests_by_number ON requests (substr(id, 17));
CREATE TABLE IF NOT EXISTS request_systems (
    request TEXT NOT NULL,
    system TEXT NOT NULL,
    erased TEXT,
    erased_plan TEXT,
    outcome TEXT,
    traces TEXT,
    PRIMARY KEY (request, system)
) {strict};
CREATE TABLE IF NOT EXISTS request_readings (
    request TEXT NOT NULL,
    account TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (request, account, day)
) {strict};
CREATE INDEX IF NOT EXISTS request_readings_by_day ON request_readings (account, day)
