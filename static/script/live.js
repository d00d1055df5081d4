// Every event of the stream says only that something changed; the page is asked what it looks like now.

import { $, body } from "./dom.js";
import { fetchPage } from "./net.js";
import { swap } from "./swap.js";

let refreshing = null;
let again = false;

export async function refresh() {
  if (refreshing) { again = true; return refreshing; }
  refreshing = (async () => {
    do {
      again = false;
      // When the server does not answer, the stream tells when it is back.
      const page = await fetchPage(location.href).catch(() => null);
      if (page) swap(page);
      // In a storm of events a page looks four times a second, not for each of them.
      if (again) await new Promise((resolve) => setTimeout(resolve, 250));
    } while (again);
  })();
  await refreshing;
  refreshing = null;
  document.dispatchEvent(new Event("refreshed"));
}

const KINDS = ["ClientCreated", "ClientUpdated", "ClientDeleted", "ChatCreated", "MessageReceived", "MessageSent",
  "MessageStatusChanged", "MessageFilesChanged", "MessageRead", "TemplateCreated", "TemplateUpdated", "TemplateDeleted"];

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
  const news = (id) => {
    if (id <= seen) return;
    seen = id;
    clearTimeout(soon);
    soon = setTimeout(refresh, 40);
  };
  const connected = (yes) => {
    // Each new try that fails is told again; the time runs from the first.
    if (!yes) { lost ??= setTimeout(() => say(body.dataset.lost), 3000); return; }
    clearTimeout(lost);
    lost = null;
    say("");
  };
  const tell = (what) => { if (listening) tabs?.postMessage(what); };

  const listen = () => new Promise((end) => {
    listening = true;
    url.searchParams.set("after", seen);
    const stream = new EventSource(url);
    for (const kind of KINDS) {
      stream.addEventListener(kind, (event) => { news(Number(event.lastEventId)); tell({ id: seen }); });
    }
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
    else if ("id" in data) news(data.id);
    else connected(data.connected);
  });
  // What another tab heard before this one listened.
  tabs?.postMessage({ ask: true });
  share();
}

export function say(text) {
  const toasts = $("#toasts");
  if (!toasts) return;
  toasts.replaceChildren();
  if (text) toasts.append(Object.assign(document.createElement("p"), { textContent: text }));
}

if (body.dataset.events) follow();
