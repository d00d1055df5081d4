// Marks messages as read once they are scrolled into view in the visible tab.

import { $, $$, body } from "../kernel/dom.js";
import { refreshChat } from "../kernel/live_stream.js";
import { bindConversation } from "./conversation.js";
import { messageId } from "./message_log.js";

let log = null;
let marking = false;
let timer;

async function markVisibleRead() {
  if (!log || marking || document.hidden || !document.hasFocus()) return;
  const { bottom } = log.getBoundingClientRect();
  const seen = $$("article[data-unread]", log).filter((one) => one.getBoundingClientRect().top < bottom - 16);
  if (!seen.length) return;
  const newest = Math.max(...seen.map(messageId));
  marking = true;
  const shown = log;
  try {
    const response = await fetch(`${log.dataset.messages}/${newest}/read`, {
      method: "PUT",
      headers: { Accept: "application/json", "X-CSRF-Token": body.dataset.csrf },
    });
    if (!response.ok) throw new Error(`${response.status}`);
    $$("article[data-unread]", shown)
      .filter((one) => messageId(one) <= newest)
      .forEach((one) => one.removeAttribute("data-unread"));
    await refreshChat(shown.dataset.chat);
  } catch {
    /* the button remains available */
  } finally {
    marking = false;
  }
}

const scheduleMark = () => {
  clearTimeout(timer);
  timer = setTimeout(markVisibleRead, 120);
};
bindConversation(() => {
  log = $("#log[data-reads]");
  log?.addEventListener("scroll", scheduleMark, { passive: true });
  scheduleMark();
});
addEventListener("focus", scheduleMark);
addEventListener("load", scheduleMark);
document.addEventListener("visibilitychange", scheduleMark);
document.addEventListener("refreshed", scheduleMark);
