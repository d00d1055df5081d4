// The chat list: updates without losing the scroll position, loads more at its end, and is used by keyboard.

import { $, $$ } from "../kernel/dom.js";
import { hasModifier, isPlainShortcut, shortcutOf } from "../kernel/keyboard.js";
import { fetchPage } from "../kernel/net.js";
import { arrange, keepScrollPosition, reuseOrImport, merge } from "../kernel/merging.js";

const list = $("#chat-list[data-live]");
const pages = $("#chat-pages");
const rows = (node) => [...node.children].filter((row) => row.dataset.cursor);
const LOAD_DISTANCE = 400;
/** A place far below is restored with at most this many requests of 50 rows. */
const MAX_RESTORED_PAGES = 20;
/** The key of the browser's storage of this tab. */
const PLACE = "aloqa-list-place";
let loading = false;

/** True if the list is shown: on a narrow screen an open chat covers it. */
const isShown = () => Boolean(list?.clientHeight);

/** True if a row is in the visible part of the list, or near it. */
export function isRowVisible(chat) {
  const row = isShown() && document.getElementById(`c${chat}`);
  if (!row) return false;
  const [{ top, bottom }, box] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
  return bottom > box.top - LOAD_DISTANCE && top < box.bottom + LOAD_DISTANCE;
}

/** True if the list contains the row of a chat. */
export const hasRow = (chat) => Boolean(list && document.getElementById(`c${chat}`));

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

/** Marks the row of a chat, and no other. */
export function markCurrentRow(pathname) {
  for (const link of $$("a", list ?? document.createElement("ul"))) {
    if (new URL(link.href).pathname === pathname) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
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

const nextPage = () => $("#chats-next[data-more]", pages ?? document);

/** Loads the rows near the end of the visible part; a list that nobody sees loads nothing. */
async function loadIfNear() {
  while (
    !loading &&
    isShown() &&
    nextPage() &&
    list.scrollHeight - list.scrollTop - list.clientHeight <= LOAD_DISTANCE &&
    (await loadNext())
  );
}

/**
 * Loads the rows after the last one, also if others have moved to the top in the meantime; `false` if that failed or if
 * the list has another filter by then.
 */
async function loadNext() {
  const next = nextPage();
  loading = true;
  const asked = list.dataset.updates;
  const coming = Array.from({ length: 3 }, () =>
    Object.assign(document.createElement("li"), { className: "skeleton", ariaHidden: "true" }),
  );
  list.append(...coming);
  try {
    const page = await fetchPage(next.dataset.more).finally(() => coming.forEach((row) => row.remove()));
    // The list may have got another filter in the meantime.
    const same = asked === list.dataset.updates;
    if (same) {
      const have = new Set(rows(list).map(({ id }) => id));
      const come = rows(page.getElementById("chat-list")).filter(({ id }) => !have.has(id));
      list.append(...come.map((row) => markCurrent(document.importNode(row, true))));
      merge(pages, page.getElementById("chat-pages"));
      $("#chats-previous", pages)?.remove();
      pages.dataset.further = "";
    }
    return same;
  } catch {
    delete pages.dataset.endless;
    return false;
  } finally {
    loading = false;
  }
}

/** Stores the first visible row and its distance from the top, for the next page of this tab. */
function storePlace() {
  if (!isShown() || list.hasAttribute("data-later")) return;
  const { top } = list.getBoundingClientRect();
  const row = rows(list).find((one) => one.getBoundingClientRect().bottom > top);
  const place = row && {
    filter: list.dataset.updates,
    cursor: row.dataset.cursor,
    offset: Math.round(row.getBoundingClientRect().top - top),
    atStart: list.scrollTop === 0,
  };
  try {
    if (place) sessionStorage.setItem(PLACE, JSON.stringify(place));
  } catch {
    /* the list begins at its start */
  }
}

/** The stored place in the list with this filter, if there is one. */
function storedPlace() {
  try {
    const place = JSON.parse(sessionStorage.getItem(PLACE));
    return place?.filter === list.dataset.updates && !place.atStart ? place : null;
  } catch {
    return null;
  }
}

/**
 * Shows the part of the list that was visible on the last page with this filter. The position is that of a row, so that
 * chats that moved in the meantime do not shift it.
 */
async function restorePlace({ cursor, offset }) {
  const marker = { dataset: { cursor } };
  const isPastMarker = (row) => row && compareRows(row, marker) >= 0;
  for (let requests = 0; requests < MAX_RESTORED_PAGES; requests += 1) {
    if (isPastMarker(rows(list).at(-1)) || !nextPage() || !(await loadNext())) break;
  }
  const row = rows(list).find(isPastMarker) ?? rows(list).at(-1);
  if (row) list.scrollTop += row.getBoundingClientRect().top - list.getBoundingClientRect().top - offset;
}

/** Shows the row of the open chat, if the visible part does not contain it. */
function showCurrent() {
  const current = $("[aria-current]", list);
  if (!current) return;
  const [row, box] = [current.getBoundingClientRect(), list.getBoundingClientRect()];
  if (row.top < box.top) list.scrollTop -= box.top - row.top;
  else if (row.bottom > box.bottom) list.scrollTop += row.bottom - box.bottom;
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
  const place = pages && isShown() && !list.hasAttribute("data-later") ? storedPlace() : null;
  const restored = place ? restorePlace(place) : Promise.resolve();
  restored.then(() => {
    showCurrent();
    // A list that was hidden is shown once the window is wider, and then loads what is missing.
    new ResizeObserver(loadIfNear).observe(list);
    addEventListener("pagehide", storePlace);
  });
  document.addEventListener("keydown", (event) => {
    const step = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[shortcutOf(event)];
    if (!step || event.defaultPrevented || hasModifier(event)) return;
    const mayMoveFocus = event.key.startsWith("Arrow")
      ? event.target.closest(".list") && !event.target.matches("select")
      : isPlainShortcut(event);
    if (!mayMoveFocus) return;
    event.preventDefault();
    moveFocus(step);
  });
}
