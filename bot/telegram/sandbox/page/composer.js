// Where the person writes: the text field, replies and edits, the bot's own keyboard.

import { byId, h, icon, nameOf } from "./dom.js";
import { summary } from "./bubble.js";
import { Suggestions } from "./suggestions.js";

export class Composer {
  constructor(actions) {
    this.actions = actions;
    this.text = byId("text");
    this.about = null; // {kind: "reply" | "edit", message}
    this.drafts = new Map();
    this.place = "";
    this.aided = 0;
    this.suggestions = new Suggestions((word) => this.send(word), (word) => this.insert(word));
    byId("menu").append(icon("slash"));
    byId("send").append(icon("send"));
    byId("attach").append(icon("clip"));
    byId("attach").addEventListener("click", () => byId("file").click());
    byId("file").addEventListener("change", () => this.hand(byId("file").files[0]));
    byId("menu").addEventListener("click", () => this.toggleMenu());
    byId("composer").addEventListener("submit", (event) => { event.preventDefault(); this.send(this.text.value); });
    this.text.addEventListener("input", () => this.onInput());
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    document.addEventListener("pointerdown", (event) => {
      if (!event.target.closest(".foot")) this.suggestions.close();
    });
  }

  /** Another person or chat: keep what was written there, bring back what was written here. */
  moveTo(place, commands) {
    if (place !== this.place) {
      if (this.place) this.drafts.set(this.place, this.text.value);
      this.place = place;
      this.text.value = this.drafts.get(place) || "";
      this.aided = 0;
      this.set(null);
      this.suggestions.close();
    }
    this.suggestions.learn(commands, this.text.value);
    byId("menu").hidden = commands.length === 0;
    this.grow();
  }

  onInput() {
    this.suggestions.filter(this.text.value);
    this.grow();
  }

  onKey(event) {
    if (this.suggestions.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send(this.text.value);
    } else if (event.key === "Escape" && this.about) {
      this.cancel();
    } else if (event.key === "ArrowUp" && !this.text.value && !this.about) {
      event.preventDefault();
      this.actions.editLast();
    }
  }

  toggleMenu() {
    if (this.suggestions.open) this.suggestions.close();
    else this.suggestions.show(this.suggestions.commands);
    this.text.focus();
  }

  insert(word) {
    this.text.value = word;
    this.suggestions.close();
    this.grow();
    this.text.focus();
  }

  async send(value) {
    const text = value.trim();
    if (!text) return;
    const about = this.about;
    this.suggestions.close();
    this.text.value = "";
    this.set(null);
    this.grow();
    if (about?.kind === "reply") this.text.placeholder = "Message";
    const done = about?.kind === "edit" ? await this.actions.edit(about.message, text) : await this.actions.say(text, about?.message);
    if (!done && !this.text.value) {
      this.text.value = value;
      this.set(about);
      this.grow();
    }
  }

  /** A file goes at once, with what was written as its caption. */
  async hand(file) {
    byId("file").value = "";
    if (!file) return;
    const caption = this.text.value.trim();
    const about = this.about?.kind === "reply" ? this.about.message : null;
    const done = await this.actions.hand(file, caption, about);
    if (!done) return;
    this.text.value = "";
    this.set(null);
    this.grow();
  }

  grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 160)}px`;
    byId("send").classList.toggle("ready", this.text.value.trim() !== "");
  }

  reply(message) { this.set({ kind: "reply", message }); this.text.focus(); }

  edit(message) {
    this.set({ kind: "edit", message });
    this.text.value = message.text || "";
    this.grow();
    this.text.focus();
  }

  cancel() {
    if (this.about?.kind === "edit") this.text.value = "";
    this.set(null);
    this.grow();
  }

  set(about) {
    this.about = about;
    const bar = byId("replying");
    bar.hidden = !about;
    if (!about) return;
    const title = about.kind === "edit" ? "Edit message" : `Reply to ${nameOf(about.message.from)}`;
    bar.replaceChildren(icon("reply"),
      h("div", {}, h("strong", {}, title), h("span", {}, summary(about.message))),
      h("button", { type: "button", class: "icon-button", "aria-label": "Cancel", onclick: () => { this.cancel(); this.text.focus(); } }, icon("close")));
  }

  /** The newest keyboard or forced reply of the bot, where there is one. */
  aid(messages) {
    const last = [...messages].reverse().find((message) => message.input_aid);
    const aid = last?.input_aid;
    this.text.placeholder = aid?.input_field_placeholder || "Message";
    if (aid?.force_reply && last.message_id > this.aided) {
      this.aided = last.message_id;
      if (!messages.some((message) => message.message_id > last.message_id)) this.set({ kind: "reply", message: last });
    }
    const board = byId("keyboard");
    const rows = aid?.keyboard || [];
    board.hidden = rows.length === 0;
    board.replaceChildren(...rows.map((row) => h("div", { class: "row" }, ...row.map((button) =>
      h("button", { type: "button", class: `inline ${button.style || "plain"}`, onclick: () => this.send(button.text) }, h("span", {}, button.text))))));
  }
}
