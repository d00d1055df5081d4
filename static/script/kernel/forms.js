// Sends the small forms of a page without a reload.

import { refresh } from "./live_stream.js";
import { postForm } from "./net.js";

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-quiet], form[data-read]");
  if (!form) return;
  event.preventDefault();
  try {
    await postForm(form);
    await refresh();
  } catch {
    form.submit();
  }
});
