/** What comes after the first paint, by name. The order is that of warming. Nobody but a page's entry imports this. */
import { teach } from "./core/later.js";

teach({
  conversation: () => import("./ui/conversation.js"),
  card: () => import("./ui/client_card.js"),
  toasts: () => import("./ui/toast_stack.js"),
  alerts: () => import("./core/alerts.js"),
  shortcuts: () => import("./ui/shortcuts.js"),
  counters: () => import("./ui/counters.js"),
  presence: () => import("./ui/presence_pill.js"),
  results: () => import("./ui/search_results.js"),
  filters: () => import("./ui/filters.js"),
  marking: () => import("./ui/marking.js"),
  bulk: () => import("./ui/bulk_bar.js"),
  prefetch: () => import("./core/prefetch.js"),
  transfer: () => import("./ui/transfer_picker.js"),
  invite: () => import("./ui/invite_picker.js"),
  people: () => import("./ui/people_menu.js"),
  why: () => import("./ui/why.js"),
  sheet: () => import("./ui/shortcut_sheet.js"),
  app: () => import("./core/app.js"),
  palette: () => import("./ui/palette.js"),
  settings: () => import("./ui/settings_sheet.js"),
});
