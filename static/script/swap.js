// A region marked `data-live` takes what the server shows of it now.

import { $$ } from "./dom.js";
import { swapLog } from "./log.js";

/** Makes `old` like `fresh`, child by child: same id, same place; what did not change is not touched, so that focus,
 *  selection and scrolling stay where they are. */
export function merge(old, fresh, keepUnknown = () => false) {
  const kept = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
  const next = [];
  for (const child of fresh.children) {
    const known = kept.get(child.id);
    // What someone is typing into stays, whatever has changed around it.
    const stays = known && (known.hasAttribute("data-keep") || known.isEqualNode(child));
    next.push(stays ? known : document.importNode(child, true));
  }
  const wanted = new Set(next);
  const before = [...old.children].filter((child) => !wanted.has(child) && keepUnknown(child));
  const order = [...before, ...next];
  for (const child of [...old.children]) if (!order.includes(child)) child.remove();
  order.forEach((child, index) => {
    if (old.children[index] !== child) old.insertBefore(child, old.children[index] ?? null);
  });
}

export function swap(page, ids) {
  for (const old of $$("[data-live]")) {
    if (ids && !ids.includes(old.id)) continue;
    const fresh = page.getElementById(old.id);
    if (!fresh || old.isEqualNode(fresh)) continue;
    if (old.dataset.live === "log") swapLog(old, fresh);
    else merge(old, fresh);
  }
  if (!ids) document.title = page.title;
}
