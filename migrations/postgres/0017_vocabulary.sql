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

ALTER INDEX client_keys_by_value RENAME TO match_keys_by_value;
ALTER INDEX duplicates_by_likeness RENAME TO duplicates_by_reasons;
ALTER INDEX merges_by_kept RENAME TO merges_by_survivor;
ALTER INDEX merges_by_lost RENAME TO merges_by_merged;
ALTER INDEX merges_by_lost_chat RENAME TO merges_by_merged_chat;
ALTER INDEX merges_by_under RENAME TO merges_by_superseding;
ALTER INDEX notifications_due RENAME TO pending_notifications_due;

-- Policies and grants follow a renamed table; constraints and sequences keep their names.
ALTER SEQUENCE approved_templates_id_seq RENAME TO whatsapp_templates_id_seq;
ALTER TABLE suppressions RENAME CONSTRAINT closed_ways_pkey TO suppressions_pkey;
ALTER TABLE whatsapp_templates RENAME CONSTRAINT approved_templates_pkey TO whatsapp_templates_pkey;
ALTER TABLE match_keys RENAME CONSTRAINT client_keys_pkey TO match_keys_pkey;
ALTER TABLE pending_notifications RENAME CONSTRAINT notifications_pkey TO pending_notifications_pkey;
ALTER TABLE import_errors RENAME CONSTRAINT import_flaws_pkey TO import_errors_pkey;

-- The procedure that later migrations call for a new table.
ALTER PROCEDURE aloqa_wall(REGCLASS, TEXT) RENAME TO aloqa_enable_row_level_security;
