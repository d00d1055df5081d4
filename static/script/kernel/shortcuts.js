// Keyboard shortcuts that open pages, and buttons that open dialogs.

import { $ } from "./dom.js";
import { isPlainShortcut, shortcutOf } from "./keyboard.js";

const keys = {
  "/": () => {
    const field = $("[data-slash]");
    field?.focus();
    field?.select();
    return field;
  },
  r: () => {
    const field = $("form[data-composer] #message");
    field?.focus();
    return field;
  },
  "?": () => {
    $("#keys").showModal();
    return true;
  },
};

document.addEventListener("keydown", (event) => {
  if (isPlainShortcut(event) && keys[shortcutOf(event)]?.()) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-dialog]");
  if (button) $(`#${button.dataset.dialog}`).showModal();
});
