// Fetches what the events of the live stream name: the changed rows and messages, or the whole page where needed.

import { $, $$, body } from "./dom.js";
import { hasRow, isRowVisible, mergeRows } from "../chats/chat_list.js";
import { addUnseenCount, messageElements, mergeLog, messageId } from "../chats/message_log.js";
import { fetchPage } from "./net.js";
import { merge } from "./merging.js";
import { updateLiveRegions } from "./live_regions.js";

const noUpdates = () => ({ whole: false, transports: false, rows: new Set(), messages: new Set() });
let pending = noUpdates();
let refreshing = null;
let updateAgain = false;
/** Chats whose rows have changed while they were out of view. */
const staleRows = new Set();
const GATHER_INTERVAL = 300;
let updatedAt = 0;

/** Updates the whole page. */
export function refresh() {
  pending.whole = true;
  return update();
}

/** Updates a chat's row and the counters of chats. */
export function refreshChat(chat) {
  pending.rows.add(Number(chat));
  return update();
}

async function update() {
  if (refreshing) {
    updateAgain = true;
    return refreshing;
  }
  refreshing = (async () => {
    let pause = 250;
    do {
      updateAgain = false;
      const asked = location.pathname;
      const news = pending;
      pending = noUpdates();
      try {
        if (news.whole || !(await updateParts(news))) {
          const page = await fetchPage(location.href);
          if (asked === location.pathname) updateLiveRegions(page);
          else [pending.whole, updateAgain] = [true, true];
        }
      } catch (error) {
        // Another chat was opened in the meantime.
        if (asked !== location.pathname) {
          [pending.whole, updateAgain] = [true, true];
          continue;
        }
        // The record of the page was deleted or merged: the server's page says so and links to the next step.
        if (error.message === "404") {
          location.reload();
          return;
        }
        // Nothing is lost: once the server responds again, the whole page is fetched.
        pending.whole = true;
        clearTimeout(retry);
        retry = setTimeout(update, 2000);
      }
      // In a storm of events a page looks four times a second, not for each of them; in one that lasts, such as an
      // import of thousands of clients, once a second.
      if (updateAgain) await new Promise((resolve) => setTimeout(resolve, pause));
      pause = Math.min(pause * 1.3, 1000);
    } while (updateAgain);
  })();
  await refreshing;
  refreshing = null;
  updatedAt = Date.now();
  document.dispatchEvent(new Event("refreshed"));
}
let retry;

/** Fetches only the changed parts; `false` when the whole page is needed. */
async function updateParts({ rows, messages, transports }) {
  const list = $("#chat-list");
  const log = $("#log[data-live]");
  if (rows.size > 100) return false;
  const url = new URL(list?.dataset.updates ?? "/crm/chats/parts", location.href);
  if (list && rows.size) url.searchParams.set("rows", [...rows]);
  let here = log && rows.has(Number(log.dataset.chat));
  if (here) {
    url.searchParams.set("chat", log.dataset.chat);
    if (transports) url.searchParams.set("ways", "now");
    for (const [end, id] of messageRange(log, messages)) url.searchParams.set(end, id);
  }
  const page = await fetchPage(url);
  // Another chat may have been opened in the meantime.
  if (log !== $("#log[data-live]")) here = false;
  const fresh = (id) => page.getElementById(id);
  if (
    list &&
    !mergeRows(
      fresh("chat-list"),
      [...rows].map((id) => `c${id}`),
    )
  )
    return false;
  for (const id of ["nav", "chat-tabs", ...(here ? ["chat-actions"] : [])]) {
    const [old, now] = [document.getElementById(id), fresh(id)];
    if (!old || !now) continue;
    // The parts belong to the chats, whatever page this is.
    if (id === "nav") keepCurrentLink(old, now);
    merge(old, now);
  }
  if (here && fresh("log")) mergeLog(log, fresh("log"));
  if (here && transports) updateLiveRegions(page, ["limits", "transport"]);
  const count = /^\(\d+\) /.exec(page.title)?.[0] ?? "";
  document.title = count + document.title.replace(/^\(\d+\) /, "");
  return true;
}

