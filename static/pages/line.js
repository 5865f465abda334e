/** The page of a line: its queue, its unsaved changes, its contents. */
import { watchContents } from "./line/contents.js";
import { editQueue } from "./line/queue.js";
import { keepUnsaved } from "./line/unsaved.js";
import { insertVariables } from "./line/variables.js";

editQueue();
keepUnsaved();
insertVariables();
watchContents(document.querySelector("[data-contents]"));
