// Refreshes the page of a running import.

import { $ } from "../kernel/dom.js";
import { refresh } from "../kernel/live_stream.js";

let timer;

function pollProgress() {
  clearTimeout(timer);
  if ($("[data-at-work]")) timer = setTimeout(() => refresh(), 1000);
}

document.addEventListener("refreshed", pollProgress);
pollProgress();
