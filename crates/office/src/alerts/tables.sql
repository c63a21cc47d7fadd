CREATE TABLE IF NOT EXISTS alerts (
    account TEXT NOT NULL,
    day TEXT NOT NULL,
    why TEXT NOT NULL,
    raised_at {int} NOT NULL,
    PRIMARY KEY (account, day, why)
) {strict};
CREATE TABLE IF NOT EXISTS known_networks (
    account TEXT NOT NULL,
    network TEXT NOT NULL,
    since {int} NOT NULL,
    PRIMARY KEY (account, network)
) {strict}
