// Counts down to the end of WhatsApp's service window, and reloads the page's regions then.

import { $ } from "../kernel/dom.js";
import { refresh } from "../kernel/live_stream.js";
import { bindConversation } from "./conversation.js";

// The time by which this browser's clock is behind the server's. A short difference is the page's own loading time.
let clockSkew = 0;
let next;
bindConversation(() => {
  const loaded = $("form[data-composer]")?.dataset.now;
  const difference = loaded ? Date.parse(loaded) - Date.now() : 0;
  clockSkew = Math.abs(difference) < 10_000 ? 0 : difference;
  updateCountdown();
});

function updateCountdown() {
  clearTimeout(next);
  const box = $("#window[data-until]");
  if (!box) return;
  const left = Date.parse(box.dataset.until) - Date.now() - clockSkew;
  if (left <= 0) {
    refresh();
    return;
  }
  const minutes = Math.ceil(left / 60_000);
  const words = minutes < 60 ? box.dataset.minutes : box.dataset.hours;
  const text = words.replace("#hours", Math.floor(minutes / 60)).replace("#minutes", minutes % 60);
  const says = $("#window-says", box);
  if (says.textContent !== text) says.textContent = text;
  next = setTimeout(updateCountdown, (left % 60_000) + 50);
}

document.addEventListener("refreshed", updateCountdown);
document.addEventListener("visibilitychange", updateCountdown);
