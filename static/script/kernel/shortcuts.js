// Keyboard shortcuts that open pages, and buttons that open dialogs.

import { $ } from "./dom.js";
import { isPlainShortcut } from "./keyboard.js";

const keys = {
  "/": () => {
    const field = $("[data-slash]");
    field?.focus();
    field?.select();
    return field;
  },
  "?": () => {
    $("#keys").showModal();
    return true;
  },
};

document.addEventListener("keydown", (event) => {
  if (isPlainShortcut(event) && keys[event.key]?.()) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-dialog]");
  if (button) $(`#${button.dataset.dialog}`).showModal();
});
