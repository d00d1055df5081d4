// Recently opened records: kinds and ids only, in this browser, per user. The server gives the names each time, so that
// deleted and hidden records do not stay here.

const MAX_ITEMS = 8;
const key = (reader) => `aloqa-recent-${reader}`;

/** The newest first, such as `client-7`. */
export function recentItems(reader) {
  try {
    const kept = JSON.parse(localStorage.getItem(key(reader)));
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

/** Stores the client or the chat that this page shows. */
export function rememberItem(reader) {
  const [, kind, id] = location.pathname.match(/^\/crm\/(client|chat)s\/(\d+)$/) ?? [];
  if (!kind) return;
  const now = `${kind}-${id}`;
  const kept = [now, ...recentItems(reader).filter((one) => one !== now)].slice(0, MAX_ITEMS);
  try {
    localStorage.setItem(key(reader), JSON.stringify(kept));
  } catch {
    /* the browser does not allow storage */
  }
}
