// Keys that lead somewhere.

import { $, body } from "./dom.js";

/** Whether a key is a letter of a text, or meant for something else than a shortcut. */
const isTyped = (event) => Boolean(event.target.closest("input, textarea, select, [contenteditable], dialog[open]"))
  || event.ctrlKey || event.metaKey || event.altKey || event.isComposing;

const keys = {
  "/": () => {
    const field = $("[data-slash]");
    field?.focus();
    field?.select();
    return field;
  },
  "?": () => { $("#keys").showModal(); return true; },
};

document.addEventListener("keydown", (event) => {
  if ("noKeys" in body.dataset || isTyped(event)) return;
  if (keys[event.key]?.()) event.preventDefault();
});
