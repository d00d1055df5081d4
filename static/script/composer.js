// The composer sends without a reload, and one press is one message whatever the network does.

import { $, $$, body } from "./dom.js";
import { counter } from "./count.js";
import { drafts } from "./draft.js";
import { later } from "./later.js";
import { refresh } from "./live.js";
import { toEnd } from "./log.js";
import { post } from "./net.js";
import { templates } from "./templates.js";

const fine = matchMedia("(any-pointer: fine)").matches;

/** What is on its way, as the log shows it until the server has it. */
function onItsWay(text, label) {
  const message = document.createElement("div");
  message.className = "message out first pending";
  const bubble = Object.assign(document.createElement("div"), { className: "bubble" });
  const words = Object.assign(document.createElement("p"), { dir: "auto", textContent: text });
  bubble.append(words);
  const footer = document.createElement("footer");
  footer.append(Object.assign(document.createElement("span"), { textContent: label }));
  message.append(bubble, footer);
  return message;
}

function composer(form) {
  const field = $("#message", form);
  const error = $("#composer-error", form);
  const schedule = later(form);
  const count = counter(form);
  const draft = drafts(form, () => sending);
  const { idempotency_key: key, template_id: template, written_at: written } = form.elements;
  let sending = null;
  let next = false;
  // A draft may have been on its way when its page was left: changed, it is another message.
  let refused = field.value || null;
  const renew = () => { key.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`; };
  const changed = () => { count(); draft.changed(); };
  const fail = (problem) => {
    const { scheduled_at: when, ...others } = problem?.errors ?? {};
    schedule.fail(when?.join(" ") ?? "");
    const messages = Object.values(others).flat();
    error.textContent = messages.length || when ? messages.join(" ") : problem?.detail ?? body.dataset.failed;
    error.hidden = !error.textContent;
  };

  field.addEventListener("input", () => { error.hidden = true; changed(); });
  form.elements.transport.addEventListener("change", changed);
  field.addEventListener("keydown", (event) => {
    // Enter that ends a word of an input method is not ours; on a phone it breaks the line, and the button sends.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || !fine) return;
    event.preventDefault();
    form.requestSubmit();
  });
  document.addEventListener("refreshed", () => { if (sending) $("#log")?.append(sending.shown); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value;
    const files = form.elements.attachments;
    if (!text.trim() && !files?.files.length) return;
    // What is pressed meanwhile goes out afterwards, in order.
    if (sending) { next = true; return; }
    // The key stays the same until the server has said yes, so that trying again can't send twice.
    if (refused !== null && refused !== text) renew();
    error.hidden = true;
    schedule.fail("");
    written.value = draft.stamp();
    const waits = schedule.waits(event.submitter);
    sending = { text, key: key.value, at: written.value, template: template.value, shown: onItsWay(text, form.dataset.sending) };
    const log = $("#log");
    if (log && !waits) { log.append(sending.shown); toEnd(log); }
    const answer = post(form, {}, event.submitter);
    field.value = "";
    count();
    try {
      await answer;
      if (files) files.value = "";
      refused = null;
      template.value = "";
      renew();
      schedule.done();
    } catch ({ problem }) {
      refused = text;
      next = false;
      sending.shown.remove();
      field.value = [text, field.value].filter(Boolean).join("\n");
      fail(problem);
    }
    sending.shown.classList.add("arrived");
    sending = null;
    changed();
    field.focus();
    if (next) { next = false; form.requestSubmit(); return; }
    if (!error.hidden) return;
    await refresh();
    $$("#log .pending.arrived").forEach((shown) => shown.remove());
    if (log) toEnd(log);
  });
  templates(form, changed);
  count();
  if (matchMedia("(pointer: fine)").matches) { field.focus(); field.setSelectionRange(field.value.length, field.value.length); }
}

$$("form[data-composer]").forEach(composer);
