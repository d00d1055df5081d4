// What was really seen is read: in a tab that is looked at, and scrolled into view.

import { $, $$, body } from "../kernel/dom.js";
import { touch } from "../kernel/live_stream.js";
import { number } from "./message_log.js";

const log = $("#log[data-reads]");
let marking = false;
let soon;

async function look() {
  if (!log || marking || document.hidden || !document.hasFocus()) return;
  const { bottom } = log.getBoundingClientRect();
  const seen = $$("article[data-unread]", log).filter((one) => one.getBoundingClientRect().top < bottom - 16);
  if (!seen.length) return;
  const newest = Math.max(...seen.map(number));
  marking = true;
  try {
    const response = await fetch(`${log.dataset.messages}/${newest}/read`, {
      method: "PUT", headers: { Accept: "application/json", "X-CSRF-Token": body.dataset.csrf },
    });
    if (!response.ok) throw new Error(`${response.status}`);
    $$("article[data-unread]", log).filter((one) => number(one) <= newest).forEach((one) => one.removeAttribute("data-unread"));
    await touch(log.dataset.chat);
  } catch { /* the button is still there */ } finally { marking = false; }
}

const later = () => { clearTimeout(soon); soon = setTimeout(look, 120); };
log?.addEventListener("scroll", later, { passive: true });
addEventListener("focus", later);
addEventListener("load", later);
document.addEventListener("visibilitychange", later);
document.addEventListener("refreshed", later);
later();
