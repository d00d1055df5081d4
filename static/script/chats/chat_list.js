// The list of chats: it follows what happens without losing one's place, goes on where it ends, and is walked by keys.

import { $, $$ } from "../kernel/dom.js";
import { isCombined, isSingle } from "../kernel/keyboard.js";
import { fetchPage } from "../kernel/net.js";
import { arrange, keepPlace, known, merge } from "../kernel/live_regions.js";

const list = $("#chat-list[data-live]");
const pages = $("#chat-pages");
const rows = (node) => [...node.children].filter((row) => row.dataset.place);
const NEAR = 400;
let loading = false;

/** The newest first; of two from the same moment the one with the higher number. */
function order(a, b) {
  const [[atA, idA], [atB, idB]] = [a, b].map((row) => row.dataset.place.split("_").map(Number));
  return atB - atA || idB - idA;
}

/** Marks the chat that the page shows; a row that comes from elsewhere does not know it. */
function mark(row) {
  const link = $("a", row);
  if (link && new URL(link.href).pathname === location.pathname) link.setAttribute("aria-current", "true");
  return row;
}

/** The whole list as it is now. Rows that were loaded by scrolling further stay, unless it is another list. */
export function mergeList(old, fresh, page, another) {
  const come = rows(fresh);
  const further = another || !come.length || !page.getElementById("chats-next") ? []
    : rows(old).filter((row) => order(row, come.at(-1)) > 0 && !come.some(({ id }) => id === row.id));
  if (!further.length) pages?.removeAttribute("data-further");
  old.dataset.parts = fresh.dataset.parts;
  keepPlace(old, () => rows(old), () => {
    if (further.length) arrange(old, [...come.map((row) => known(old, row)), ...further]);
    else merge(old, fresh);
  });
  if (another) old.scrollTop = 0;
  setTimeout(look);
}

/** Rows that changed; one that was asked for and did not come has left the list. `false` when that does not suffice. */
export function mergeRows(fresh, asked) {
  if (!list) return true;
  const come = new Map(rows(fresh).map((row) => [row.id, row]));
  const own = rows(list);
  const gone = own.filter((row) => asked.includes(row.id) && !come.has(row.id) && !$("[aria-current]", row));
  const last = own.at(-1);
  const more = Boolean($("#chats-next", pages));
  const later = list.hasAttribute("data-later");
  const fits = (row) => own.some(({ id }) => id === row.id) || (!later && (!more || !last || order(row, last) < 0));
  const next = own.filter((row) => !gone.includes(row) && !come.has(row.id));
  next.push(...[...come.values()].filter(fits).map((row) => mark(known(list, row))));
  if (!next.length) return false;
  keepPlace(list, () => rows(list), () => arrange(list, next.sort(order)));
  return true;
}

/** What follows the last row, whatever moved to the top meanwhile. */
async function look() {
  const next = $("#chats-next[data-more]", pages ?? document);
  if (loading || !next || !list || list.scrollHeight - list.scrollTop - list.clientHeight > NEAR) return;
  loading = true;
  const asked = list.dataset.parts;
  const coming = Array.from({ length: 3 }, () => Object.assign(document.createElement("li"), { className: "skeleton", ariaHidden: "true" }));
  list.append(...coming);
  try {
    const page = await fetchPage(next.dataset.more).finally(() => coming.forEach((row) => row.remove()));
    // It may have become another list meanwhile.
    if (asked === list.dataset.parts) {
      const have = new Set(rows(list).map(({ id }) => id));
      const come = rows(page.getElementById("chat-list")).filter(({ id }) => !have.has(id));
      list.append(...come.map((row) => mark(document.importNode(row, true))));
      merge(pages, page.getElementById("chat-pages"));
      $("#chats-previous", pages)?.remove();
      pages.dataset.further = "";
    }
    loading = false;
    look();
  } catch { loading = false; delete pages.dataset.endless; }
}

function walk(step) {
  const links = $$("li[data-place] a", list);
  const from = links.indexOf(document.activeElement);
  const current = links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = from < 0 ? (current < 0 ? 0 : current) : Math.min(Math.max(from + step, 0), links.length - 1);
  links[next]?.focus();
}

if (list) {
  if (pages && !list.hasAttribute("data-later")) pages.dataset.endless = "";
  list.addEventListener("scroll", look, { passive: true });
  addEventListener("load", () => {
    const current = $("[aria-current]", list);
    if (current) list.scrollTop = Math.max(0, current.offsetTop + current.offsetHeight - list.clientHeight);
    look();
  });
  document.addEventListener("keydown", (event) => {
    const step = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.defaultPrevented || isCombined(event)) return;
    const mayWalk = event.key.startsWith("Arrow") ? event.target.closest(".list") && !event.target.matches("select") : isSingle(event);
    if (!mayWalk) return;
    event.preventDefault();
    walk(step);
  });
}
