/** Finds addresses in what strangers write. Pure: returns pieces [{text}, {text, href}], never HTML. */
const PATTERN = /(https?:\/\/[^\s<>"']+|www\.[^\s<>"']+\.[^\s<>"']+)|([\w.+-]+@[\w-]+(?:\.[\w-]+)+)/gi;
const TRAILING = /[.,!?;:…»”]+$/;

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
  let kept = address.replace(TRAILING, "");
  while (kept.endsWith(")") && kept.split(")").length > kept.split("(").length) kept = kept.slice(0, -1).replace(TRAILING, "");
  return kept;
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
