// The conversation: it keeps its place, follows the newest message, loads what is above and below, and stays small.

import { $, $$ } from "../kernel/dom.js";
import { fetchPage } from "../kernel/net.js";
import { arrange, keepPlace, known } from "../kernel/live_regions.js";

/** More messages than this are not kept on the page; those far from what one reads are dropped. */
const MOST = 240;
const NEAR = 600;

const log = $("#log[data-live]");
const jump = $("#jump");
let below = 0;
let loading = false;

export const articles = (node) => [...node.children].filter((child) => child.tagName === "ARTICLE");
export const number = (article) => Number(article?.id.slice(1));
const isAtEnd = (node) => node.scrollHeight - node.scrollTop - node.clientHeight < 80;
const follows = (node) => { notice(node); return following && !$("#newer", node); };

/** Whether one is at the newest message, and where the log was when that was looked at. What is drawn for the first time
 *  may be taller than it was taken for, which moves the end away; only a way up is somebody's own. */
let following = false;
let at = 0;

function notice(node) {
  if (isAtEnd(node)) following = true;
  else if (node.scrollTop < at - 1) following = false;
  at = node.scrollTop;
}

function place(node, top) {
  node.scrollTop = top;
  at = node.scrollTop;
  following = isAtEnd(node);
}

export function toEnd(node) {
  let frames = 12;
  const go = () => {
    place(node, node.scrollHeight);
    if (frames--) requestAnimationFrame(() => { notice(node); if (following) go(); });
  };
  go();
}

/** Each message with the day and the line that stand before it. */
function groups(node) {
  const all = [];
  let heads = [];
  for (const child of node.children) {
    if (child.tagName === "ARTICLE") { all.push({ heads, article: child, id: number(child) }); heads = []; }
    else if (child.matches(".day, .new")) heads.push(child);
  }
  return all;
}

/** Takes a stretch of the conversation. What lies outside it stays, unless something is missing between the two. */
export function mergeLog(old, fresh, adjacent = false) {
  const own = groups(old);
  const come = groups(fresh);
  const newest = own.at(-1)?.id ?? 0;
  if (!come.length) {
    if (!own.length && fresh.children.length) arrange(old, [...fresh.children].map((child) => known(old, child)));
    return;
  }
  const [first, last] = [come[0].id, come.at(-1).id];
  const gap = own.length && !adjacent
    && ((newest < first && $("#older", fresh)) || (own[0].id > last && $("#newer", fresh)));
  const before = gap ? [] : own.filter(({ id }) => id < first);
  const after = gap ? [] : own.filter(({ id }) => id > last);
  const link = (kept, id) => (kept.length ? $(id, old) : $(id, fresh) && known(old, $(id, fresh)));
  const followed = follows(old);
  const change = () => {
    const line = $(".new", old);
    const under = own.find(({ heads }) => heads.includes(line))?.id;
    const days = new Set();
    const order = [];
    for (const { heads, article, id } of [...before, ...come, ...after]) {
      for (const head of heads) {
        // Each day is named once, and the line stays where it was when the page was opened.
        if (head.matches(".day") ? days.has(head.id) : own.length) continue;
        days.add(head.id);
        order.push(head.parentNode === old ? head : known(old, head));
      }
      if (id === under) order.push(line);
      order.push(article.parentNode === old ? article : known(old, article));
    }
    arrange(old, [link(before, "#older"), ...order, link(after, "#newer")].filter(Boolean));
  };
  if (followed) { change(); trim(true); toEnd(old); } else keepPlace(old, () => articles(old), change, true);
  if (own.length && !adjacent) tell(articles(old).filter((article) => number(article) > newest), followed);
  show();
}

/** What is new is said, and counted where one does not see it. */
function tell(fresh, followed) {
  const inbound = fresh.filter((article) => !article.matches(".out"));
  const spoken = inbound.slice(-3).map((article) => $(".bubble", article)?.textContent.trim()).filter(Boolean);
  const announce = $("#announce");
  if (spoken.length && announce) announce.textContent = `${announce.dataset.name}: ${spoken.join(". ")}`;
  if (!followed) addBelow(inbound.length);
}

/** Messages that are further down than one looks. */
export function addBelow(count) {
  below += count;
  show();
}

function show() {
  if (!jump) return;
  const away = !follows(log);
  if (!away) below = 0;
  jump.hidden = !away;
  const count = $("#jump-count", jump);
  count.textContent = below;
  count.hidden = !below;
}

/** What is far from what one reads goes; a link leads back to it. */
function trim(fromStart) {
  const all = articles(log);
  if (all.length <= MOST) return;
  const keep = fromStart ? all.slice(-MOST) : all.slice(0, MOST);
  const kept = new Set(keep);
  const edge = fromStart ? keep[0] : keep.at(-1);
  for (const { heads, article } of groups(log)) if (!kept.has(article)) { heads.forEach((head) => head.remove()); article.remove(); }
  const [id, query, text] = fromStart ? ["older", "before", log.dataset.older] : ["newer", "after", log.dataset.newer];
  $(`#${id}`, log)?.remove();
  const link = Object.assign(document.createElement("a"), {
    id, className: "button ghost older", textContent: text, href: `${log.dataset.messages}?${query}=${number(edge)}`,
  });
  if (fromStart) log.prepend(link); else log.append(link);
}

/** What is above, or below, without losing the place. */
async function load(link) {
  if (loading) return;
  loading = true;
  link.setAttribute("aria-busy", "true");
  try {
    const part = (await fetchPage(link.href)).getElementById("log");
    $$(".newest", part).forEach((way) => way.remove());
    const up = link.id === "older";
    link.remove();
    $(up ? "#newer" : "#older", part)?.remove();
    mergeLog(log, part, true);
    keepPlace(log, () => articles(log), () => trim(!up), true);
    document.dispatchEvent(new Event("refreshed"));
  } catch { link.removeAttribute("aria-busy"); link.dataset.failed = ""; }
  loading = false;
  look();
}

function look() {
  const [older, newer] = [$("#older:not([data-failed])", log), $("#newer:not([data-failed])", log)];
  if (older && log.scrollTop < NEAR) load(older);
  else if (newer && log.scrollHeight - log.scrollTop - log.clientHeight < NEAR) load(newer);
  show();
}

/** To the newest message, also where it is not on the page yet. */
async function toNewest(event) {
  event.preventDefault();
  if ($("#newer", log)) {
    try {
      const page = await fetchPage(jump.href);
      const fresh = page.getElementById("log");
      articles(log).forEach((article) => article.remove());
      $$("#newer, #older, .day, .new", log).forEach((child) => child.remove());
      mergeLog(log, fresh);
      history.replaceState(null, "", jump.href);
    } catch { location.href = jump.href; return; }
  }
  toEnd(log);
  show();
  log.focus({ preventScroll: true });
  document.dispatchEvent(new Event("refreshed"));
}

if (log) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#older, #newer");
    if (!link) return;
    event.preventDefault();
    if (link.hasAttribute("data-failed")) location.href = link.href; else load(link);
  });
  jump?.addEventListener("click", toNewest);
  let waiting = false;
  log.addEventListener("scroll", () => {
    notice(log);
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; look(); });
  });
  const target = document.getElementById(log.dataset.target);
  const line = $(".new", log);
  const first = target ?? line;
  if (first) place(log, first.offsetTop - log.clientHeight / 2);
  else toEnd(log);
  // The composer grows and shrinks below it.
  new ResizeObserver(() => { if (following) toEnd(log); show(); }).observe(log);
  show();
  addEventListener("load", look);
}
