/** What was written, as nodes: addresses become links, marks become elements, everything else is text. */
import { h } from "./dom.js";
import { formattedPieces } from "./formatting.js";
import { linkPieces } from "./links.js";

const TAGS = { BOLD: "strong", ITALIC: "em", STRUCK: "s", CODE: "code" };

export const textNodes = (message) => (message.is_formatted ? formattedPieces(message.text).flatMap(marked) : linked(message.text));

const marked = ({ text, marks }) => marks.reduceRight((nodes, mark) => [h(TAGS[mark], {}, ...nodes)], marks.includes("CODE") ? [text] : linked(text));
const linked = (text) => linkPieces(text).map(({ text: words, href }) => (href ? h("a", { href, target: "_blank", rel: "noopener noreferrer" }, words) : words));
