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
    controller TEXT NOT NULL,
    agreement TEXT NOT NULL,
    promise TEXT NOT NULL,
    record TEXT NOT NULL,
    state TEXT NOT NULL,
    started_at {int} NOT NULL,
    target {int},
    own_due {int},
    other_due {int},
    explanation_en TEXT,
    explanation_fr TEXT,
    ended_at {int},
    evidence TEXT
) {strict};
CREATE INDEX IF NOT EXISTS duties_by_due ON duties (state, own_due);
CREATE INDEX IF NOT EXISTS duties_by_promise ON duties (agreement, promise);
CREATE INDEX IF NOT EXISTS duties_by_record ON duties (controller, record)
