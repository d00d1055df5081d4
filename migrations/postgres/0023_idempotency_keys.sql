-- What the request with an idempotency key asked for, by which a repetition is told from another request. From now on a key
-- begins with its user's id. Messages of earlier versions have no fingerprint.
ALTER TABLE messages ADD COLUMN request_fingerprint BYTEA;
