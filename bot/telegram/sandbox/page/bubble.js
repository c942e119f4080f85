// One message as an element.

import { face, h, icon, momentOf, nameOf, sizeOf, timeOf } from "./dom.js";
import { copy, showPhoto } from "./notices.js";
import { rich } from "./rich.js";

const LABELS = { success: "success", danger: "danger", primary: "primary" };

export function bubble(message, context) {
  if (message.pinned_message) return service(message, context);
  const own = message.from?.id === context.me.id;
  const side = own ? "own" : "other";
  const photo = message.photo?.at(-1);
  const item = h("li", {
    class: `message ${side}${photo ? " with-photo" : ""}${message.reply_markup ? " with-buttons" : ""}`,
    "data-id": message.message_id,
    "data-from": message.from?.id,
  });
  item.append(h("div", { class: "column" }, body(message, photo, own, context), buttons(message, context)));
  if (context.group && !own) item.prepend(avatar(message));
  return item;
}

function service(message, context) {
  const title = summary(message.pinned_message);
  const jump = () => context.actions.jump(message.pinned_message.message_id);
  const label = `${nameOf(message.from)} pinned “${title}”`;
  return h("li", { class: "message service", "data-id": message.message_id },
    h("button", { type: "button", class: "service-note", onclick: jump }, label));
}

function avatar(message) {
  if (message.from?.is_bot) return h("img", { class: "face", src: "/page/icon.svg", alt: "" });
  return face(nameOf(message.from), message.from.id);
}

function body(message, photo, own, context) {
  const box = h("div", { class: "bubble", role: "article", "aria-label": `${own ? "You" : nameOf(message.from)}, ${timeOf(message.date)}` });
  if (context.group && !own) box.append(sender(message));
  if (message.reply_to_message) box.append(quoted(message.reply_to_message, context));
  const words = message.text ?? message.caption ?? "";
  const text = words && h("div", { class: "text" }, rich(words, message.entities || message.caption_entities, context.actions), stamp(message));
  if (message.show_caption_above_media && text) box.append(text);
  if (photo) box.append(picture(message, photo, !text));
  if (message.document) box.append(attachment(message.document));
  if (text && !message.show_caption_above_media) box.append(text);
  if (!text && !photo) box.append(stamp(message));
  if (Object.keys(message.reactions || {}).length) box.append(reactions(message, context));
  return box;
}

function sender(message) {
  const node = h("div", { class: "sender" }, nameOf(message.from));
  node.style.setProperty("--hue", (Math.abs(message.from.id) * 47) % 360);
  return node;
}

function quoted(message, context) {
  return h("button", { type: "button", class: "quoted", onclick: () => context.actions.jump(message.message_id) },
    h("strong", {}, nameOf(message.from)), h("span", {}, summary(message)));
}

function stamp(message) {
  const parts = h("span", { class: "stamp", title: momentOf(message.edit_date || message.date) });
  if (message.silent) parts.append(h("span", { class: "silent", role: "img", "aria-label": "sent silently", title: "Sent silently" }, icon("mute")));
  if (message.edit_date) parts.append(h("span", { class: "edited" }, "edited "));
  parts.append(h("time", { datetime: new Date(message.date * 1000).toISOString() }, timeOf(message.date)));
  return parts;
}

function picture(message, photo, bare) {
  const url = `/page/file/${encodeURIComponent(photo.file_id)}`;
  const label = message.caption || "Photo";
  const image = h("img", { src: url, alt: label, width: photo.width, height: photo.height, decoding: "async" });
  const button = h("button", { type: "button", class: `photo${message.has_media_spoiler ? " covered" : ""}`, "aria-label": `Enlarge: ${label}` }, image);
  button.addEventListener("click", () => {
    if (button.classList.contains("covered")) button.classList.remove("covered");
    else showPhoto(url, label);
  });
  if (bare) button.append(stamp(message));
  return button;
}

function attachment(document_) {
  const url = `/page/file/${encodeURIComponent(document_.file_id)}`;
  const name = document_.file_name || "file";
  return h("a", { class: "document", href: url, download: name },
    h("span", { class: "document-icon" }, icon("file")),
    h("span", { class: "document-name" }, h("strong", {}, name), h("small", {}, sizeOf(document_.file_size || 0))));
}

function buttons(message, context) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  const keyboard = h("div", { class: "keyboard", role: "group", "aria-label": "Buttons" });
  for (const row of rows) {
    keyboard.append(h("div", { class: "row" }, ...row.map((button) => inline(message, button, context))));
  }
  return keyboard;
}

function reactions(message, context) {
  const counts = new Map();
  for (const emoji of Object.values(message.reactions).flat()) counts.set(emoji, (counts.get(emoji) || 0) + 1);
  const mine = message.reactions[context.me.id] || [];
  return h("div", { class: "reactions" }, ...[...counts].map(([emoji, count]) =>
    h("button", { type: "button", class: mine.includes(emoji) ? "mine" : "", onclick: () => context.actions.react(message, mine.includes(emoji) ? "" : emoji) },
      count > 1 ? `${emoji} ${count}` : emoji)));
}

function inline(message, button, context) {
  const kind = LABELS[button.style] || "plain";
  if (button.url) {
    const safe = /^(https?|tg):/i.test(button.url) ? button.url : `http://${button.url}`;
    return h("a", { class: `inline ${kind}`, href: safe, target: "_blank", rel: "noopener noreferrer" }, h("span", {}, button.text), icon("out"));
  }
  const node = h("button", { type: "button", class: `inline ${kind}` }, h("span", {}, button.text));
  if (button.copy_text) {
    node.append(icon("copy"));
    node.addEventListener("click", () => copy(button.copy_text.text));
  } else if (button.callback_data) {
    node.dataset.press = `${message.message_id}/${button.callback_data}`;
    if (context.busy.has(node.dataset.press)) node.classList.add("busy");
    node.addEventListener("click", () => context.actions.tap(message, button.callback_data, node.dataset.press));
  }
  return node;
}

export function summary(message) {
  if (!message) return "";
  const words = (message.text || message.caption || "").replace(/\s+/g, " ").trim();
  const kind = message.photo ? "Photo" : message.document ? message.document.file_name || "File" : "";
  return [kind, words].filter(Boolean).join(", ") || "Message";
}
