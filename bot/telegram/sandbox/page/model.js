// What the page knows of the played person's chats.

import { nameOf } from "./dom.js";

export class Model {
  constructor() {
    this.me = null;
    this.bot = null;
    this.about = "";
    this.users = [];
    this.chats = new Map();
    this.chatId = 0;
    this.busy = new Set();
  }

  get chat() { return this.chats.get(this.chatId); }

  /** The whole state anew; unread counts of known chats go on. */
  take(snapshot) {
    const sameMe = this.me?.id === snapshot.me.id;
    const before = sameMe ? this.chats : new Map();
    Object.assign(this, { me: snapshot.me, bot: snapshot.bot, about: snapshot.about, users: snapshot.users });
    this.chats = new Map(snapshot.chats.map((part) => [part.chat.id, this.chatFrom(part, before.get(part.chat.id))]));
    if (!this.chats.has(this.chatId)) this.chatId = this.me.id;
    return !sameMe;
  }

  chatFrom(part, before) {
    const group = part.chat.id < 0;
    const messages = new Map(part.messages.map((message) => [message.message_id, message]));
    const fresh = before ? part.messages.filter((message) => !before.messages.has(message.message_id)) : [];
    const unread = (before?.unread || 0) + (part.chat.id === this.chatId ? 0 : fresh.length);
    return {
      id: part.chat.id, group, messages, unread,
      title: group ? part.chat.title : nameOf(this.bot),
      hasOlder: part.has_older, pinned: part.pinned, commands: part.commands,
      action: "", actionUntil: 0,
    };
  }

  put(message) {
    const chat = this.chats.get(message.chat.id);
    const isNew = !chat.messages.has(message.message_id);
    chat.messages.set(message.message_id, message);
    if (isNew && message.from?.is_bot) chat.actionUntil = 0;
    const seen = chat.id === this.chatId && !document.hidden;
    if (isNew && !seen && message.from?.id !== this.me.id) chat.unread += 1;
    return chat;
  }

  /** Older messages in front, by id. */
  prepend(chat, messages) {
    chat.messages = new Map([...messages.map((message) => [message.message_id, message]), ...chat.messages]);
    chat.hasOlder = messages.length > 0;
  }

  get unread() { return [...this.chats.values()].reduce((sum, chat) => sum + chat.unread, 0); }
}
