/** What a client would read: as openlines/texts.py fills texts in. Unknown variables stay as they are. */
const VARIABLE = /(, |,| )?\{(\w+)\}/g;

export function filledIn(text, values) {
  const filled = text.replace(VARIABLE, (written, before = "", name) => {
    if (!(name in values)) return written;
    return values[name] ? `${before}${values[name]}` : "";
  });
  return filled.trim();
}
