/** A few verbs over the DOM. Text is always text: nothing here parses HTML. */
const icons = typeof document === "undefined" ? "" : document.documentElement.dataset.icons;
const SVG = "http://www.w3.org/2000/svg";
const CHANNELS = new Set([
  "telegram", "vk", "vk_comments", "messenger", "facebook_comments", "instagram", "instagram_comments", "whatsapp", "viber", "botframework", "youtube",
  "email", "max", "ok", "avito", "custom", "website", "widget", "livechat", "sandbox",
]);

/** h("button", {class: "btn", type: "button", on: {click}}, icon("send"), "Send") */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name === "className" ? "class" : name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const button = (look, label, click, ...content) => h(
  "button", { type: "button", class: look, title: label, "aria-label": content.length ? label : null, on: { click } }, ...(content.length ? content : [label]),
);
export const iconButton = (name, label, click, look = "btn btn--icon") => h(
  "button", { type: "button", class: look, title: label, "aria-label": label, on: { click } }, icon(name),
);

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttribute(element, name, value) {
  if (value === null || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

export function icon(name, size = 20, label = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", size === 20 ? "icon" : `icon icon--${size}`);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${icons}#${name}`);
  svg.append(use);
  return svg;
}

export const channelMark = ({ kind, name }) => h(
  "span", { class: `channel-mark channel-mark--${kind}`, title: name }, icon(`channel-${CHANNELS.has(kind) ? kind : "other"}`),
);

export function initials(name) {
  const words = name.split(/\s+/).map((word) => word.replace(/^[^\p{L}\p{N}]+/u, "")).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "")][0] ?? "").join("").toUpperCase() || "?";
}

export function avatar(person, { size = "", channel = null } = {}) {
  const picture = person.photo_url ? h("img", { src: person.photo_url, alt: "", loading: "lazy" }) : initials(person.name);
  const look = `avatar avatar--c${person.color ?? 0}${size ? ` avatar--${size}` : ""}`;
  return h("span", { class: look, "aria-hidden": "true" }, picture, channel && channelMark(channel));
}

/** Makes `container` hold one node per item, in order, touching only what differs. `views` maps keys to {element, update}. */
export function keyed(container, items, views, create) {
  const wanted = new Set(items.map((item) => item.key));
  for (const [key, view] of views) {
    if (wanted.has(key)) continue;
    view.element.remove();
    views.delete(key);
  }
  let place = container.firstChild;
  for (const item of items) {
    const view = views.get(item.key) ?? create(item);
    if (views.get(item.key) === view) view.update(item);
    else views.set(item.key, view);
    if (view.element === place) place = place.nextSibling;
    // Where browsers can, a node moves with the focus it has.
    else container[container.moveBefore && view.element.parentNode === container ? "moveBefore" : "insertBefore"](view.element, place);
  }
}
