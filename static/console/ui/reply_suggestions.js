/** Quick replies after a `/`. */
import { h, icon } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { fittingReplies, quickReplies, useQuickReply } from "../core/quick_replies.js";
import { complain } from "../core/actions.js";

const MOST = 40;

export async function suggest({ query, start }, composer) {
  const label = t("Quick replies");
  const replies = await quickReplies();
  const found = fittingReplies(replies, query, composer.dialog?.line.id ?? null).slice(0, MOST);
  if (!found.length) return { label, words: replies.length ? "" : t("No quick replies yet. Write a text you often need, then choose “Save as a quick reply”."), sections: [] };
  const take = (reply) => use(reply, start, query, composer);
  return { label, sections: query.trim() ? [{ options: found.map((reply) => option(reply, take)) }] : byFolder(found, take), foot: foot() };
}

/** The most used stand first; then folder by folder. */
function byFolder(found, take) {
  const used = found.filter((reply) => reply.used_count > 0).slice(0, 5);
  const rest = found.filter((reply) => !used.includes(reply));
  const folders = [...new Set(rest.map(({ folder }) => folder))].sort((left, right) => left.localeCompare(right));
  return [{ title: used.length && rest.length ? t("Used most") : "", options: used.map((reply) => option(reply, take)) },
    ...folders.map((folder) => ({ title: folder || (used.length || folders.length > 1 ? t("Without a folder") : ""), options: rest.filter((reply) => reply.folder === folder).map((reply) => option(reply, take)) }))].filter(({ options }) => options.length);
}

const option = (reply, take) => ({
  key: `reply-${reply.id}`, look: "reply-option", take: () => take(reply),
  content: [
    h("span", { class: "reply-option__head" }, h("b", { class: "truncate" }, reply.title), reply.shortcut && h("kbd", {}, `/${reply.shortcut}`),
      reply.scope === "PERSONAL" && h("span", { class: "badge" }, t("mine")),
      reply.files.length > 0 && h("span", { class: "reply-option__files" }, icon("clip", 14), String(reply.files.length))),
    reply.text && h("span", { class: "reply-option__text" }, reply.text),
  ],
});

const foot = () => h("p", { class: "suggestions__foot only-desk" }, h("kbd", {}, "↑↓"), ` ${t("choose")} `, h("kbd", {}, "Enter"), ` ${t("insert")} `, h("kbd", {}, "Esc"), ` ${t("close")}`);

/** The words come with the client's name in them; until then the place is kept. */
async function use(reply, start, query, composer) {
  const { id } = composer.dialog;
  composer.suggestions.close();
  composer.replace(start, start + query.length + 1, "");
  try {
    const { text, attachments } = await useQuickReply(reply.id, id);
    if (composer.dialog?.id !== id) return;
    composer.insert(text, { at: start });
    composer.adopt(attachments);
  } catch (error) {
    complain(error);
  }
}
