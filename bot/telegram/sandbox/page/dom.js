// Elements are built as nodes: text from outside never passes through an HTML parser.

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  slash: "M15.5 5.5l-7 13",
  send: "M12 19V6M6 11.5L12 5.5l6 6",
  down: "M6 10l6 6 6-6",
  mute: "M9 19a3 3 0 0 0 6 0M6 16V11a6 6 0 0 1 9-5.2M18 11v5H8M4 4l16 16",
  clip: "M19 11l-7.5 7.5a4.5 4.5 0 0 1-6.4-6.4L13 4.3a3 3 0 0 1 4.3 4.3l-7.8 7.7a1.5 1.5 0 0 1-2.1-2.1L14.5 7",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
  copy: "M9 9h10v11H9zM5 15V4h10",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
  insert: "M17 17L7 7M7 15V7h8",
  reply: "M10 7L4 12l6 5v-3.5c5 0 8 1 10 4.5 0-6-3-9-10-9z",
  out: "M8 16L17 7M9 7h8v8",
  check: "M5 12.5l4.5 4.5L19 7.5",
};

export const byId = (id) => document.getElementById(id);

export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export const nameOf = (user) => [user.first_name, user.last_name].filter(Boolean).join(" ");

export function face(name, id) {
  const hue = (Math.abs(Number(id)) * 47) % 360;
  const letters = name.split(/\s+/).slice(0, 2).map((word) => [...word][0] || "").join("");
  const node = h("span", { class: "face", "aria-hidden": "true" }, letters.toUpperCase());
  node.style.setProperty("--hue", hue);
  return node;
}

export function botFace() {
  return h("img", { class: "face", src: "/page/icon.svg", alt: "", "aria-hidden": "true" });
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hour12: false });
const long = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "medium" });

export const timeOf = (seconds) => clock.format(new Date(seconds * 1000));
export const momentOf = (seconds) => full.format(new Date(seconds * 1000));
export const dayKey = (seconds) => new Date(seconds * 1000).toDateString();

export function dayName(seconds) {
  const day = dayKey(seconds);
  const now = Date.now() / 1000;
  if (day === dayKey(now)) return "Today";
  if (day === dayKey(now - 86400)) return "Yesterday";
  return long.format(new Date(seconds * 1000));
}

export function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
