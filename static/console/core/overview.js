/** The one index of the open dialogs, as the chosen tab and filters show them. */
import { isWantedBy, keyOfFilters } from "./filters.js";
import { ListIndex } from "./list_index.js";
import { store } from "./store.js";

const index = new ListIndex();

/** Cheap where nothing has changed: whoever needs it, asks. */
export function overview() {
  const { state, view: { tab, filters } } = store;
  return index.update(state.open, { me: state.me, tab, key: `${tab}?${keyOfFilters(filters, tab)}`, isWanted: isWantedBy(filters, tab) });
}
