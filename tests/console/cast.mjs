/** Anna writes, Olga answers, Oleg is a colleague. */
export const OLGA = { id: 5, name: "Olga Orlova", role: "OPERATOR", color: 7, photo_url: null, presence: "ONLINE" };
export const OLEG = { id: 6, name: "Oleg Sidorov", role: "OPERATOR", color: 2, photo_url: null, presence: "PAUSED" };
export const NOW = Date.parse("2026-11-22T12:00:00Z");

export const dialogWith = (changes = {}) => ({
  id: 42, revision: 1, state: "ACTIVE", line: { id: 1, name: "Sales" }, channel: { id: 3, kind: "telegram", name: "@loft_bot" },
  client: { id: 9, name: "Anna Petrova", photo_url: null, color: 3, is_reachable: true, is_vip: false }, owner_id: OLGA.id, offer: null, handed_over: null, is_pinned: false, participant_ids: [], tag_ids: [], topic: null, snooze: null, rating: null, client_wrote_at: null,
  opened_at: "2026-11-22T11:50:00Z", answered_at: null, first_replied_at: null, waiting_since: null, last_message_at: "2026-11-22T11:55:00Z",
  closing_at: null, closed_at: null, close_reason: null, last_seq: 1, operator_read_seq: 0, client_read_seq: 0, unread: 0,
  preview: { author: "CLIENT", text: "Hello!", kind: "TEXT" }, lead_id: null, ...changes,
});

export const messageWith = (changes = {}) => ({
  id: 1000 + (changes.seq ?? 1), dialog_id: 42, seq: 1, revision: 1, author: { kind: "CLIENT", id: 9, name: "Anna Petrova" }, visibility: "PUBLIC",
  kind: "TEXT", text: "Hello!", command_id: null, reply_to: null, attachments: [], location: null, contact: null, service: null, buttons: null, mentions: [], is_formatted: false,
  delivery: null, created_at: "2026-11-22T11:55:00Z", edited_at: null, deleted_at: null, ...changes,
});

export const bootWith = (dialogs) => ({
  me: OLGA, settings: {}, operators: [OLGA, OLEG], lines: [{ id: 1, name: "Sales", channels: [{ id: 3, kind: "telegram", name: "@loft_bot" }], reply_goal_seconds: 300, topic_rule: "MAY", is_rating_asked: false, rating_scale: "LIKE", form_url: "" }],
  tags: [], topics: [], troubles: [], drafts: [], dialogs, digest: { dialogs: dialogs.length, revisions: 0 },
  server_time: "2026-11-22T12:00:00Z", limits: { upload_bytes: 1000, text_length: 4096 },
});

export const frameOf = (dialog, messages = [], from = dialog.revision - 1) => ({ type: "dialog.changed", from_revision: from, dialog, messages });
