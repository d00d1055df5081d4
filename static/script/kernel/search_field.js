// Searches while the user types; the address contains the query, so that back and reload keep it.

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
    // Beside a chat, a search changes the list only, and the page stays.
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
    // A button with its own address submits the form there.
    if (event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    clearTimeout(timer);
    run();
  });
}

$$("form[data-search]").forEach(bindSearch);
