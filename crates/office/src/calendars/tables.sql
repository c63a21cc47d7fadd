CREATE TABLE IF NOT EXISTS calendar_corrections (
    position {int} PRIMARY KEY,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    source TEXT NOT NULL,
    reason TEXT,
    reason_subject TEXT NOT NULL,
    made_at {int} NOT NULL
) {strict};
CREATE TABLE IF NOT EXISTS period_laws (
    agreement TEXT PRIMARY KEY,
    controller TEXT NOT NULL,
    law TEXT NOT NULL,
    reason TEXT,
    reason_subject TEXT NOT NULL,
    chosen_at {int} NOT NULL
) {strict};
CREATE TABLE IF NOT EXISTS law_figures (
    position {int} PRIMARY KEY,
    figure TEXT NOT NULL,
    period TEXT NOT NULL,
    from_day TEXT NOT NULL,
    source TEXT NOT NULL,
    reason TEXT,
    reason_subject TEXT NOT NULL,
    set_at {int} NOT NULL
) {strict}
