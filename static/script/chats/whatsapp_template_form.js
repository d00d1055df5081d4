// Previews a WhatsApp template while its variables are filled in.

import { $ } from "../kernel/dom.js";

const form = $("form[data-approved]");
if (form) {
  form.addEventListener("input", () => {
    const value = (all, number) => form.elements[`variable_${number}`]?.value.trim() || all;
    $("#approved-preview").textContent = form.dataset.approved.replace(/\{\{(\d{1,3})\}\}/g, value);
  });
}
