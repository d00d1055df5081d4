// Applies layout preferences at once, while the server stores them for this browser.

import { postFields } from "../kernel/net.js";

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-frame]");
  const button = event.submitter;
  if (!form || !button) return;
  event.preventDefault();
  const { name, value } = button;
  const kept = new FormData(form, button);
  const [open, closed] = form.dataset.frame.split(" ");
  document.documentElement.dataset[name] = value;
  button.value = value === open ? closed : open;
  if (button.ariaExpanded) button.ariaExpanded = String(value === open);
  if (button.dataset.other) [button.title, button.dataset.other] = [button.dataset.other, button.title];
  // A preference that could not be stored is back on the next page.
  postFields(form.action, kept).catch(() => {});
});
