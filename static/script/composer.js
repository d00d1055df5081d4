// The composer sends without a reload, and one press is one message.

import { $, $$, body } from "./dom.js";
import { refresh } from "./live.js";
import { toEnd } from "./log.js";
import { post } from "./net.js";

function composer(form) {
  const field = $("textarea", form);
  const error = $("#composer-error", form);
  const count = $("[data-count]", form);
  const show = () => { count.textContent = field.value ? `${[...field.value].length} / ${count.dataset.count}` : ""; };
  const renew = () => { form.elements.idempotency_key.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`; };
  let sending = false;
  let next = false;
  let refused = null;

  field.addEventListener("input", () => { show(); error.hidden = true; });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value;
    const files = form.elements.attachments;
    if (!text.trim() && !files?.files.length) return;
    // What is pressed meanwhile goes out afterwards, in order.
    if (sending) { next = true; return; }
    sending = true;
    // The key stays the same until the server has said yes, so that trying again can't send twice.
    if (refused !== null && refused !== text) renew();
    error.hidden = true;
    const answer = post(form);
    field.value = "";
    show();
    try {
      await answer;
      if (files) files.value = "";
      refused = null;
      renew();
    } catch ({ problem }) {
      refused = text;
      next = false;
      field.value = [text, field.value].filter(Boolean).join("\n");
      show();
      const messages = Object.values(problem?.errors ?? {}).flat();
      error.textContent = messages.length ? messages.join(" ") : problem?.detail ?? body.dataset.failed;
      error.hidden = false;
    }
    sending = false;
    field.focus();
    if (next) { next = false; form.requestSubmit(); return; }
    if (!error.hidden) return;
    await refresh();
    const log = $("#log");
    if (log) toEnd(log);
  });
  show();
  if (matchMedia("(pointer: fine)").matches) field.focus();
}

$$("form[data-composer]").forEach(composer);
