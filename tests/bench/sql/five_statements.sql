\set client random(1, 20000)
\set number random(1, 9000000000000000)
BEGIN;
INSERT INTO identity (channel_id, external_id, name) VALUES (1, 'u' || :client::text, 'Client name') ON CONFLICT (channel_id, external_id) DO UPDATE SET name = excluded.name, seen_at = now() RETURNING id AS identity_id \gset
SELECT coalesce((SELECT id FROM dialog WHERE identity_id = :identity_id AND is_open), 0) AS dialog_id \gset
\if :dialog_id = 0
INSERT INTO dialog (identity_id, channel_id) VALUES (:identity_id, 1) ON CONFLICT (identity_id) WHERE is_open DO UPDATE SET last_message_at = now() RETURNING id AS dialog_id \gset
\endif
INSERT INTO message (dialog_id, channel_id, external_id, body) VALUES (:dialog_id, 1, 'm' || :number::text, repeat('hello world ', 12)) ON CONFLICT (channel_id, external_id) DO NOTHING;
UPDATE dialog SET unread = unread + 1, message_count = message_count + 1, last_message_at = now() WHERE id = :dialog_id;
INSERT INTO event (dialog_id, payload) VALUES (:dialog_id, jsonb_build_object('dialog', :dialog_id::bigint, 'message', :number::bigint));
COMMIT;
