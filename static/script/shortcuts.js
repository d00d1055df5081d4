// Keys that lead somewhere.

import { $ } from "./dom.js";

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = $("[data-slash]");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
