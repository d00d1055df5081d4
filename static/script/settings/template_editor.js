// The editor of a message template: inserts placeholders at the caret, and previews the message. The server fills
// the preview in, as it fills messages.

import { $, $$ } from "../kernel/dom.js";
import { submitForm } from "../kernel/net.js";
import { merge } from "../kernel/merging.js";

function editor(form) {
  const field = $("#f-template", form);
  const shown = $("#preview", form);
  const look = $("button.look", form);
  let timer;
  let latest = 0;
  const show = async () => {
    const mine = ++latest;
    try {
      const { page } = await submitForm(form, look);
      const fresh = page.getElementById("preview");
      if (mine === latest && fresh) merge(shown, fresh);
    } catch {
      /* the preview is updated with the next letter, or by the button */
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 120);
  });
  for (const button of $$("[data-insert]", form)) {
    button.addEventListener("click", () => {
      field.focus();
      field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

$$("form[data-preview]").forEach(editor);
