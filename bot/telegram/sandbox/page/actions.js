// The small menu of one message: reply, copy, edit, react.

import { byId, h, icon } from "./dom.js";
import { copy } from "./notices.js";

const EMOJI = ["👍", "👎", "❤", "🔥", "🎉", "👀"];

export class MessageActions {
  constructor(find, actions) {
    this.box = byId("actions");
    this.find = find;
    this.actions = actions;
    byId("messages").addEventListener("contextmenu", (event) => this.open(event));
    document.addEventListener("pointerdown", (event) => !this.box.contains(event.target) && this.close());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    byId("scroll").addEventListener("scroll", () => this.close(), { passive: true });
  }

  close() { this.box.hidden = true; }

  open(event) {
    const item = event.target.closest(".message[data-id]");
    const message = item && this.find(Number(item.dataset.id));
    if (!message || event.target.closest("a") || String(getSelection())) return;
    event.preventDefault();
    this.box.replaceChildren(this.emoji(message), ...this.lines(message));
    this.box.hidden = false;
    const { offsetWidth, offsetHeight } = this.box;
    this.box.style.left = `${Math.max(8, Math.min(event.clientX, innerWidth - offsetWidth - 8))}px`;
    this.box.style.top = `${Math.max(8, Math.min(event.clientY, innerHeight - offsetHeight - 8))}px`;
    this.box.querySelector("button").focus({ preventScroll: true });
  }

  emoji(message) {
    return h("div", { class: "emoji" }, ...EMOJI.map((emoji) =>
      h("button", { type: "button", role: "menuitem", "aria-label": `React with ${emoji}`, onclick: () => { this.close(); this.actions.react(message, emoji); } }, emoji)));
  }

  lines(message) {
    const lines = [["Reply", "reply", () => this.actions.reply(message)]];
    const words = message.text || message.caption;
    if (words) lines.push(["Copy text", "copy", () => copy(words)]);
    if (this.actions.mine(message) && message.text) lines.push(["Edit", "insert", () => this.actions.startEdit(message)]);
    return lines.map(([label, picture, act]) =>
      h("button", { type: "button", role: "menuitem", class: "line", onclick: () => { this.close(); act(); } }, icon(picture), label));
  }
}
