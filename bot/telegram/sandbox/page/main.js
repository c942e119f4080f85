// The page put together: the stream fills the model, the model fills the views.

import { MessageActions } from "./actions.js";
import * as calls from "./calls.js";
import { Composer } from "./composer.js";
import { summary } from "./bubble.js";
import { botFace, byId, face, h, icon } from "./dom.js";
import { Feed } from "./feed.js";
import { Model } from "./model.js";
import { alertBox, setUpDialogs, toast } from "./notices.js";
import { Sidebar } from "./sidebar.js";
import { Stream } from "./stream.js";

const ACTION_SECONDS = 5;
const DOING = { typing: "typing", upload_photo: "sending a photo", upload_document: "sending a file" };

const model = new Model();
let linked = false;
let loading = false;

const attempt = async (what, failure) => {
  try {
    return await what();
  } catch (error) {
    toast(`${failure}: ${error.message}`, "bad");
    return null;
  }
};

const actions = {
  hand: (file, caption, reply) => attempt(async () => calls.hand(model.me.id, model.chatId, file.name, await calls.base64(file), caption, reply?.message_id), "Not sent"),
  say: (text, reply) => attempt(() => calls.say(model.me.id, model.chatId, text, reply?.message_id), "Not sent"),
  edit: (message, text) => attempt(() => calls.edit(model.me.id, model.chatId, message.message_id, text), "Not edited"),
  react: (message, emoji) => attempt(() => calls.react(model.me.id, model.chatId, message.message_id, emoji), "No reaction"),
  join: async (name) => {
    const added = await attempt(() => calls.join(name), "Not added");
    if (added) actions.become(added.user.id);
    return added;
  },
  async tap(message, data, key) {
    if (model.busy.has(key)) return;
    setBusy(key, true);
    await attempt(() => calls.tap(model.me.id, message.chat.id, message.message_id, data), "Not pressed");
    setBusy(key, false);
  },
  become(userId) {
    model.chatId = model.chatId < 0 ? model.chatId : userId;
    remember(userId);
    stream.open(userId);
  },
  visit(chatId) {
    model.chatId = chatId;
    remember(model.me.id);
    drawChat(true);
  },
  jump: (messageId) => feed.jump(messageId),
  reply: (message) => composer.reply(message),
  startEdit: (message) => composer.edit(message),
  mine: (message) => message.from?.id === model.me.id,
  editLast() {
    const own = [...model.chat.messages.values()].filter(actions.mine).at(-1);
    if (own?.text) composer.edit(own);
  },
};

const feed = new Feed(loadOlder);
const composer = new Composer(actions);
const sidebar = new Sidebar(actions);
const stream = new Stream(onEvent, onLink);
new MessageActions((id) => model.chat.messages.get(id), actions);
setUpDialogs();

const context = () => ({ me: model.me, group: model.chat.group, busy: model.busy, actions });

function remember(userId) {
  history.replaceState(null, "", `#${userId}/${model.chatId}`);
}

function setBusy(key, isBusy) {
  model.busy[isBusy ? "add" : "delete"](key);
  for (const node of document.querySelectorAll(".inline")) {
    if (node.dataset.press !== key) continue;
    node.classList.toggle("busy", isBusy);
    node.setAttribute("aria-busy", String(isBusy));
  }
}

function onLink(isUp) {
  linked = isUp;
  drawHead();
}

function onEvent(event) {
  if (event.kind === "snapshot") {
    const place = composer.place;
    model.take(event);
    drawChat(place !== `${model.me.id}/${model.chatId}`);
  } else if (event.kind === "message") {
    onMessage(event.message);
  } else if (event.kind === "removed") {
    const chat = model.chats.get(event.chat_id);
    for (const id of event.message_ids) chat.messages.delete(id);
    if (chat.id === model.chatId) feed.remove(event.message_ids);
    drawAround();
  } else if (event.kind === "answered") {
    onAnswer(event);
  } else if (event.kind === "action") {
    const chat = model.chats.get(event.chat_id);
    Object.assign(chat, { action: event.action, actionUntil: Date.now() + ACTION_SECONDS * 1000 });
    drawHead();
    setTimeout(drawHead, ACTION_SECONDS * 1000 + 50);
  }
}

function onMessage(message) {
  const chat = model.put(message);
  if (chat.id === model.chatId) feed.put(message, context());
  drawAround();
}

function onAnswer(event) {
  for (const key of [...model.busy]) if (key.startsWith(`${event.message_id}/`)) setBusy(key, false);
  if (event.text && event.alert) alertBox(model.bot.first_name, event.text);
  else if (event.text) toast(event.text);
}

function drawChat(fresh) {
  composer.moveTo(`${model.me.id}/${model.chatId}`, model.chat.commands);
  if (!document.hidden) model.chat.unread = 0;
  feed.show(model.chat.messages, context(), fresh);
  drawAround();
}

/** Everything around the messages. */
function drawAround() {
  drawHead();
  drawPinned();
  drawWelcome();
  sidebar.draw(model);
  composer.aid([...model.chat.messages.values()]);
  document.title = model.unread ? `(${model.unread}) ${model.chat.title}` : model.chat.title;
}

function drawHead() {
  if (!model.chat) return;
  const acting = linked && model.chat.actionUntil > Date.now();
  const members = `${model.users.length + 1} members`;
  byId("chat-title").textContent = model.chat.title;
  byId("chat-face").replaceChildren(model.chat.group ? face(model.chat.title, 3) : botFace());
  const status = !linked ? "reconnecting…" : acting ? `${DOING[model.chat.action] || "busy"}…` : model.chat.group ? members : "bot";
  if (byId("chat-status").textContent !== status) byId("chat-status").textContent = status;
  byId("chat-status").classList.toggle("active", acting || !linked);
  if (byId("typing").hidden === acting) {
    byId("typing").hidden = !acting;
    if (feed.following) feed.toEnd();
  }
}

function drawPinned() {
  const message = model.chat.messages.get(model.chat.pinned.at(-1));
  const bar = byId("pinned");
  bar.hidden = !message;
  if (!message) return;
  bar.replaceChildren(icon("pin"), h("span", {}, h("strong", {}, "Pinned message"), h("span", {}, summary(message))));
  bar.onclick = () => feed.jump(message.message_id);
}

function drawWelcome() {
  const box = byId("welcome");
  box.hidden = model.chat.messages.size > 0;
  if (box.hidden) return;
  const start = h("button", { type: "button", class: "start", onclick: () => actions.say("/start") }, "Start");
  box.replaceChildren(h("img", { src: "/page/icon.svg", alt: "", width: 72, height: 72 }),
    h("strong", {}, model.chat.title),
    h("p", {}, model.chat.group ? "A group with everybody and the bot in it." : model.about || "Say something, or press Start."),
    ...(model.chat.group ? [] : [start]));
}

async function loadOlder() {
  const chat = model.chat;
  if (loading || !chat?.hasOlder) return;
  loading = true;
  const before = Math.min(...chat.messages.keys());
  const messages = await attempt(() => calls.older(chat.id, before), "Older messages did not come");
  if (messages) model.prepend(chat, messages);
  if (messages && chat === model.chat) feed.prepend(messages, context());
  loading = false;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden || !model.chat) return;
  model.chat.unread = 0;
  drawAround();
});

const [userId, chatId] = location.hash.slice(1).split("/").map(Number);
model.chatId = chatId || userId || 0;
stream.open(userId || "");
