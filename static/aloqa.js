// What makes the pages smooth. All of them work without it: it follows the live stream, swaps what changed, sends the
// composer without a reload, marks as read what is seen, and searches as one types.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const { body } = document;

// ---- Swapping: a region marked `data-live` takes what the server shows of it now.

async function fetchPage(url) {
  const response = await fetch(url, { headers: { Accept: "text/html" } });
  // A session that is over leads to the sign-in page: go there rather than showing it in pieces.
  if (response.redirected && new URL(response.url).pathname === "/login") location.reload();
  if (!response.ok) throw new Error(`${response.status}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** Makes `old` like `fresh`, child by child: same id, same place; what did not change is not touched, so that focus,
 *  selection and scrolling stay where they are. */
function merge(old, fresh, keepUnknown = () => false) {
  const kept = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
  const next = [];
  for (const child of fresh.children) {
    const known = kept.get(child.id);
    next.push(known?.isEqualNode(child) ? known : document.importNode(child, true));
  }
  const wanted = new Set(next);
  const before = [...old.children].filter((child) => !wanted.has(child) && keepUnknown(child));
  const order = [...before, ...next];
  for (const child of [...old.children]) if (!order.includes(child)) child.remove();
  order.forEach((child, index) => {
    if (old.children[index] !== child) old.insertBefore(child, old.children[index] ?? null);
  });
}

function swap(page, ids) {
  for (const old of $$("[data-live]")) {
    if (ids && !ids.includes(old.id)) continue;
    const fresh = page.getElementById(old.id);
    if (!fresh || old.isEqualNode(fresh)) continue;
    if (old.dataset.live === "log") swapLog(old, fresh);
    else merge(old, fresh);
  }
  if (!ids) document.title = page.title;
}

/** The log keeps what was scrolled up to, and follows the newest message only if one was there already. */
function swapLog(old, fresh) {
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
const toEnd = (log) => { log.scrollTop = log.scrollHeight; };

// ---- Live: every event says only that something changed; the page is asked what it looks like now.

let refreshing = null;
let again = false;

async function refresh() {
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
  markRead();
}

const KINDS = ["ClientCreated", "ClientUpdated", "ClientDeleted", "ChatCreated", "MessageReceived", "MessageSent",
  "MessageStatusChanged", "MessageRead", "TemplateCreated", "TemplateUpdated", "TemplateDeleted"];

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

function say(text) {
  const toasts = $("#toasts");
  if (!toasts) return;
  toasts.replaceChildren();
  if (text) toasts.append(Object.assign(document.createElement("p"), { textContent: text }));
}

// ---- Reading: what is seen is read, by the same form that the button sends.

let marking = false;

async function markRead() {
  const form = $("form[data-read]");
  if (!form || marking || document.hidden || !document.hasFocus()) return;
  marking = true;
  try { await post(form); await refresh(); } catch { /* the button is still there */ } finally { marking = false; }
}

async function post(form, headers = {}) {
  const response = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { Accept: "application/json", ...headers },
  });
  if (!response.ok) throw Object.assign(new Error(`${response.status}`), { problem: await response.json().catch(() => null) });
  return response;
}

// ---- Composer.

function composer(form) {
  const field = $("textarea", form);
  const error = $("#composer-error", form);
  const count = $("[data-count]", form);
  const show = () => { count.textContent = field.value ? `${[...field.value].length} / ${count.dataset.count}` : ""; };
  const renew = () => { form.elements.idempotency_key.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`; };
  let sending = false;
  let next = false;
  let refused = null;

  field.addEventListener("input", () => { show(); error.hidden = true; });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value;
    if (!text.trim()) return;
    // What is pressed meanwhile goes out afterwards, in order.
    if (sending) { next = true; return; }
    sending = true;
    // The key stays the same until the server has said yes, so that trying again can't send twice.
    if (refused !== null && refused !== text) renew();
    error.hidden = true;
    const answer = post(form);
    field.value = "";
    show();
    try {
      await answer;
      refused = null;
      renew();
    } catch ({ problem }) {
      refused = text;
      next = false;
      field.value = [text, field.value].filter(Boolean).join("\n");
      show();
      const messages = Object.values(problem?.errors ?? {}).flat();
      error.textContent = messages.length ? messages.join(" ") : problem?.detail ?? body.dataset.failed;
      error.hidden = false;
    }
    sending = false;
    field.focus();
    if (next) { next = false; form.requestSubmit(); return; }
    if (!error.hidden) return;
    await refresh();
    const log = $("#log");
    if (log) toEnd(log);
  });
  show();
  if (matchMedia("(pointer: fine)").matches) field.focus();
}

// ---- Older messages, without losing the place.

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

// ---- Search as one types; the address keeps it, so that back and reload do too.

function search(form) {
  const ids = form.dataset.search.split(",");
  let soon;
  let latest = 0;
  const run = async () => {
    const mine = ++latest;
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    // In a conversation the list is searched beside it, so the page stays the same.
    const url = new URL(form.dataset.search.startsWith("chat-") ? location.pathname : form.action, location.href);
    url.search = query;
    try {
      const page = await fetchPage(url);
      if (mine !== latest) return;
      history.replaceState(null, "", url);
      swap(page, ids);
    } catch { form.submit(); }
  };
  form.addEventListener("input", () => { clearTimeout(soon); soon = setTimeout(run, 150); });
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(soon); run(); });
}

// ---- All together.

document.addEventListener("click", (event) => {
  const link = event.target.closest("#older");
  if (!link || !$("#log[data-live]")) return;
  event.preventDefault();
  older(link);
});

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-quiet], form[data-read]");
  if (!form) return;
  event.preventDefault();
  try { await post(form); await refresh(); } catch { form.submit(); }
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = $("[data-slash]");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

const log = $("#log[data-live]");
if (log) {
  const line = $(".new", log);
  if (line) log.scrollTop = line.offsetTop - log.clientHeight / 2; else toEnd(log);
}
$$("form[data-search]").forEach(search);
$$("form[data-composer]").forEach(composer);
addEventListener("focus", markRead);
document.addEventListener("visibilitychange", markRead);
if (body.dataset.events) follow();
markRead();
