-- The attempts to sign in that have not succeeded, by peer, by account, by both, and by known browser. They belong to no
-- tenant, because the account may be unknown; therefore only transactions across tenants see them.
CREATE TABLE sign_in_attempts (
    counted_by TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (counted_by)
);
CREATE INDEX sign_in_attempts_by_time ON sign_in_attempts (since);
ALTER TABLE sign_in_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY operator ON sign_in_attempts USING (COALESCE(current_setting('aloqa.operator', true), '') = 'on');
