// Who is played, and which chat is open.

import { summary } from "./bubble.js";
import { botFace, byId, face, h, icon, nameOf, timeOf } from "./dom.js";

export class Sidebar {
  constructor(actions) {
    this.actions = actions;
    byId("side-open").append(icon("menu"));
    byId("side-close").append(icon("close"));
    byId("join").querySelector("button").append(icon("plus"));
    byId("side-open").addEventListener("click", () => this.open(true));
    byId("me").addEventListener("click", () => this.open(true));
    for (const id of ["side-close", "veil"]) byId(id).addEventListener("click", () => this.open(false));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.open(false));
    byId("join").addEventListener("submit", (event) => {
      event.preventDefault();
      const field = byId("join-name");
      if (field.value.trim()) actions.join(field.value.trim()).then((done) => { if (done) field.value = ""; });
    });
  }

  open(isOpen) {
    const app = byId("app");
    if (app.classList.contains("side-open") === isOpen) return;
    app.classList.toggle("side-open", isOpen);
    (isOpen ? byId("side-close") : byId("side-open")).focus({ preventScroll: true });
  }

  draw(model) {
    byId("people").replaceChildren(...model.users.map((user) => this.person(user, user.id === model.me.id)));
    byId("chats").replaceChildren(...[...model.chats.values()].map((chat) => this.chat(chat, model)));
    byId("me").replaceChildren(face(nameOf(model.me), model.me.id));
    byId("me").setAttribute("aria-label", `You are ${nameOf(model.me)}. Switch person`);
    byId("me").title = `You are ${nameOf(model.me)}`;
  }

  person(user, isMe) {
    const pick = () => { this.open(false); this.actions.become(user.id); };
    return h("li", {}, h("button", { type: "button", class: "row-button", "aria-pressed": String(isMe), onclick: pick },
      face(nameOf(user), user.id),
      h("span", { class: "row-text" }, h("strong", {}, nameOf(user)), h("small", {}, `id ${user.id}`)),
      isMe ? icon("check") : null));
  }

  chat(chat, model) {
    const last = [...chat.messages.values()].at(-1);
    const isOpen = chat.id === model.chatId;
    const pick = () => { this.open(false); this.actions.visit(chat.id); };
    const from = last && chat.group && last.from ? `${last.from.first_name}: ` : "";
    return h("li", {}, h("button", { type: "button", class: "row-button", "aria-current": isOpen ? "true" : undefined, onclick: pick },
      chat.group ? face(chat.title, 3) : botFace(),
      h("span", { class: "row-text" },
        h("strong", {}, chat.title, last ? h("time", {}, timeOf(last.date)) : null),
        h("small", {}, last ? from + summary(last.pinned_message ? null : last) : "No messages yet")),
      chat.unread ? h("span", { class: "unread", "aria-label": `${chat.unread} unread` }, String(chat.unread)) : null));
  }
}
