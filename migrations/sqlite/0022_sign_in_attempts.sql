-- The attempts to sign in that have not succeeded, by peer, by account, by both, and by known browser. They belong to no
-- tenant, because the account may be unknown.
CREATE TABLE sign_in_attempts (
    counted_by TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    since TEXT NOT NULL,
    PRIMARY KEY (counted_by)
);
CREATE INDEX sign_in_attempts_by_time ON sign_in_attempts (since);
