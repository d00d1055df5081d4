// What the stream tells of is asked for: the rows and messages that changed, or the whole page where that is not enough.

import { $, $$, body } from "./dom.js";
import { mergeRows } from "../chats/chat_list.js";
import { addBelow, articles, mergeLog, number } from "../chats/message_log.js";
import { fetchPage } from "./net.js";
import { merge, swap } from "./live_regions.js";

const nothing = () => ({ whole: false, ways: false, rows: new Set(), messages: new Set() });
let pending = nothing();
let refreshing = null;
let again = false;

/** Brings the whole page up to date. */
export function refresh() {
  pending.whole = true;
  return run();
}

/** Brings a chat's row up to date, and with it what counts chats. */
export function touch(chat) {
  pending.rows.add(Number(chat));
  return run();
}

async function run() {
  if (refreshing) { again = true; return refreshing; }
  refreshing = (async () => {
    let pause = 250;
    do {
      again = false;
      const news = pending;
      pending = nothing();
      try {
        if (news.whole || !await part(news)) swap(await fetchPage(location.href));
      } catch (error) {
        // What the page showed is deleted or merged into another: the server says so, and where to go on.
        if (error.message === "404") { location.reload(); return; }
        // Nothing is lost: once the server answers again, the page is asked for whole.
        pending.whole = true;
        clearTimeout(retry);
        retry = setTimeout(run, 2000);
      }
      // In a storm of events a page looks four times a second, not for each of them; in one that lasts, such as an import
      // of thousands of clients, once a second.
      if (again) await new Promise((resolve) => setTimeout(resolve, pause));
      pause = Math.min(pause * 1.3, 1000);
    } while (again);
  })();
  await refreshing;
  refreshing = null;
  document.dispatchEvent(new Event("refreshed"));
}
let retry;

/** Asks only for what changed; `false` when the page is needed whole. */
async function part({ rows, messages, ways }) {
  const list = $("#chat-list");
  const log = $("#log[data-live]");
  if (rows.size > 100) return false;
  const url = new URL(list?.dataset.parts ?? "/crm/chats/parts", location.href);
  if (list && rows.size) url.searchParams.set("rows", [...rows]);
  const here = log && rows.has(Number(log.dataset.chat));
  if (here) {
    url.searchParams.set("chat", log.dataset.chat);
    if (ways) url.searchParams.set("ways", "now");
    for (const [end, id] of range(log, messages)) url.searchParams.set(end, id);
  }
  const page = await fetchPage(url);
  const fresh = (id) => page.getElementById(id);
  if (list && !mergeRows(fresh("chat-list"), [...rows].map((id) => `c${id}`))) return false;
  for (const id of ["nav", "chat-tabs", ...(here ? ["chat-actions"] : [])]) {
    const [old, now] = [document.getElementById(id), fresh(id)];
    if (!old || !now) continue;
    // The parts are those of the chats, wherever this page belongs.
    if (id === "nav") keepCurrent(old, now);
    merge(old, now);
  }
  if (here && fresh("log")) mergeLog(log, fresh("log"));
  if (here && ways) swap(page, ["limits", "transport"]);
  const count = /^\(\d+\) /.exec(page.title)?.[0] ?? "";
  document.title = count + document.title.replace(/^\(\d+\) /, "");
  return true;
}

