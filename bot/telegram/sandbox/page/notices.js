// Toasts, the modal alert, the enlarged photo, the clipboard.

import { byId, h, icon } from "./dom.js";

const SHOWN_FOR = 4000;

export function toast(text, kind = "") {
  const node = h("div", { class: `toast ${kind}` }, text);
  byId("toasts").append(node);
  setTimeout(() => node.remove(), SHOWN_FOR);
}

export function alertBox(title, text) {
  byId("alert-title").textContent = title;
  byId("alert-text").textContent = text;
  byId("alert").showModal();
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied");
  } catch {
    toast("The browser did not allow copying", "bad");
  }
}

export function showPhoto(url, label) {
  const image = byId("photo-image");
  image.src = url;
  image.alt = label;
  byId("photo").showModal();
}

export function setUpDialogs() {
  byId("photo").querySelector("button").append(icon("close"));
  byId("photo").addEventListener("click", () => byId("photo").close());
}
