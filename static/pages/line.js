/** The page of a line: its queue, its hours, its texts, its unsaved changes, its contents. */
import { watchContents } from "./line/contents.js";
import { editHours } from "./line/hours.js";
import { editLimits } from "./line/limits.js";
import { editQueue } from "./line/queue.js";
import { editTexts } from "./line/texts.js";
import { keepUnsaved } from "./line/unsaved.js";

editQueue();
editLimits();
editHours();
editTexts();
keepUnsaved();
watchContents(document.querySelector("[data-contents]"));