function keepCurrent(old, now) {
  const here = $("[aria-current]", old)?.getAttribute("href");
  for (const link of $$("a", now)) {
    if (link.getAttribute("href") === here) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
}

/** The stretch of messages to ask for: from the one before the first that changed, since that one may have ended a turn. */
function range(log, messages) {
  const shown = articles(log).map(number);
  const [first, last] = [shown[0] ?? 0, shown.at(-1) ?? 0];
  const cut = $("#newer", log);
  const wanted = [...messages].filter((id) => id >= first && (!cut || id <= last));
  if (!wanted.length) return [];
  const [lowest, highest] = [Math.min(...wanted), Math.max(...wanted)];
  const from = shown.filter((id) => id < lowest).at(-1) ?? lowest;
  const to = shown.find((id) => id > highest);
  return to ? [["from", from], ["to", to]] : [["from", from]];
}

const OF_CHATS = ["ChatCreated", "MessageReceived", "MessageSent", "MessageStatusChanged", "MessageFilesChanged", "MessageEdited", "MessageRead", "MessageUnread"];
const KINDS = ["ClientCreated", "ClientUpdated", "ClientDeleted", "ClientMerged", "ClientUnmerged", ...OF_CHATS, "MessageScheduled", "ScheduleChanged", "ScheduleCancelled", "ReachChanged", "TemplateCreated", "TemplateUpdated", "TemplateDeleted"];

function note(kind, { chat_id: chat, message_id: message }) {
  // What waited above the composer goes into the log when it is out.
  if (!OF_CHATS.includes(kind) || $(`#waiting #s${message}`)) { pending.whole = true; return; }
  pending.rows.add(chat);
  const log = $("#log[data-live]");
  if (Number(log?.dataset.chat) !== chat || !message) return;
  if (kind === "MessageRead") {
    $$("article[data-unread]", log).filter((one) => number(one) <= message).forEach((one) => one.removeAttribute("data-unread"));
  } else if (kind !== "MessageUnread") pending.messages.add(message);
  // What the client wrote may open a window, or keep it open for longer.
  if (kind === "MessageReceived" && $("#window")) pending.ways = true;
  if (kind === "MessageReceived" && $("#newer", log)) addBelow(1);
}

/** Browsers open six connections to a server at most over HTTP/1.1, and a stream holds one. So the tabs of a session
 *  share one: whoever holds the lock listens and tells the others; when it goes, the next one takes over. */
function follow() {
  const url = new URL(body.dataset.events, location.href);
  const session = `aloqa-${body.dataset.csrf}`;
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel(session) : null;
  let seen = Number(url.searchParams.get("after"));
  let listening = false;
  let soon;
  let lost;
  const news = ({ id, kind, data }) => {
    if (id <= seen) return;
    if (kind) document.dispatchEvent(new CustomEvent("news", { detail: { kind, data, first: listening } }));
    // What another tab heard before this one listened: that something was, but not what.
    if (kind) note(kind, data); else pending.whole = true;
    seen = id;
    clearTimeout(soon);
    soon = setTimeout(run, 40);
  };
  const connected = (yes) => {
    // Each new try that fails is told again; the time runs from the first.
    if (!yes) { lost ??= setTimeout(() => say(body.dataset.lost), 3000); return; }
    clearTimeout(lost);
    lost = null;
    say("");
  };
  const tell = (what) => { if (listening) tabs?.postMessage(what); };
  const present = (detail) => document.dispatchEvent(new CustomEvent("presence", { detail }));

  const listen = () => new Promise((end) => {
    listening = true;
    url.searchParams.set("after", seen);
    const stream = new EventSource(url);
    for (const kind of KINDS) {
      stream.addEventListener(kind, (event) => {
        const told = { id: Number(event.lastEventId), kind, data: JSON.parse(event.data) };
        news(told);
        tell(told);
      });
    }
    stream.addEventListener("Presence", (event) => {
      const presence = JSON.parse(event.data);
      present(presence);
      tell({ presence });
    });
    stream.addEventListener("open", () => { connected(true); tell({ connected: true }); });
    stream.addEventListener("error", () => {
      connected(false);
      tell({ connected: false });
      // A stream that the server refused does not come back by itself: the page is looked at, and it is tried again.
      if (stream.readyState === EventSource.CLOSED) setTimeout(() => { refresh(); end(); }, 3000);
    });
    addEventListener("pagehide", () => stream.close(), { once: true });
  }).then(() => { listening = false; share(); });
  const share = () => (navigator.locks ? navigator.locks.request(session, listen) : listen());

  tabs?.addEventListener("message", ({ data }) => {
    if (data.ask) tell({ id: seen });
    else if (data.presence) present(data.presence);
    else if ("id" in data) news(data);
    else connected(data.connected);
  });
  // What another tab heard before this one listened.
  tabs?.postMessage({ ask: true });
  share();
}

/** "Today" means another day after midnight, also in a page that stays open over night. */
function followDays() {
  const midnight = Number(body.dataset.midnight);
  const turn = () => {
    if (Date.now() < midnight) { setTimeout(turn, Math.min(midnight - Date.now() + 1000, 3_600_000)); return; }
    refresh();
    setTimeout(turn, 86_400_000);
  };
  setTimeout(turn, Math.min(Math.max(midnight - Date.now(), 60_000), 3_600_000));
}

export function say(text) {
  const toasts = $("#toasts");
  if (!toasts) return;
  toasts.replaceChildren();
  if (text) toasts.append(Object.assign(document.createElement("p"), { textContent: text }));
}

if (body.dataset.events) { follow(); followDays(); }
