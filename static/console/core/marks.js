/** What operators note: tags, topics, that something is put aside, whom to call back. */
import { command, run } from "./actions.js";
import { get, patch, post, put, remove } from "./api.js";

/** After a command that is under way for the same dialog: what was chosen meanwhile is not dropped. */
let lastMark = Promise.resolve();
const inTurn = (act) => { lastMark = lastMark.then(act); return lastMark; };

export const setTags = (dialogId, tagIds) => inTurn(() => command(dialogId, "tags", { tag_ids: tagIds }, put));
export const setTopic = (dialogId, topicId) => inTurn(() => command(dialogId, "topic", { topic_id: topicId }, put));
export const snooze = (dialogId, until) => command(dialogId, "snooze", { until: until?.toISOString() ?? null });
export const wake = (dialogId) => command(dialogId, "snooze", undefined, remove);
export const createTag = (name) => run(`tag:${name}`, () => post("tags/", { name }));

/** The first page at once; lists of calls are short, and the rest is a click away. */
export const readCallBacks = (query) => get(`call-backs/?${new URLSearchParams(query)}`);
export const moreCallBacks = (next) => get(next);
export const changeCallBack = (id, changes) => run(`call-back:${id}`, () => patch(`call-backs/${id}/`, changes));
export const removeCallBack = (id) => run(`call-back:${id}`, () => remove(`call-backs/${id}/`).then(() => true));
/** Refusals belong to fields of a form, so they are the form's to show. */
export const saveCallBack = (id, fields) => (id ? patch(`call-backs/${id}/`, fields) : post("call-backs/", fields));
