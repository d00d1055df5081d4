// What is seen is read, by the same form that the button sends.

import { $ } from "./dom.js";
import { refresh } from "./live.js";
import { post } from "./net.js";

let marking = false;

async function markRead() {
  const form = $("form[data-read]");
  if (!form || marking || document.hidden || !document.hasFocus()) return;
  marking = true;
  try { await post(form); await refresh(); } catch { /* the button is still there */ } finally { marking = false; }
}

addEventListener("focus", markRead);
document.addEventListener("visibilitychange", markRead);
document.addEventListener("refreshed", markRead);
markRead();
