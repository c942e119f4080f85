// Text and its entities as nodes. Offsets are UTF-16 code units, as in JavaScript strings.

import { h, icon, momentOf } from "./dom.js";
import { copy } from "./notices.js";

const PLAIN = { bold: "strong", italic: "em", underline: "u", strikethrough: "s" };
const SAFE_LINK = /^(https?|tg|ton|mailto|tel):/i;

export function rich(text, entities, actions) {
  const sorted = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const fragment = document.createDocumentFragment();
  fill(fragment, text, 0, text.length, sorted, actions);
  return fragment;
}

function fill(parent, text, start, end, entities, actions) {
  let at = start;
  for (let i = 0; i < entities.length; i++) {
    const entity = entities[i];
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (to <= from) continue;
    plain(parent, text.slice(at, from));
    const inner = entities.slice(i + 1).filter((other) => other.offset < to);
    parent.append(wrap(entity, text, from, to, inner, actions));
    at = to;
  }
  plain(parent, text.slice(at, end));
}

// A block already breaks the line: the newline after it would be an empty one.
function plain(parent, text) {
  const afterBlock = /^(PRE|BLOCKQUOTE)$/.test(parent.lastChild?.nodeName);
  const rest = afterBlock ? text.replace(/^\n/, "") : text;
  if (rest) parent.append(rest);
}

function wrap(entity, text, from, to, inner, actions) {
  const value = text.slice(from, to);
  const into = (element) => {
    fill(element, text, from, to, inner, actions);
    return element;
  };
  if (PLAIN[entity.type]) return into(h(PLAIN[entity.type]));
  switch (entity.type) {
    case "code": return code(value);
    case "pre": return block(value, entity.language);
    case "spoiler": return spoiler(into);
    case "text_link": return into(link(entity.url));
    case "url": return into(link(/^\w+:\/\//.test(value) ? value : `http://${value}`));
    case "email": return into(link(`mailto:${value}`));
    case "bot_command": return command(value, actions);
    case "blockquote": return into(h("blockquote"));
    case "expandable_blockquote": return folded(into);
    case "date_time": return into(h("time", { title: momentOf(entity.unix_time) }));
    case "mention":
    case "text_mention":
    case "hashtag":
    case "cashtag": return into(h("span", { class: "tag" }));
    default: return into(h("span"));
  }
}

function link(url) {
  const href = SAFE_LINK.test(url) ? url : undefined;
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", title: url });
}

function pressable(element, act) {
  element.tabIndex = 0;
  element.setAttribute("role", "button");
  element.addEventListener("click", (event) => { event.stopPropagation(); act(event); });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); act(event); }
  });
  return element;
}

const code = (value) => pressable(h("code", { title: "Copy" }, value), () => copy(value));

function block(value, language) {
  const button = h("button", { type: "button", class: "copy", "aria-label": "Copy this code", onclick: () => copy(value) }, icon("copy"));
  const head = h("span", { class: "pre-head" }, language || "", button);
  return h("pre", { class: language ? "named" : undefined }, head, h("code", { tabindex: 0 }, value));
}

function spoiler(into) {
  const element = into(h("span", { class: "spoiler", "aria-label": "Hidden text, press to show" }));
  return pressable(element, () => {
    element.classList.add("open");
    element.removeAttribute("aria-label");
  });
}

function command(value, actions) {
  const element = h("span", { class: "command", title: `Send ${value}` }, value);
  return pressable(element, () => actions.say(value));
}

function folded(into) {
  const quote = into(h("blockquote", { class: "foldable folded" }));
  const toggle = h("button", { type: "button", class: "unfold", "aria-expanded": "false", "aria-label": "Show the whole quote" }, icon("down"));
  toggle.addEventListener("click", () => {
    const isFolded = quote.classList.toggle("folded");
    toggle.setAttribute("aria-expanded", String(!isFolded));
  });
  quote.append(toggle);
  return quote;
}
