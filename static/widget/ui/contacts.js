/** The visitor's name and contacts: kept in this browser, told with each message. */
const FIELDS = ["name", "email", "phone"];

export class Contacts {
  constructor({ shelf, onSaved }) {
    Object.assign(this, { shelf, onSaved });
    this.form = document.getElementById("contacts");
    this.button = document.getElementById("contacts-button");
    this.button.addEventListener("click", () => this.toggle(this.form.hidden));
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.#save(); });
    this.form.addEventListener("input", ({ target }) => this.#complain(target.name, ""));
  }

  get values() {
    const kept = this.shelf.get("contacts", {});
    return Object.fromEntries(FIELDS.filter((name) => kept[name]).map((name) => [name, kept[name]]));
  }

  get isShown() {
    return !this.form.hidden;
  }

  toggle(isShown) {
    if (isShown === this.isShown) return;
    this.form.hidden = !isShown;
    this.button.setAttribute("aria-expanded", String(isShown));
    if (isShown) {
      for (const name of FIELDS) this.form.elements[name].value = this.values[name] ?? "";
      this.form.elements.name.focus();
    } else this.button.focus();
  }

  #save() {
    this.shelf.set("contacts", Object.fromEntries(FIELDS.map((name) => [name, this.form.elements[name].value.trim()])));
    this.toggle(false);
    this.onSaved();
  }

  /** The server could not read an address: the form says so where it is. */
  refuse(fields) {
    const refused = FIELDS.filter((name) => fields?.[name]);
    if (!refused.length) return;
    this.toggle(true);
    for (const name of refused) this.#complain(name, [fields[name]].flat().join(" "));
    this.form.elements[refused[0]].focus();
  }

  #complain(name, words) {
    const note = document.getElementById(`${name}-error`);
    if (!note) return;
    note.hidden = !words;
    note.textContent = words;
    this.form.elements[name].setAttribute("aria-invalid", String(Boolean(words)));
  }
}
