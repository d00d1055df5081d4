// The message log: keeps its scroll position, follows the newest message, loads older and newer messages, stays small.

import { $, $$ } from "../kernel/dom.js";
import { bindConversation } from "./conversation.js";
import { fetchPage } from "../kernel/net.js";
import { arrange, keepScrollPosition, reuseOrImport } from "../kernel/merging.js";

/** The page keeps at most this many messages; those far from the visible ones are dropped. */
const MAX_MESSAGES = 240;
const LOAD_DISTANCE = 600;

let log = null;
let jump = null;
let unseenCount = 0;
let loading = false;

export const messageElements = (node) => [...node.children].filter((child) => child.tagName === "ARTICLE");
export const messageId = (article) => Number(article?.id.slice(1));
const isAtEnd = (node) => node.scrollHeight - node.scrollTop - node.clientHeight < 80;
const isFollowing = (node) => {
  trackScroll(node);
  return following && !$("#newer", node);
};

/**
 * True while the log follows the newest message, and its scroll position when that was last checked. Content that is
 * rendered for the first time may be taller than estimated, which moves the end; only scrolling up is the user's own.
 */
let following = false;
let lastScrollTop = 0;

function trackScroll(node) {
  if (isAtEnd(node)) following = true;
  else if (node.scrollTop < lastScrollTop - 1) following = false;
  lastScrollTop = node.scrollTop;
}

function setScrollTop(node, top) {
  node.scrollTop = top;
  lastScrollTop = node.scrollTop;
  following = isAtEnd(node);
}

export function scrollToEnd(node) {
  let frames = 12;
  const go = () => {
    if (!node.isConnected) return;
    setScrollTop(node, node.scrollHeight);
    if (frames--)
      requestAnimationFrame(() => {
        trackScroll(node);
        if (following) go();
      });
  };
  go();
}

/** Each message with the date heading and the line of new messages before it. */
function groupMessages(node) {
  const all = [];
  let heads = [];
  for (const child of node.children) {
    if (child.tagName === "ARTICLE") {
      all.push({ heads, article: child, id: messageId(child) });
      heads = [];
    } else if (child.matches(".day, .new")) heads.push(child);
  }
  return all;
}

/** Merges consecutive messages. Messages outside stay, unless there is a gap between the two. */
export function mergeLog(old, fresh, adjacent = false) {
  const own = groupMessages(old);
  const come = groupMessages(fresh);
  // Messages that arrived late are shown where they were written, so that ids are not always ascending.
  const ids = (groups) => groups.map(({ id }) => id);
  const [oldest, newest] = [Math.min(...ids(own)), Math.max(0, ...ids(own))];
  if (!come.length) {
    if (!own.length && fresh.children.length)
      arrange(
        old,
        [...fresh.children].map((child) => reuseOrImport(old, child)),
      );
    return;
  }
  const [first, last] = [Math.min(...ids(come)), Math.max(...ids(come))];
  const gap =
    own.length && !adjacent && ((newest < first && $("#older", fresh)) || (oldest > last && $("#newer", fresh)));
  const before = gap ? [] : own.filter(({ id }) => id < first);
  const after = gap ? [] : own.filter(({ id }) => id > last);
  const link = (kept, id) => (kept.length ? $(id, old) : $(id, fresh) && reuseOrImport(old, $(id, fresh)));
  const followed = isFollowing(old);
  const change = () => {
    const line = $(".new", old);
    const under = own.find(({ heads }) => heads.includes(line))?.id;
    const days = new Set();
    const order = [];
    for (const { heads, article, id } of [...before, ...come, ...after]) {
      for (const head of heads) {
        // Each date is shown once, and the line of new messages stays where it was when the page was opened.
        if (head.matches(".day") ? days.has(head.id) : own.length) continue;
        days.add(head.id);
        order.push(head.parentNode === old ? head : reuseOrImport(old, head));
      }
      if (id === under) order.push(line);
      order.push(article.parentNode === old ? article : reuseOrImport(old, article));
    }
    arrange(old, [link(before, "#older"), ...order, link(after, "#newer")].filter(Boolean));
  };
  if (followed) {
    change();
    trimLog(true);
    scrollToEnd(old);
  } else keepScrollPosition(old, () => messageElements(old), change, true);
  if (own.length && !adjacent)
    announceMessages(
      messageElements(old).filter((article) => messageId(article) > newest),
      followed,
    );
  updateJumpButton();
}

/** Announces new messages, and counts those that are out of view. */
function announceMessages(fresh, followed) {
  const inbound = fresh.filter((article) => !article.matches(".out"));
  const spoken = inbound
    .slice(-3)
    .map((article) => $(".bubble", article)?.textContent.trim())
    .filter(Boolean);
  const announce = $("#announce");
  if (spoken.length && announce) announce.textContent = `${announce.dataset.name}: ${spoken.join(". ")}`;
  if (!followed) addUnseenCount(inbound.length);
}

