// Copies addresses with one press; a field with an address selects its text on focus.

import { body } from "./dom.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy");
  }
  const told = document.createElement("p");
  told.textContent = button.dataset.copied;
  document.getElementById("toasts").append(told);
  setTimeout(() => told.remove(), 2500);
});
for (const button of body.querySelectorAll("button[data-copy]")) button.hidden = false;
document.addEventListener("focusin", ({ target }) => {
  if (target.matches("input.address")) target.select();
});
