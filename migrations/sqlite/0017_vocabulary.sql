-- Tables and columns take the field's own words (docs/glossary.md): suppressions, WhatsApp templates, match keys, survivor and merged
-- client, pending notifications, errors of an import. No row changes.

ALTER TABLE closed_ways RENAME TO suppressions;
ALTER TABLE approved_templates RENAME TO whatsapp_templates;
ALTER TABLE client_keys RENAME TO match_keys;
ALTER TABLE notifications RENAME TO pending_notifications;
ALTER TABLE import_flaws RENAME TO import_errors;

ALTER TABLE suppressions RENAME COLUMN closed_at TO suppressed_at;
ALTER TABLE whatsapp_templates RENAME COLUMN defaults TO default_values;
ALTER TABLE match_keys RENAME COLUMN likeness TO reason;
ALTER TABLE duplicates RENAME COLUMN likeness TO reasons;
ALTER TABLE merges RENAME COLUMN kept_id TO survivor_id;
ALTER TABLE merges RENAME COLUMN lost_id TO merged_id;
ALTER TABLE merges RENAME COLUMN lost_chat_id TO merged_chat_id;
ALTER TABLE merges RENAME COLUMN lost_name TO merged_name;
ALTER TABLE merges RENAME COLUMN under_id TO superseded_by_id;
ALTER TABLE pending_notifications RENAME COLUMN amount TO message_count;
ALTER TABLE pending_notifications RENAME COLUMN told_at TO notified_at;
ALTER TABLE notification_settings RENAME COLUMN lost_at TO blocked_at;
ALTER TABLE notification_settings RENAME COLUMN code TO link_code;
ALTER TABLE notification_settings RENAME COLUMN code_channel_id TO link_code_channel_id;
ALTER TABLE notification_settings RENAME COLUMN code_until TO link_code_expires_at;
ALTER TABLE import_errors RENAME COLUMN bad TO is_invalid;
ALTER TABLE import_errors RENAME COLUMN flaws TO errors;
ALTER TABLE imports RENAME COLUMN skipped TO preamble_bytes;
ALTER TABLE imports RENAME COLUMN updates TO update_existing;
ALTER TABLE imports RENAME COLUMN whole TO all_or_nothing;
ALTER TABLE imports RENAME COLUMN kept TO unchanged;

-- SQLite keeps the names of indexes and can not rename them; they are made again.
DROP INDEX client_keys_by_value;
CREATE INDEX match_keys_by_value ON match_keys (tenant_id, reason, value, client_id);
DROP INDEX duplicates_by_likeness;
CREATE INDEX duplicates_by_reasons ON duplicates (tenant_id, reasons DESC, first_id DESC, second_id DESC)
    WHERE dismissed = 0;
DROP INDEX merges_by_kept;
CREATE INDEX merges_by_survivor ON merges (tenant_id, survivor_id, id);
DROP INDEX merges_by_lost;
CREATE INDEX merges_by_merged ON merges (tenant_id, merged_id);
DROP INDEX merges_by_lost_chat;
CREATE INDEX merges_by_merged_chat ON merges (tenant_id, merged_chat_id);
DROP INDEX merges_by_under;
CREATE INDEX merges_by_superseding ON merges (tenant_id, superseded_by_id);
DROP INDEX notifications_due;
CREATE INDEX pending_notifications_due ON pending_notifications (due_at) WHERE message_count > 0;
