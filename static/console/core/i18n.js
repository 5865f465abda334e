/** Texts: English in the code, other languages from the catalogue that the page carries. */
const ORDER = ["zero", "one", "two", "few", "many", "other"];

export class Translator {
  constructor(language = "en", texts = {}) {
    this.language = language;
    this.texts = texts;
    this.rules = new Intl.PluralRules(language);
    const known = this.rules.resolvedOptions().pluralCategories;
    this.categories = ORDER.filter((category) => known.includes(category));
  }

  text(msgid, params) {
    const found = this.texts[msgid];
    return fill((Array.isArray(found) ? found[0] : found) || msgid, params);
  }

  plural(one, many, count, params) {
    const forms = this.texts[one];
    const template = Array.isArray(forms) ? this.#form(forms, count) : this.#english(one, many, count);
    return fill(template, { count, ...params });
  }

  /** The text in pieces, so that its parameters can be painted differently: [{text}, {text, name}, …]. */
  pieces(msgid, params) {
    const template = this.texts[msgid] || msgid;
    return template.split(/(\{\w+\})/).filter(Boolean).map((piece) => {
      const name = piece.match(/^\{(\w+)\}$/)?.[1];
      return name && name in params ? { text: straight(params[name]), name } : { text: piece };
    });
  }

  #form(forms, count) {
    const index = this.categories.indexOf(this.rules.select(count));
    return forms[Math.min(index, forms.length - 1)];
  }

  #english(one, many, count) {
    return count === 1 ? one : many;
  }
}

const fill = (template, params) => params
  ? template.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? straight(params[name]) : whole)) : template;
/** A name turns the direction of nothing after it. */
const straight = (value) => String(value).replace(/[\u202a-\u202e\u2066-\u2069]/g, "");

function fromPage() {
  if (typeof document === "undefined") return new Translator();
  const source = document.getElementById("catalogue");
  return new Translator(document.documentElement.lang || "en", source ? JSON.parse(source.textContent) : {});
}

export const translator = fromPage();
export const t = (msgid, params) => translator.text(msgid, params);
export const tn = (one, many, count, params) => translator.plural(one, many, count, params);
export const pieces = (msgid, params) => translator.pieces(msgid, params);
