/* The button on somebody's site. The server appends its configuration and calls it: (config) => {…}({key, look, texts}). */
((config) => {
  "use strict";
  const NAME = "OpenLinesChat";
  const script = document.currentScript;
  if (window[NAME] || window.origin === "null") return;
  const ours = new URL(script?.src || location.href).origin;
  const wish = (script?.dataset.lang || document.documentElement.lang || navigator.language || "").slice(0, 2);
  const language = config.texts[wish] ? wish : "en";
  const texts = config.texts[language];
  const host = document.createElement("openlines-chat");
  const root = host.attachShadow({ mode: "open" });
  const waiting = [];
  let frame = null;
  let isReady = false;
  let isOpen = false;

  const make = (tag, properties, parent) => parent.appendChild(Object.assign(document.createElement(tag), properties));
  const draw = (tag, attributes, parent) => {
    const element = parent.appendChild(document.createElementNS("http://www.w3.org/2000/svg", tag));
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    return element;
  };

  const look = new CSSStyleSheet();
  look.replaceSync(config.look);
  root.adoptedStyleSheets = [look];
  const all = make("div", {}, root);
  const panel = make("div", { className: "panel", id: "panel", hidden: true, role: "dialog", ariaLabel: texts.title }, all);
  const greeting = make("div", { className: "greeting", hidden: true }, all);
  const say = make("button", { className: "say", type: "button", onclick: () => open() }, greeting);
  make("button", { className: "hide", type: "button", textContent: "×", ariaLabel: texts.hide, onclick: () => { greeting.hidden = true; button.focus(); } }, greeting);
  const button = make("button", { className: "button", type: "button", ariaHasPopup: "dialog", onclick: () => (isOpen ? close() : open()) }, all);
  draw("path", { d: "M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H10l-4.2 3.6A.5.5 0 0 1 5 19.2z" }, draw("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, button));
  const count = make("span", { className: "count", hidden: true }, button);
  button.onpointerenter = button.onfocus = () => load();

  /* What this site keeps: that there is a conversation, that the panel was open on the last page; and, only where the
     browser lets our own frame keep nothing, what the frame asks to keep. */
  const keep = (store, name, value) => {
    try {
      if (value === undefined) return window[store].getItem(NAME + name);
      window[store].setItem(NAME + name, value);
    } catch { /* the site may not store anything */ }
    return null;
  };

  /* The conversation lives in a frame of our own origin, made on the first sign of intent. */
  function load() {
    if (frame) return;
    frame = make("iframe", { title: texts.title, allow: "clipboard-write" }, panel);
    frame.src = `${ours}/chat/${config.key}/panel/?lang=${language}&origin=${encodeURIComponent(window.origin)}`;
  }

  function tell(type, fields) {
    const message = { chat: config.key, type, ...fields };
    if (isReady) frame.contentWindow.postMessage(message, ours);
    else waiting.push(message);
  }

  const tellPage = () => tell("page", { url: location.href, title: document.title, referrer: document.referrer });

  function paint() {
    panel.hidden = !isOpen;
    all.className = isOpen ? "open" : "";
    button.ariaExpanded = isOpen;
    button.ariaLabel = isOpen ? texts.close : texts.open;
  }

  function open(withFocus = true) {
    load();
    isOpen = true;
    keep("sessionStorage", "open", "1");
    showUnread(0, "");
    paint();
    tellPage();
    tell("open", { focus: withFocus });
    if (withFocus) frame.focus();
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    keep("sessionStorage", "open", "");
    paint();
    tell("close");
    button.focus();
  }

  function showUnread(number, text) {
    count.hidden = !number;
    count.textContent = number > 9 ? "9+" : number;
    if (!isOpen) button.ariaLabel = texts.open + (number ? `. ${texts.unread}: ${number}` : "");
    greeting.hidden = !text;
    say.textContent = text;
  }

  const kept = (() => { try { return JSON.parse(keep("localStorage", "kept")) || {}; } catch { return {}; } })();
  const heard = {
    remember: () => frame.contentWindow.postMessage({ chat: config.key, type: "kept", values: kept }, ours),
    keep: ({ name, value }) => {
      if (value === null) delete kept[name];
      else kept[name] = String(value);
      keep("localStorage", "kept", JSON.stringify(kept));
    },
    ready: () => { isReady = true; waiting.splice(0).forEach((message) => frame.contentWindow.postMessage(message, ours)); },
    where: tellPage,
    close,
    started: () => keep("localStorage", "started", "1"),
    unread: (message) => { if (!isOpen) showUnread(Number(message.count) || 0, String(message.text || "")); },
  };
  addEventListener("message", ({ origin, source, data }) => {
    if (origin === ours && frame && source === frame.contentWindow && data?.chat === config.key) heard[data.type]?.(data);
  });
  root.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    greeting.hidden = true;
    close();
  });

  /* Sites that paint themselves anew drop what they don't know: the button comes back. */
  const stay = () => { if (!host.isConnected) document.documentElement.append(host); };
  function start() {
    host.style.cssText = "all:initial!important;position:absolute!important;z-index:2147483000!important";
    paint();
    stay();
    new MutationObserver(stay).observe(document.documentElement, { childList: true });
    if (keep("sessionStorage", "open")) open(false);
    else if (keep("localStorage", "started")) (window.requestIdleCallback || setTimeout)(load);
  }

  window[NAME] = { open: () => open(), close };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
});
