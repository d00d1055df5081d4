// The chat list: updates without losing the scroll position, loads more at its end, and is used by keyboard.

import { $, $$ } from "../kernel/dom.js";
import { hasModifier, isPlainShortcut } from "../kernel/keyboard.js";
import { fetchPage } from "../kernel/net.js";
import { arrange, keepScrollPosition, reuseOrImport, merge } from "../kernel/live_regions.js";

const list = $("#chat-list[data-live]");
const pages = $("#chat-pages");
const rows = (node) => [...node.children].filter((row) => row.dataset.cursor);
const LOAD_DISTANCE = 400;
let loading = false;

/**
 * Orders rows by the rank of the match in a search, then by time, the newest first; rows of the same time by descending
 * id.
 */
function compareRows(a, b) {
  const position = (row) => row.dataset.cursor.split("_").map(Number).reverse();
  const [[idA, atA, rankA = 0], [idB, atB, rankB = 0]] = [a, b].map(position);
  return rankA - rankB || atB - atA || idB - idA;
}

/** Marks the chat that the page shows; a row fetched for another page does not contain the mark. */
function markCurrent(row) {
  const link = $("a", row);
  if (link && new URL(link.href).pathname === location.pathname) link.setAttribute("aria-current", "true");
  return row;
}

/** Merges the current list. Rows that scrolling has loaded stay, unless the list has another filter. */
export function mergeList(old, fresh, page, another) {
  const come = rows(fresh);
  const further =
    another || !come.length || !page.getElementById("chats-next")
      ? []
      : rows(old).filter((row) => compareRows(row, come.at(-1)) > 0 && !come.some(({ id }) => id === row.id));
  if (!further.length) pages?.removeAttribute("data-further");
  old.dataset.updates = fresh.dataset.updates;
  keepScrollPosition(
    old,
    () => rows(old),
    () => {
      if (further.length) arrange(old, [...come.map((row) => reuseOrImport(old, row)), ...further]);
      else merge(old, fresh);
    },
  );
  if (another) old.scrollTop = 0;
  setTimeout(loadIfNear);
}

/**
 * Merges changed rows; a row that was requested and is not in the response has left the list. Returns `false` if the
 * whole list has to be loaded.
 */
export function mergeRows(fresh, asked) {
  if (!list) return true;
  const come = new Map(rows(fresh).map((row) => [row.id, row]));
  const own = rows(list);
  const gone = own.filter((row) => asked.includes(row.id) && !come.has(row.id) && !$("[aria-current]", row));
  const last = own.at(-1);
  const more = Boolean($("#chats-next", pages));
  const later = list.hasAttribute("data-later");
  const fits = (row) =>
    own.some(({ id }) => id === row.id) || (!later && (!more || !last || compareRows(row, last) < 0));
  const next = own.filter((row) => !gone.includes(row) && !come.has(row.id));
  next.push(...[...come.values()].filter(fits).map((row) => markCurrent(reuseOrImport(list, row))));
  if (!next.length) return false;
  keepScrollPosition(
    list,
    () => rows(list),
    () => arrange(list, next.sort(compareRows)),
  );
  return true;
}

/** Loads the rows after the last one, also if others have moved to the top in the meantime. */
async function loadIfNear() {
  const next = $("#chats-next[data-more]", pages ?? document);
  if (loading || !next || !list || list.scrollHeight - list.scrollTop - list.clientHeight > LOAD_DISTANCE) return;
  loading = true;
  const asked = list.dataset.updates;
  const coming = Array.from({ length: 3 }, () =>
    Object.assign(document.createElement("li"), { className: "skeleton", ariaHidden: "true" }),
  );
  list.append(...coming);
  try {
    const page = await fetchPage(next.dataset.more).finally(() => coming.forEach((row) => row.remove()));
    // The list may have got another filter in the meantime.
    if (asked === list.dataset.updates) {
      const have = new Set(rows(list).map(({ id }) => id));
      const come = rows(page.getElementById("chat-list")).filter(({ id }) => !have.has(id));
      list.append(...come.map((row) => markCurrent(document.importNode(row, true))));
      merge(pages, page.getElementById("chat-pages"));
      $("#chats-previous", pages)?.remove();
      pages.dataset.further = "";
    }
    loading = false;
    loadIfNear();
  } catch {
    loading = false;
    delete pages.dataset.endless;
  }
}

function moveFocus(step) {
  const links = $$("li[data-cursor] a", list);
  const from = links.indexOf(document.activeElement);
  const current = links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = from < 0 ? (current < 0 ? 0 : current) : Math.min(Math.max(from + step, 0), links.length - 1);
  links[next]?.focus();
}

if (list) {
  if (pages && !list.hasAttribute("data-later")) pages.dataset.endless = "";
  list.addEventListener("scroll", loadIfNear, { passive: true });
  addEventListener("load", () => {
    const current = $("[aria-current]", list);
    if (current) list.scrollTop = Math.max(0, current.offsetTop + current.offsetHeight - list.clientHeight);
    loadIfNear();
  });
  document.addEventListener("keydown", (event) => {
    const step = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.defaultPrevented || hasModifier(event)) return;
    const mayMoveFocus = event.key.startsWith("Arrow")
      ? event.target.closest(".list") && !event.target.matches("select")
      : isPlainShortcut(event);
    if (!mayMoveFocus) return;
    event.preventDefault();
    moveFocus(step);
  });
}
