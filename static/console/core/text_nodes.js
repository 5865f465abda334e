/** What was written, as nodes: addresses become links, marks become elements, everything else is text. */
import { h } from "./dom.js";
import { formattedPieces } from "./formatting.js";
import { linkPieces } from "./links.js";

const TAGS = { BOLD: "strong", ITALIC: "em", STRUCK: "s", CODE: "code" };

/** `paint(text)` may make nodes of plain words, as of names. */
export function textNodes(message, paint = (text) => [text]) {
  if (!message.is_formatted) return linked(message.text, paint);
  return formattedPieces(message.text).flatMap(({ text, marks }) => marks.reduceRight((nodes, mark) => [h(TAGS[mark], {}, ...nodes)], marks.includes("CODE") ? [text] : linked(text, paint)));
}

const linked = (text, paint) => linkPieces(text).flatMap(({ text: words, href }) => (href ? [h("a", { href, target: "_blank", rel: "noopener noreferrer" }, words)] : paint(words)));
