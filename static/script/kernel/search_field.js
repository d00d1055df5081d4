// Search as one types; the address keeps it, so that back and reload do too.

import { $$ } from "./dom.js";
import { fetchPage } from "./net.js";
import { updateLiveRegions } from "./live_regions.js";

function bindSearch(form) {
  const ids = form.dataset.search.split(",");
  let timer;
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
      updateLiveRegions(page, ids);
    } catch {
      form.submit();
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(run, 150);
  });
  form.addEventListener("submit", (event) => {
    // A button that takes the filter elsewhere does so.
    if (event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    clearTimeout(timer);
    run();
  });
}

$$("form[data-search]").forEach(bindSearch);
