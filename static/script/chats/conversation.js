// Opens a chat in the middle of the page, so that the list beside it stays as it is. Modules bind themselves to each
// chat that is opened, and their bindings end with it.

import { $, body } from "../kernel/dom.js";
import { fetchPage } from "../kernel/net.js";
import { rememberItem } from "../kernel/recent_items.js";
import { markCurrentRow } from "./chat_list.js";

const CHAT = /^\/crm\/chats\/\d+$/;
const binders = [];
let binding = new AbortController();
let opening = null;

/**
 * Calls `bind` for the chat of the page, if there is one, and for each chat that is opened later. The signal ends with
 * the chat: listeners outside of it are bound to the signal.
 */
export function bindConversation(bind) {
  binders.push(bind);
  if ($(".conversation")) bind(binding.signal);
}

/** True if an address is that of a chat that can be opened here: the page shows the list of chats beside it. */
function canOpen(url) {
  const list = $("#chat-list");
  return url.origin === location.origin && CHAT.test(url.pathname) && Boolean(list?.clientHeight);
}

/** Shows the chat at an address; `false` if the page has to be loaded as a whole. */
export function openChat(href, push = true) {
  const url = new URL(href, location.href);
  // Files that are being uploaded belong to the chat on the page, and the browser asks before it leaves.
  if (!canOpen(url) || $("#upload:not([hidden])") || matchMedia("(width < 48rem)").matches) return false;
  opening?.abort();
  const mine = (opening = new AbortController());
  markCurrentRow(url.pathname);
  fetchPage(url, mine.signal)
    .then((page) => {
      if (!$(".conversation", page)) throw new Error("not a chat");
      replaceConversation(page, url, push);
    })
    .catch((error) => {
      if (error.name !== "AbortError") location.href = url;
    });
  return true;
}

function replaceConversation(page, url, push) {
  binding.abort();
  binding = new AbortController();
  if (push && url.href !== location.href) history.pushState(null, "", url);
  const list = $("#chat-list");
  const { scrollTop } = list;
  const parts = [$(".conversation", page), $("#details", page)];
  const [fresh, details] = parts.map((part) => document.importNode(part, true));
  const main = $("main.list");
  if (main) {
    // The list is a section beside the chat.
    const section = document.importNode($("section.list", page), false);
    section.append(...main.childNodes);
    main.replaceWith(section);
    list.scrollTop = scrollTop;
  }
  $(".conversation, .conversation-empty").replaceWith(fresh);
  $("#details")?.remove();
  fresh.after(details);
  document.title = page.title;
  rememberItem($("#spotlight")?.dataset.reader);
  markCurrentRow(url.pathname);
  for (const bind of binders) bind(binding.signal);
  document.dispatchEvent(new Event("refreshed"));
}

document.addEventListener("click", (event) => {
  const opensElsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (event.defaultPrevented || event.button || opensElsewhere) return;
  const link = event.target.closest?.("#chat-list a[href]");
  if (link && openChat(link.href)) event.preventDefault();
});
if (body.dataset.events && $("#chat-list"))
  addEventListener("popstate", () => {
    if (!openChat(location.href, false)) location.reload();
  });
