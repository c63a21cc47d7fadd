CREATE TABLE IF NOT EXISTS accounts (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    email TEXT,
    name TEXT,
    password TEXT,
    role TEXT NOT NULL,
    controller TEXT,
    lang TEXT NOT NULL,
    epoch {int} NOT NULL,
    opened_at {int} NOT NULL,
    password_at {int} NOT NULL,
    factors {int} NOT NULL,
    until {int},
    closed_at {int}
) {strict};
CREATE UNIQUE INDEX IF NOT EXISTS accounts_email ON accounts (email) WHERE closed_at IS NULL;
CREATE INDEX IF NOT EXISTS accounts_by_controller ON accounts (controller);
CREATE TABLE IF NOT EXISTS tokens (
    digest TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    subject TEXT NOT NULL,
    label TEXT,
    made_at {int} NOT NULL,
    permissions TEXT NOT NULL,
    expires_at {int} NOT NULL
) {strict};
CREATE TABLE IF NOT EXISTS invitations (
    account TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    email TEXT,
    name TEXT,
    role TEXT NOT NULL,
    controller TEXT,
    lang TEXT NOT NULL,
    until {int},
    digest TEXT NOT NULL,
    invited_at {int} NOT NULL,
    expires_at {int} NOT NULL
) {strict};
CREATE TABLE IF NOT EXISTS password_links (
    digest TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    expires_at {int} NOT NULL
) {strict};
CREATE TABLE IF NOT EXISTS password_asks (
    digest TEXT PRIMARY KEY,
    asked_at {int} NOT NULL
) {strict};
CREATE TABLE IF NOT EXISTS factors (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    subject TEXT NOT NULL,
    method TEXT NOT NULL,
    label TEXT,
    entry TEXT NOT NULL,
    made_at {int} NOT NULL
) {strict};
CREATE TABLE IF NOT EXISTS factor_uses (
    factor TEXT PRIMARY KEY,
    step {int} NOT NULL
) {strict};
CREATE TABLE IF NOT EXISTS passkeys (
    factor TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    subject TEXT NOT NULL,
    credential TEXT
) {strict};
CREATE UNIQUE INDEX IF NOT EXISTS passkeys_credential ON passkeys (credential);
CREATE TABLE IF NOT EXISTS passkey_uses (
    factor TEXT PRIMARY KEY,
    counter {int} NOT NULL,
    used_at {int} NOT NULL
) {strict};
CREATE TABLE IF NOT EXISTS ceremonies (
    digest TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    holder TEXT NOT NULL,
    expires_at {int} NOT NULL
) {strict};
CREATE TABLE IF NOT EXISTS identities (
    account TEXT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    identity TEXT,
    linked_at {int} NOT NULL,
    PRIMARY KEY (account, issuer)
) {strict};
CREATE UNIQUE INDEX IF NOT EXISTS identities_identity ON identities (identity);
CREATE TABLE IF NOT EXISTS provider_notes (
    digest TEXT PRIMARY KEY,
    next TEXT NOT NULL,
    account TEXT,
    sealed {blob},
    expires_at {int} NOT NULL
) {strict};
CREATE TABLE IF NOT EXISTS wrong_codes (
    account TEXT PRIMARY KEY,
    in_row {int} NOT NULL
) {strict};
CREATE TABLE IF NOT EXISTS recovery_codes (
    digest TEXT PRIMARY KEY,
    account TEXT NOT NULL
) {strict};
CREATE TABLE IF NOT EXISTS sign_in_rules (
    role TEXT PRIMARY KEY,
    second_factor {int} NOT NULL,
    renew_days {int},
    idle_minutes {int} NOT NULL,
    session_hours {int} NOT NULL
) {strict};
