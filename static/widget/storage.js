/** What lasts in this browser. Where nothing may be kept, the page remembers until it is left. */
class MemoryStorage {
  #items = new Map();
  get length() { return this.#items.size; }
  key(index) { return [...this.#items.keys()][index] ?? null; }
  getItem(name) { return this.#items.get(name) ?? null; }
  setItem(name, value) { this.#items.set(name, String(value)); }
  removeItem(name) { this.#items.delete(name); }
}

/** In a frame that may keep nothing, the page around it does: as things kept by the visited site itself they last. */
class HostStorage extends MemoryStorage {
  constructor(host, values) {
    super();
    this.host = host;
    for (const [name, value] of Object.entries(values)) super.setItem(name, value);
  }

  setItem(name, value) {
    super.setItem(name, value);
    this.host.tell("keep", { name, value });
  }

  removeItem(name) {
    super.removeItem(name);
    this.host.tell("keep", { name, value: null });
  }
}

export function ownStorage(find = () => localStorage) {
  try {
    const storage = find();
    storage.setItem("openlines:probe", "1");
    storage.removeItem("openlines:probe");
    return storage;
  } catch {
    return null;
  }
}

/** Our own storage, else that of the page around us, else memory. */
export async function usableStorage(host, find) {
  const own = ownStorage(find);
  if (own) return own;
  return host.isFramed ? new HostStorage(host, await host.kept()) : new MemoryStorage();
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
