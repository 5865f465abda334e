/** What lasts in this browser. Where it may not keep anything, the page remembers until it is left. */
class MemoryStorage {
  #items = new Map();
  get length() { return this.#items.size; }
  key(index) { return [...this.#items.keys()][index] ?? null; }
  getItem(name) { return this.#items.get(name) ?? null; }
  setItem(name, value) { this.#items.set(name, String(value)); }
  removeItem(name) { this.#items.delete(name); }
}

export function usableStorage(find = () => localStorage) {
  try {
    const storage = find();
    storage.setItem("openlines:probe", "1");
    storage.removeItem("openlines:probe");
    return storage;
  } catch {
    return new MemoryStorage();
  }
}

/** JSON values of one chat, under names of their own. */
export class Shelf {
  constructor(storage, key) {
    this.storage = storage;
    this.prefix = `openlines:${key}:`;
  }

  get(name, otherwise = null) {
    try {
      return JSON.parse(this.storage.getItem(this.prefix + name)) ?? otherwise;
    } catch {
      return otherwise;
    }
  }

  set(name, value) {
    try {
      if (value === null) this.storage.removeItem(this.prefix + name);
      else this.storage.setItem(this.prefix + name, JSON.stringify(value));
    } catch { /* a full storage: what matters is on the server */ }
  }
}
