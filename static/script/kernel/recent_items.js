// What one opened lately: kinds and numbers only, in this browser, for each user apart. Names are asked of the server
// each time, so that what is deleted or not to be seen any more does not stay here.

const MAX_ITEMS = 8;
const key = (reader) => `aloqa-recent-${reader}`;

/** The newest first, as `client-7`. */
export function recentItems(reader) {
  try {
    const kept = JSON.parse(localStorage.getItem(key(reader)));
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

/** Notes the client or the chat that this page shows. */
export function rememberItem(reader) {
  const [, kind, id] = location.pathname.match(/^\/crm\/(client|chat)s\/(\d+)$/) ?? [];
  if (!kind) return;
  const now = `${kind}-${id}`;
  const kept = [now, ...recentItems(reader).filter((one) => one !== now)].slice(0, MAX_ITEMS);
  try {
    localStorage.setItem(key(reader), JSON.stringify(kept));
  } catch {
    /* a browser that keeps nothing */
  }
}