/** The messages below the visible part. */
export function addUnseenCount(count) {
  unseenCount += count;
  updateJumpButton();
}

function updateJumpButton() {
  if (!jump) return;
  const away = !isFollowing(log);
  if (!away) unseenCount = 0;
  jump.hidden = !away;
  const count = $("#jump-count", jump);
  count.textContent = unseenCount;
  count.hidden = !unseenCount;
}

/** Drops messages far from the visible ones; a link loads them again. */
function trimLog(fromStart) {
  const all = messageElements(log);
  if (all.length <= MAX_MESSAGES) return;
  const keep = fromStart ? all.slice(-MAX_MESSAGES) : all.slice(0, MAX_MESSAGES);
  const kept = new Set(keep);
  const edge = fromStart ? keep[0] : keep.at(-1);
  for (const { heads, article } of groupMessages(log))
    if (!kept.has(article)) {
      heads.forEach((head) => head.remove());
      article.remove();
    }
  const [id, query, text] = fromStart ? ["older", "before", log.dataset.older] : ["newer", "after", log.dataset.newer];
  $(`#${id}`, log)?.remove();
  const link = Object.assign(document.createElement("a"), {
    id,
    className: "button ghost older",
    textContent: text,
    href: `${log.dataset.messages}?${query}=${messageId(edge)}`,
  });
  if (fromStart) log.prepend(link);
  else log.append(link);
}

/** Loads older or newer messages and keeps the scroll position. */
async function loadMore(link) {
  if (loading) return;
  loading = true;
  link.setAttribute("aria-busy", "true");
  const asked = log;
  try {
    const part = (await fetchPage(link.href)).getElementById("log");
    // Another chat may have been opened in the meantime.
    if (asked !== log) return;
    $$(".newest", part).forEach((way) => way.remove());
    const up = link.id === "older";
    link.remove();
    $(up ? "#newer" : "#older", part)?.remove();
    mergeLog(log, part, true);
    keepScrollPosition(
      log,
      () => messageElements(log),
      () => trimLog(!up),
      true,
    );
    document.dispatchEvent(new Event("refreshed"));
  } catch {
    if (asked !== log) return;
    link.removeAttribute("aria-busy");
    link.dataset.failed = "";
  }
  loading = false;
  loadIfNear();
}

function loadIfNear() {
  const [older, newer] = [$("#older:not([data-failed])", log), $("#newer:not([data-failed])", log)];
  if (older && log.scrollTop < LOAD_DISTANCE) loadMore(older);
  else if (newer && log.scrollHeight - log.scrollTop - log.clientHeight < LOAD_DISTANCE) loadMore(newer);
  updateJumpButton();
}

/** Goes to the newest message, also where it is not on the page yet. */
async function jumpToNewest(event) {
  event.preventDefault();
  if ($("#newer", log)) {
    try {
      const page = await fetchPage(jump.href);
      const fresh = page.getElementById("log");
      if (!event.target.isConnected) return;
      messageElements(log).forEach((article) => article.remove());
      $$("#newer, #older, .day, .new", log).forEach((child) => child.remove());
      mergeLog(log, fresh);
      history.replaceState(null, "", jump.href);
    } catch {
      location.href = jump.href;
      return;
    }
  }
  scrollToEnd(log);
  updateJumpButton();
  log.focus({ preventScroll: true });
  document.dispatchEvent(new Event("refreshed"));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#log > #older, #log > #newer");
  if (!link || !log) return;
  event.preventDefault();
  if (link.hasAttribute("data-failed")) location.href = link.href;
  else loadMore(link);
});

bindConversation((signal) => {
  log = $("#log[data-live]");
  jump = $("#jump");
  [unseenCount, loading, following, lastScrollTop] = [0, false, false, 0];
  if (!log) return;
  jump?.addEventListener("click", jumpToNewest);
  const shown = log;
  let waiting = false;
  log.addEventListener("scroll", () => {
    if (shown !== log) return;
    trackScroll(log);
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (shown === log) loadIfNear();
    });
  });
  const target = document.getElementById(log.dataset.target);
  const first = target ?? $(".new", log);
  if (first) setScrollTop(log, first.offsetTop - log.clientHeight / 2);
  else scrollToEnd(log);
  // The composer below the log grows and shrinks.
  const observer = new ResizeObserver(() => {
    if (following) scrollToEnd(shown);
    updateJumpButton();
  });
  observer.observe(log);
  signal.addEventListener("abort", () => observer.disconnect());
  updateJumpButton();
  if (document.readyState === "complete") loadIfNear();
  else addEventListener("load", loadIfNear, { signal });
});
