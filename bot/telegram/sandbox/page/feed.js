// The list of messages: kept in step by message id, with the reader's place left alone.

import { bubble } from "./bubble.js";
import { byId, dayKey, dayName, h, icon } from "./dom.js";

const NEAR = 80;

export class Feed {
  constructor(loadOlder) {
    this.scroll = byId("scroll");
    this.list = byId("messages");
    this.pill = byId("pill");
    this.loadOlder = loadOlder;
    this.unseen = 0;
    this.shown = new Map();
    this.following = true;
    this.scroll.addEventListener("scroll", () => this.onScroll(), { passive: true });
    this.pill.addEventListener("click", () => this.toEnd(true));
    new ResizeObserver(() => this.following && this.toEnd()).observe(this.scroll);
    new ResizeObserver(() => this.following && this.toEnd()).observe(this.list);
  }

  onScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroll;
    this.following = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.following) this.unseen = 0;
    this.drawPill();
    if (scrollTop < 200) this.loadOlder();
  }

  drawPill() {
    const label = this.unseen === 1 ? "1 new message" : `${this.unseen} new messages`;
    this.pill.hidden = this.following;
    this.pill.classList.toggle("news", this.unseen > 0);
    this.pill.setAttribute("aria-label", this.unseen ? `${label}, go to the end` : "Go to the end");
    this.pill.replaceChildren(...(this.unseen ? [h("span", {}, label)] : []), icon("down"));
  }

  toEnd(smooth = false) {
    this.scroll.scrollTo({ top: this.scroll.scrollHeight, behavior: smooth ? "smooth" : "instant" });
  }

  jump(messageId) {
    const item = this.list.querySelector(`[data-id="${messageId}"]`);
    if (!item) return;
    item.scrollIntoView({ block: "center", behavior: "smooth" });
    item.classList.remove("flash");
    requestAnimationFrame(() => item.classList.add("flash"));
  }

  /** Show a whole chat; what has not changed stays as it is. */
  show(messages, context, fresh) {
    if (fresh) this.clear();
    const known = new Set(messages.keys());
    for (const id of [...this.shown.keys()]) if (!known.has(id)) this.remove([id]);
    for (const message of messages.values()) this.put(message, context, false);
    if (fresh) this.toEnd();
  }

  clear() {
    this.list.replaceChildren();
    this.shown.clear();
    this.unseen = 0;
    this.following = true;
    this.drawPill();
  }

  put(message, context, live = true) {
    const text = JSON.stringify(message) + context.me.id;
    const old = this.shown.get(message.message_id);
    if (old?.text === text) return;
    const item = bubble(message, context);
    this.shown.set(message.message_id, { text, date: message.date });
    if (old) this.replace(message.message_id, item);
    else this.insert(message, item, live, context);
    this.tidy(item);
    if (this.following) this.toEnd();
  }

  replace(messageId, item) {
    const before = this.list.querySelector(`[data-id="${messageId}"]`);
    const focused = [...before.querySelectorAll(".inline")].indexOf(document.activeElement);
    before.querySelectorAll(".spoiler").forEach((node, i) => {
      if (node.classList.contains("open")) item.querySelectorAll(".spoiler")[i]?.classList.add("open");
    });
    before.querySelectorAll(".foldable").forEach((node, i) => {
      if (!node.classList.contains("folded")) item.querySelectorAll(".foldable")[i]?.classList.remove("folded");
    });
    before.replaceWith(item);
    if (focused >= 0) item.querySelectorAll(".inline")[focused]?.focus({ preventScroll: true });
  }

  insert(message, item, live, context) {
    const next = [...this.list.querySelectorAll("[data-id]")].reverse()
      .find((node) => Number(node.dataset.id) < message.message_id);
    if (next) next.after(item);
    else this.list.prepend(item);
    if (!live) return;
    item.classList.add("arriving");
    if (message.from?.id === context.me.id) this.following = true;
    else if (!this.following) this.unseen += 1;
    this.drawPill();
  }

  remove(ids) {
    for (const id of ids) {
      const item = this.list.querySelector(`[data-id="${id}"]`);
      const next = item?.nextElementSibling;
      item?.remove();
      this.shown.delete(id);
      if (next) this.tidy(next);
    }
    const last = this.list.lastElementChild;
    if (last?.classList.contains("day")) last.remove();
    else if (last) this.tidy(last);
  }

  /** Older messages above, the reader's place unchanged. */
  prepend(messages, context) {
    const height = this.scroll.scrollHeight;
    for (const message of messages) this.put(message, context, false);
    this.scroll.scrollTop += this.scroll.scrollHeight - height;
  }

  /** Day lines and tails around an item, from its neighbours. */
  tidy(item) {
    for (const node of [item, this.nextMessage(item)]) {
      if (!node?.dataset.id) continue;
      const previous = this.previousMessage(node);
      const newDay = !previous || dayKey(this.dateOf(previous)) !== dayKey(this.dateOf(node));
      const line = node.previousElementSibling;
      if (line?.classList.contains("day")) line.remove();
      if (newDay) node.before(h("li", { class: "day" }, h("span", {}, dayName(this.dateOf(node)))));
      const joined = !newDay && previous.dataset.from === node.dataset.from && this.dateOf(node) - this.dateOf(previous) < 300;
      node.classList.toggle("joined", joined);
      if (previous) previous.classList.toggle("continued", joined);
      if (!this.nextMessage(node)) node.classList.remove("continued");
    }
  }

  dateOf(node) { return this.shown.get(Number(node.dataset.id)).date; }

  previousMessage(node) {
    let at = node.previousElementSibling;
    while (at && !at.dataset.id) at = at.previousElementSibling;
    return at;
  }

  nextMessage(node) {
    let at = node.nextElementSibling;
    while (at && !at.dataset.id) at = at.nextElementSibling;
    return at;
  }
}
