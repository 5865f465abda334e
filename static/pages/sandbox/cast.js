/** Who is being played on this page; kept while the tab is open. */
import { newId } from "./ids.js";

const NAMES = {
  ru: ["Анна", "Борис", "Вера", "Глеб", "Дарья", "Егор", "Жанна", "Захар", "Инна", "Кирилл", "Лидия", "Марк"],
  en: ["Anna", "Boris", "Vera", "Gleb", "Daria", "Egor", "Jane", "Zack", "Inna", "Cyril", "Lydia", "Mark"],
};
const AT_START = 2;

export const newChat = () => `c-${newId().slice(0, 18)}`;

export class Cast {
  constructor(key, storage = sessionStorage) {
    this.key = key;
    this.storage = storage;
    this.members = JSON.parse(storage.getItem(key) ?? "[]");
  }

  /** The customers who wrote last, or two new ones. */
  start(known) {
    this.members = known.slice(0, AT_START).map(({ chat, name }) => ({ chat, name, phone: "", email: "" }));
    while (this.members.length < AT_START) this.members.push({ chat: newChat(), name: this.freeName(known), phone: "", email: "" });
    this.#keep();
  }

  has(chat) {
    return this.members.some((member) => member.chat === chat);
  }

  add(member) {
    this.members = [member, ...this.members];
    this.#keep();
  }

  remove(chat) {
    this.members = this.members.filter((member) => member.chat !== chat);
    this.#keep();
  }

  /** A name that nobody has yet. */
  freeName(known) {
    const names = NAMES[document.documentElement.lang] ?? NAMES.en;
    const taken = new Set([...known, ...this.members].map(({ name }) => name));
    return names.find((name) => !taken.has(name)) ?? `${names[this.members.length % names.length]} ${taken.size + 1}`;
  }

  #keep() {
    this.storage.setItem(this.key, JSON.stringify(this.members));
  }
}
