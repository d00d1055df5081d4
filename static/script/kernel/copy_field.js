// Addresses are copied with one press. Without a script, their field selects all of itself when it is entered by
// hand.

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
