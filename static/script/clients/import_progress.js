// While an import is under way its page looks how far it is.

import { $ } from "../kernel/dom.js";
import { refresh } from "../kernel/live_stream.js";

let soon;

function look() {
  clearTimeout(soon);
  if ($("[data-at-work]")) soon = setTimeout(() => refresh(), 1000);
}

document.addEventListener("refreshed", look);
look();
