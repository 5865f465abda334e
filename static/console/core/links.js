/** Finds addresses in what strangers write, in one pass however they write it. Pure: returns pieces [{text},
 *  {text, href}], never HTML. A name before an @ begins where no letter of a name stands before it. */
const PATTERN = /(https?:\/\/[^\s<>"']+|www\.[^\s<>"']+\.[^\s<>"']+)|((?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)/gi;
const TRAILING = ".,!?;:…»”";

export function linkPieces(text) {
  const found = [];
  let end = 0;
  for (const match of text.matchAll(PATTERN)) {
    const address = trimmed(match[0]);
    const href = match[2] ? `mailto:${address}` : webAddress(address);
    if (!href) continue;
    if (match.index > end) found.push({ text: text.slice(end, match.index) });
    found.push({ text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}

/** A sentence's full stop is not part of the address; neither is a bracket that was opened before it. */
function trimmed(address) {
  let end = address.length;
  let surplus = address.split(")").length - address.split("(").length;
  for (; end > 0; end -= 1) {
    const last = address[end - 1];
    if (last === ")" && surplus > 0) surplus -= 1;
    else if (!TRAILING.includes(last)) break;
  }
  return address.slice(0, end);
}

/** A web address that may be followed, or null: nothing else that strangers send becomes a link. */
export const webLink = (address) => (/^(https?:|www\.)/i.test(address) ? webAddress(address) : null);

function webAddress(address) {
  try {
    const url = new URL(/^www\./i.test(address) ? `https://${address}` : address);
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
