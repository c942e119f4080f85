// The command list: all of it by the button, filtered while a slash word is typed.

import { byId, h, icon } from "./dom.js";

export class Suggestions {
  constructor(onPick, onInsert) {
    this.box = byId("suggestions");
    this.onPick = onPick;
    this.onInsert = onInsert;
    this.commands = [];
    this.matches = [];
    this.chosen = 0;
  }

  get open() { return !this.box.hidden; }

  /** What can be said now; a list that is shown, or a slash word that waits for one, follows it. */
  learn(commands, typed) {
    const news = JSON.stringify(commands) !== JSON.stringify(this.commands);
    this.commands = commands;
    if (!news) return;
    if (this.open && !typed) this.show(commands);
    else this.filter(typed);
  }

  /** Show what begins with the typed word, the word itself first. */
  filter(text) {
    const word = /^\/([a-z0-9_]*)$/i.exec(text);
    if (!word) return this.close();
    const typed = word[1].toLowerCase();
    const fits = this.commands.filter((command) => command.command.startsWith(typed));
    return this.show(fits.sort((a, b) => (b.command === typed) - (a.command === typed)));
  }

  show(matches) {
    this.matches = matches;
    this.chosen = 0;
    this.box.hidden = matches.length === 0;
    byId("menu").setAttribute("aria-expanded", String(!this.box.hidden));
    byId("text").setAttribute("aria-expanded", String(!this.box.hidden));
    this.box.replaceChildren(...matches.map((command, i) => this.row(command, i)));
    this.box.scrollTop = 0;
    this.mark();
  }

  row(command, i) {
    const pick = h("button", { type: "button", class: "pick", tabindex: -1, onclick: () => this.onPick(`/${command.command}`) },
      h("strong", {}, `/${command.command}`), h("span", {}, command.description));
    const insert = h("button", { type: "button", class: "insert", tabindex: -1, "aria-label": `Write /${command.command} without sending`, onclick: () => this.onInsert(`/${command.command} `) }, icon("insert"));
    return h("div", { class: "suggestion", role: "option", id: `suggestion-${i}`, onpointermove: () => { this.chosen = i; this.mark(); } }, pick, insert);
  }

  close() {
    this.box.hidden = true;
    byId("menu").setAttribute("aria-expanded", "false");
    byId("text").setAttribute("aria-expanded", "false");
    byId("text").removeAttribute("aria-activedescendant");
  }

  move(step) {
    this.chosen = (this.chosen + step + this.matches.length) % this.matches.length;
    this.mark();
    this.box.children[this.chosen]?.scrollIntoView({ block: "nearest" });
  }

  mark() {
    [...this.box.children].forEach((row, i) => row.setAttribute("aria-selected", String(i === this.chosen)));
    if (this.open) byId("text").setAttribute("aria-activedescendant", `suggestion-${this.chosen}`);
  }

  /** Keys that belong to the list while it is open; true when one was used. */
  key(event) {
    if (!this.open || event.isComposing) return false;
    const word = `/${this.matches[this.chosen].command}`;
    if (event.key === "ArrowDown") this.move(1);
    else if (event.key === "ArrowUp") this.move(-1);
    else if (event.key === "Enter" && !event.shiftKey) this.onPick(word);
    else if (event.key === "Tab") this.onInsert(`${word} `);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    return true;
  }
}
