/** Tags that a search means. Pure. */
import { ranked } from "./fuzzy.js";

/** By a few letters of their names, also typed in the wrong layout; the best first. */
export const matchingTags = (tags, words) => ranked([...tags].map((tag) => ({ text: tag.name, tag })), words).map(({ tag }) => tag);

/** Whether there is no tag by this very name yet. */
export const isNewName = (tags, words) => words.trim() !== "" && ![...tags].some(({ name }) => name.toLocaleLowerCase() === words.trim().toLocaleLowerCase());
