// Updates regions marked `data-live` with the server's current content.

import { $$ } from "./dom.js";
import { mergeList } from "../chats/chat_list.js";
import { mergeLog } from "../chats/message_log.js";
import { merge } from "./merging.js";

export function updateLiveRegions(page, ids) {
  for (const old of $$("[data-live]")) {
    if (ids && !ids.includes(old.id)) continue;
    const fresh = page.getElementById(old.id);
    if (!fresh) continue;
    if (old.dataset.live === "log") mergeLog(old, fresh);
    else if (old.dataset.live === "choice") {
      // The chosen option stays chosen, whatever the order of the options.
      const { value } = old;
      merge(old, fresh);
      old.value = value;
    } else if (old.dataset.live === "list") mergeList(old, fresh, page, Boolean(ids));
    else if (old.id !== "chat-pages" || !old.hasAttribute("data-further")) merge(old, fresh);
  }
  if (!ids) document.title = page.title;
}
