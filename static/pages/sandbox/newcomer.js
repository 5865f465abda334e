/** Asks who is to be played: somebody new, or one who has written already. */
import { button } from "../../console/core/dom.js";
import { newChat } from "./cast.js";

export function askForNewcomer({ suggestion, known, join }) {
  const dialog = document.getElementById("newcomer");
  const form = dialog.querySelector("form");
  form.reset();
  form.elements.name.value = suggestion;
  dialog.querySelector("[data-known]").hidden = !known.length;
  dialog.querySelector("[data-known-list]").replaceChildren(...known.map(({ chat, name }) => button("btn btn--secondary btn--small", name, () => {
    dialog.close("");
    join({ chat, name, phone: "", email: "" });
  })));
  dialog.returnValue = "";
  form.onsubmit = (event) => {
    if (event.submitter?.value === "add" && !form.reportValidity()) event.preventDefault();
  };
  dialog.onclose = () => {
    if (dialog.returnValue !== "add") return;
    const { name, phone, email } = form.elements;
    join({ chat: newChat(), name: name.value.trim(), phone: phone.value.trim(), email: email.value.trim() });
  };
  dialog.showModal();
  form.elements.name.select();
}
