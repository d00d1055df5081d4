// The conversation: it keeps its place, follows the newest message, and loads older ones.

import { $, $$ } from "./dom.js";
import { fetchPage } from "./net.js";
import { merge } from "./swap.js";

/** The log keeps what was scrolled up to, and follows the newest message only if one was there already. */
export function swapLog(old, fresh) {
  const atEnd = isAtEnd(old);
  const first = $("article", fresh)?.id;
  const oldest = number(first);
  // Older messages that were loaded by scrolling are not in the fresh page; they stay, with their days.
  const loaded = first && $$("article", old).some((message) => number(message.id) < oldest);
  const older = new Set();
  if (loaded) {
    for (const child of old.children) {
      if (child.id && number(child.id) >= oldest) break;
      older.add(child);
    }
    $("#older", fresh)?.remove();
    const day = $("article", fresh)?.previousElementSibling;
    if (day?.matches(".day") && [...older].some((child) => child.matches(".day") && child.textContent === day.textContent)) {
      day.remove();
    }
  }
  // The line stays where it was when the page was opened, so that it can be found again.
  const line = $(".new", old);
  const after = line?.nextElementSibling?.id;
  $(".new", fresh)?.remove();
  merge(old, fresh, (child) => older.has(child));
  const anchor = after && document.getElementById(after);
  if (line && anchor) anchor.before(line);
  if (atEnd) toEnd(old);
}

const number = (id) => Number((id ?? "").slice(1));
const isAtEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 80;
export const toEnd = (log) => { log.scrollTop = log.scrollHeight; };

/** Older messages, without losing the place. */
async function older(link) {
  const log = $("#log");
  link.setAttribute("aria-busy", "true");
  try {
    const page = await fetchPage(link.href);
    const part = page.getElementById("log");
    $$("a.older:not(#older)", part).forEach((way) => way.remove());
    const height = log.scrollHeight;
    const day = [...log.children].find((child) => child.matches(".day"));
    const last = $$(".day", part).at(-1);
    if (day && last?.textContent === day.textContent) day.remove();
    link.replaceWith(...[...part.children].map((child) => document.importNode(child, true)));
    log.scrollTop += log.scrollHeight - height;
  } catch { location.href = link.href; }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#older");
  if (!link || !$("#log[data-live]")) return;
  event.preventDefault();
  older(link);
});

const log = $("#log[data-live]");
if (log) {
  const line = $(".new", log);
  if (line) log.scrollTop = line.offsetTop - log.clientHeight / 2; else toEnd(log);
}
