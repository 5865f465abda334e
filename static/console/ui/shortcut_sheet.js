/** All keys on one sheet. */
import { h } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { openModal } from "./modal.js";

const KEYS = [
  [["J", "K"], () => t("Next and previous dialog")], [["Ctrl", "↓ ↑"], () => t("The same while writing")], [["Enter"], () => t("Open the dialog")],
  [["A"], () => t("Answer")], [["S"], () => t("Skip")], [["T"], () => t("Transfer")], [["E"], () => t("Finish")], [["P"], () => t("Pin")],
  [["R"], () => t("Reply")], [["N"], () => t("Whisper or reply")], [["/"], () => t("Search")], [["I"], () => t("Client card")], [["B"], () => t("Working day and breaks")],
  [["Enter"], () => t("Send")], [["Shift", "Enter"], () => t("New line")], [["↑"], () => t("Change the last message, in an empty field")], [["Esc"], () => t("Leave the field, close")], [["?"], () => t("This sheet")],
];

export function openShortcutSheet() {
  if (document.querySelector("dialog[open]")) return;
  const rows = KEYS.flatMap(([keys, words]) => [h("dt", {}, ...keys.map((key) => h("kbd", {}, key))), h("dd", {}, words())]);
  openModal(t("Keys"), h("dl", { class: "keys" }, ...rows));
}
