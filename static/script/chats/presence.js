// Shows which other users view this chat. Each page reports every few seconds; without reports a user disappears.

import { $, body } from "../kernel/dom.js";
import { bindConversation } from "./conversation.js";

let log = null;
let shown = null;
const HEARTBEAT_INTERVAL = 5_000;
const VIEWING_TIMEOUT = 12_000;
const TYPING_TIMEOUT = 6_000;
const others = new Map();
let last = { doing: "", at: 0 };

function sendPresence(doing, chat = log) {
  last = { doing, at: Date.now() };
  fetch(chat.dataset.presence, {
    method: "PUT",
    keepalive: true,
    body: new URLSearchParams({ doing }),
    headers: { Accept: "application/json", "X-CSRF-Token": body.dataset.csrf },
  }).catch(() => {
    /* other users see it a little later */
  });
}

const initials = (name) =>
  name
    .split(/\s+/)
    .map((word) => [...word][0])
    .filter(Boolean)
    .slice(0, 2)
    .join("")
    .toUpperCase();
const words = (key, name) => shown.dataset[key].replace("{name}", name);

function render() {
  const now = Date.now();
  for (const [id, one] of others) if (one.until < now) others.delete(id);
  const here = [...others.values()];
  const next = here.map(({ name, typing }) => {
    const avatar = document.createElement("span");
    avatar.className = "avatar small";
    avatar.textContent = initials(name);
    avatar.title = words(typing > now ? "typing" : "looking", name);
    avatar.setAttribute("aria-hidden", "true");
    return avatar;
  });
  const typing = here.filter((one) => one.typing > now);
  if (here.length) {
    const text = document.createElement("span");
    text.className = typing.length ? "typing" : "looking";
    text.textContent = (typing.length ? typing : here)
      .map(({ name }) => words(typing.length ? "typing" : "looking", name))
      .join(", ");
    next.push(text);
  }
  const told = next.map((node) => node.outerHTML).join("");
  if (told === shown.dataset.told) return;
  shown.dataset.told = told;
  shown.replaceChildren(...next);
}

bindConversation((signal) => {
  log = $("#log[data-presence]");
  shown = $("#presence");
  others.clear();
  last = { doing: "", at: 0 };
  if (!log || !shown) return;
  const own = log;
  const listen = (target, kind, listener) => target.addEventListener(kind, listener, { signal });
  listen(document, "presence", ({ detail }) => {
    if (String(detail.chat_id) !== log.dataset.chat) return;
    const { id, name } = detail.user;
    const now = Date.now();
    const known = others.has(id);
    if (detail.doing === "gone") others.delete(id);
    else
      others.set(id, {
        name,
        until: now + VIEWING_TIMEOUT,
        typing: detail.doing === "typing" ? now + TYPING_TIMEOUT : 0,
      });
    // A user who has just arrived is told at once who is here.
    if (!known && detail.doing !== "gone" && !document.hidden && now - last.at > 500) sendPresence("looking");
    render();
  });
  let typedAt = 0;
  listen(document, "input", (event) => {
    if (!event.target.closest("form[data-composer] textarea")) return;
    typedAt = event.target.value ? Date.now() : 0;
    if (typedAt && (last.doing !== "typing" || Date.now() - last.at > 3_000)) sendPresence("typing");
  });
  // Sending empties the composer.
  listen(document, "submit", (event) => {
    if (!typedAt || !event.target.closest("form[data-composer]")) return;
    typedAt = 0;
    sendPresence("looking");
  });
  const heartbeat = () => {
    if (!document.hidden) sendPresence(Date.now() - typedAt < HEARTBEAT_INTERVAL ? "typing" : "looking");
  };
  listen(document, "visibilitychange", () => {
    if (document.hidden) sendPresence("gone");
    else heartbeat();
  });
  listen(window, "pagehide", () => sendPresence("gone"));
  const timers = [setInterval(heartbeat, HEARTBEAT_INTERVAL), setInterval(render, 1_000)];
  signal.addEventListener("abort", () => {
    timers.forEach(clearInterval);
    sendPresence("gone", own);
  });
  heartbeat();
});