function keepCurrentLink(old, now) {
  const here = $("[aria-current]", old)?.getAttribute("href");
  for (const link of $$("a", now)) {
    if (link.getAttribute("href") === here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

/**
 * The stretch of messages to ask for: from the one before the first that changed, since that one may have ended a
 * turn.
 */
function messageRange(log, messages) {
  const shown = messageElements(log)
    .map(messageId)
    .sort((one, other) => one - other);
  const [first, last] = [shown[0] ?? 0, shown.at(-1) ?? 0];
  const cut = $("#newer", log);
  const wanted = [...messages].filter((id) => id >= first && (!cut || id <= last));
  if (!wanted.length) return [];
  const [lowest, highest] = [Math.min(...wanted), Math.max(...wanted)];
  const from = shown.filter((id) => id < lowest).at(-1) ?? lowest;
  const to = shown.find((id) => id > highest);
  return to
    ? [
        ["from", from],
        ["to", to],
      ]
    : [["from", from]];
}

// The kinds of events that the features of this page listen to: after some a page is loaded as a whole, after others
// one chat is.
const eventKinds = (names) => names?.split(" ").filter(Boolean) ?? [];
const PAGE_EVENTS = eventKinds(body.dataset.pageEvents);
const CHAT_EVENTS = eventKinds(body.dataset.chatEvents);

function recordEvent(kind, { chat_id: chat, message_id: message }) {
  // A scheduled message above the composer moves into the log when it is sent.
  if (!CHAT_EVENTS.includes(kind) || $(`#waiting #s${message}`)) {
    pending.whole = true;
    return;
  }
  const log = $("#log[data-live]");
  const isOpen = Number(log?.dataset.chat) === chat;
  // A status changes neither the order of the list nor its counts: a row is fetched once it is seen.
  if (kind === "MessageStatusChanged" && !isOpen && !isRowVisible(chat)) {
    if (hasRow(chat)) staleRows.add(chat);
    return;
  }
  pending.rows.add(chat);
  if (!isOpen || !message) return;
  if (kind === "MessageRead") {
    $$("article[data-unread]", log)
      .filter((one) => messageId(one) <= message)
      .forEach((one) => one.removeAttribute("data-unread"));
  } else if (kind !== "MessageUnread") pending.messages.add(message);
  // A client's message may open the service window or extend it.
  if (kind === "MessageReceived" && $("#window")) pending.transports = true;
  if (kind === "MessageReceived" && $("#newer", log)) addUnseenCount(1);
}

/** Fetches the changed rows that have come into view. */
function updateStaleRows() {
  const seen = [...staleRows].filter(isRowVisible);
  if (!seen.length) return;
  for (const chat of seen) {
    staleRows.delete(chat);
    pending.rows.add(chat);
  }
  update();
}

/** Browsers open six connections to a server at most over HTTP/1.1, and a stream holds one. So the tabs of a session
 *  share one: whoever holds the lock listens and tells the others; when it goes, the next one takes over. */
function followEvents() {
  const url = new URL(body.dataset.events, location.href);
  const session = `aloqa-${body.dataset.csrf}`;
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel(session) : null;
  let seen = Number(url.searchParams.get("after"));
  let listening = false;
  let timer;
  let lost;
  const receive = ({ id, kind, data }) => {
    if (id <= seen) return;
    if (kind) document.dispatchEvent(new CustomEvent("live-event", { detail: { kind, data, first: listening } }));
    // Events that another tab received before this one listened: known to exist, but not which.
    if (kind) recordEvent(kind, data);
    else pending.whole = true;
    seen = id;
    if (!pending.whole && !pending.rows.size) return;
    clearTimeout(timer);
    timer = setTimeout(update, Math.max(40, updatedAt + GATHER_INTERVAL - Date.now()));
  };
  const connected = (yes) => {
    // Each failed attempt is reported again; the time counts from the first.
    if (!yes) {
      lost ??= setTimeout(() => showToast(body.dataset.lost), 3000);
      return;
    }
    clearTimeout(lost);
    lost = null;
    showToast("");
  };
  const broadcast = (what) => {
    if (listening) tabs?.postMessage(what);
  };
  const dispatchPresence = (detail) => document.dispatchEvent(new CustomEvent("presence", { detail }));

  const listen = () =>
    new Promise((end) => {
      listening = true;
      url.searchParams.set("after", seen);
      const stream = new EventSource(url);
      for (const kind of [...PAGE_EVENTS, ...CHAT_EVENTS]) {
        stream.addEventListener(kind, (event) => {
          const received = { id: Number(event.lastEventId), kind, data: JSON.parse(event.data) };
          receive(received);
          broadcast(received);
        });
      }
      stream.addEventListener("Presence", (event) => {
        const presence = JSON.parse(event.data);
        dispatchPresence(presence);
        broadcast({ presence });
      });
      stream.addEventListener("open", () => {
        connected(true);
        broadcast({ connected: true });
      });
      stream.addEventListener("error", () => {
        connected(false);
        broadcast({ connected: false });
        // A stream that the server refused does not come back by itself: the page is looked at, and it is tried
        // again.
        if (stream.readyState === EventSource.CLOSED)
          setTimeout(() => {
            refresh();
            end();
          }, 3000);
      });
      addEventListener("pagehide", () => stream.close(), { once: true });
    }).then(() => {
      listening = false;
      shareStream();
    });
  const shareStream = () => (navigator.locks ? navigator.locks.request(session, listen) : listen());

  tabs?.addEventListener("message", ({ data }) => {
    if (data.ask) broadcast({ id: seen });
    else if (data.presence) dispatchPresence(data.presence);
    else if ("id" in data) receive(data);
    else connected(data.connected);
  });
  // Events that another tab received before this one listened.
  tabs?.postMessage({ ask: true });
  shareStream();
}

/** After midnight, dates such as "today" change, also on a page that stays open. */
function refreshAtMidnight() {
  const midnight = Number(body.dataset.midnight);
  const check = () => {
    if (Date.now() < midnight) {
      setTimeout(check, Math.min(midnight - Date.now() + 1000, 3_600_000));
      return;
    }
    refresh();
    setTimeout(check, 86_400_000);
  };
  setTimeout(check, Math.min(Math.max(midnight - Date.now(), 60_000), 3_600_000));
}

export function showToast(text) {
  const toasts = $("#toasts");
  if (!toasts) return;
  toasts.replaceChildren();
  if (text) toasts.append(Object.assign(document.createElement("p"), { textContent: text }));
}

if (body.dataset.events) {
  followEvents();
  let scrolled;
  $("#chat-list")?.addEventListener(
    "scroll",
    () => {
      clearTimeout(scrolled);
      scrolled = setTimeout(updateStaleRows, 100);
    },
    { passive: true },
  );
  refreshAtMidnight();
}
