-- API tokens end, and show when they were last used; users can be disabled.
ALTER TABLE api_tokens ADD COLUMN expires_at TEXT;
ALTER TABLE api_tokens ADD COLUMN last_used_at TEXT;
ALTER TABLE users ADD COLUMN disabled_at TEXT;
