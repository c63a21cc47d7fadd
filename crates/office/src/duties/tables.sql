CREATE TABLE IF NOT EXISTS promises (
    agreement TEXT NOT NULL,
    promise TEXT NOT NULL,
    controller TEXT NOT NULL,
    term TEXT NOT NULL,
    event TEXT,
    made TEXT NOT NULL,
    evidence TEXT,
    evidence_subject TEXT,
    evidenced_at {int},
    PRIMARY KEY (agreement, promise)
) {strict};
CREATE INDEX IF NOT EXISTS promises_by_event ON promises (controller, event);
CREATE TABLE IF NOT EXISTS duties (
    id TEXT PRIMARY KEY,
    controller TEXT,
    agreement TEXT,
    promise TEXT NOT NULL,
    record TEXT NOT NULL,
    state TEXT NOT NULL,
    title_en TEXT NOT NULL,
    title_fr TEXT NOT NULL,
    mode TEXT NOT NULL,
    role TEXT NOT NULL,
    owner TEXT,
    schedule TEXT,
    place TEXT NOT NULL,
    edition TEXT NOT NULL,
    zones TEXT,
    law TEXT,
    sequence {int} NOT NULL,
    started_at {int} NOT NULL,
    target {int},
    own_due {int},
    other_due {int},
    urgent_at {int} NOT NULL,
    due_at {int},
    told_at {int} NOT NULL,
    next_at {int},
    paused_at {int},
    paused_ms {int} NOT NULL,
    cause TEXT,
    cause_subject TEXT,
    extended TEXT,
    reason TEXT,
    reason_subject TEXT,
    explanation_en TEXT,
    explanation_fr TEXT,
    ended_at {int},
    evidence TEXT,
    shown TEXT,
    shown_subject TEXT
) {strict};
CREATE INDEX IF NOT EXISTS duties_by_next ON duties (next_at);
CREATE INDEX IF NOT EXISTS duties_open ON duties (urgent_at, id) WHERE state <> 'discharged';
CREATE INDEX IF NOT EXISTS duties_by_promise ON duties (agreement, promise);
CREATE INDEX IF NOT EXISTS duties_by_record ON duties (controller, record);
CREATE INDEX IF NOT EXISTS duties_late ON duties (own_due) WHERE state <> 'discharged';
CREATE INDEX IF NOT EXISTS duties_open_of ON duties (controller, urgent_at, id) WHERE state <> 'discharged';
CREATE INDEX IF NOT EXISTS duties_by_day ON duties (due_at);
CREATE INDEX IF NOT EXISTS duties_done ON duties (ended_at) WHERE state = 'discharged';
CREATE TABLE IF NOT EXISTS programme (
    key TEXT PRIMARY KEY,
    title_en TEXT NOT NULL,
    title_fr TEXT NOT NULL,
    role TEXT NOT NULL,
    every TEXT NOT NULL,
    hard TEXT NOT NULL,
    set_at {int} NOT NULL,
    ended_at {int}
) {strict};
CREATE TABLE IF NOT EXISTS digests (
    account TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (account, day)
) {strict}
