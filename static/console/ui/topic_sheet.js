/** What was it about? A number chooses the topic and finishes the dialog. */
import { finish } from "../core/actions.js";
import { button } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { setTopic } from "../core/marks.js";
import { store } from "../core/store.js";
import { insistsOnTopic, topicsFor } from "../core/topics.js";
import { openNumberedSheet } from "./numbered_sheet.js";

const itemsFor = (dialog) => topicsFor(dialog, store.state.topics).map((topic) => ({ ...topic, label: topic.name }));

/** Where the line allows it, Enter finishes without one; Escape finishes nothing. */
export function finishWithTopic(dialog) {
  const mayBeWithout = !insistsOnTopic(dialog, store.state);
  const without = button("btn btn--primary", t("Finish without a topic"), () => { modal.close(); finish(dialog.id); });
  const { modal, first } = openNumberedSheet(t("What was it about?"), itemsFor(dialog), ({ id }) => finish(dialog.id, false, id), {
    words: mayBeWithout ? t("A number finishes with its topic, Enter without one.") : t("This line asks for a topic: choose one, and the dialog is finished."),
    foot: mayBeWithout ? [button("btn btn--ghost", t("Cancel"), () => modal.close()), without] : [],
  });
  (mayBeWithout ? without : first).focus();
}

/** The topic alone, before the end or long after it. */
export function chooseTopic(dialog) {
  const items = itemsFor(dialog).map((item) => ({ ...item, isChosen: item.id === dialog.topic?.id }));
  const clear = button("btn btn--ghost", t("No topic"), () => { modal.close(); setTopic(dialog.id, null); });
  const { modal, first } = openNumberedSheet(t("Topic of the dialog"), items, ({ id }) => setTopic(dialog.id, id), { foot: dialog.topic ? [clear] : [] });
  (modal.querySelector("[aria-pressed=true]") ?? first)?.focus();
}
