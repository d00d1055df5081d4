// The composer sends without a reload, and one press is one message whatever the network does.

import { $, $$, body } from "../kernel/dom.js";
import { counter } from "./segment_counter.js";
import { drafts } from "./draft.js";
import { files, picture, release } from "./attachments.js";
import { later } from "./scheduling.js";
import { refresh } from "../kernel/live_stream.js";
import { toEnd } from "./message_log.js";
import { send, upload } from "../kernel/net.js";
import { templates } from "./template_picker.js";

const fine = matchMedia("(any-pointer: fine)").matches;

/** What is on its way, as the log shows it until the server has it. */
function onItsWay(form, text, entries) {
  const message = document.createElement("div");
  message.className = "message out first pending";
  const bubble = Object.assign(document.createElement("div"), { className: "bubble" });
  if (text.trim()) bubble.append(Object.assign(document.createElement("p"), { dir: "auto", textContent: text }));
  if (entries.length) {
    const shown = Object.assign(document.createElement("div"), { className: "attachments" });
    shown.append(...entries.map((entry) => {
      const file = Object.assign(document.createElement("div"), { className: "file" });
      file.append(...picture(form, entry));
      return file;
    }));
    bubble.append(shown);
  }
  const footer = document.createElement("footer");
  footer.append(Object.assign(document.createElement("span"), { textContent: form.dataset.sending }));
  message.append(bubble, footer);
  return message;
}

/** Sends files along, while the composer shows how far it is and how to break it off. */
async function carry(form, data, entries) {
  const part = $("#upload", form);
  const [bar, cancel] = [$("progress", part), $("button", part)];
  const breaking = new AbortController();
  const stop = () => breaking.abort();
  for (const { file } of entries) data.append("attachments", file, file.name);
  bar.value = 0;
  $("#files-status", form).textContent = bar.ariaLabel;
  cancel.disabled = false;
  part.hidden = false;
  cancel.addEventListener("click", stop);
  try {
    await upload(form.action, data, (done) => {
      bar.value = done;
      // What is there whole may be a message already.
      if (done === 1) cancel.disabled = true;
    }, breaking.signal);
  } catch (error) {
    throw Object.assign(error, { cancelled: breaking.signal.aborted });
  } finally {
    part.hidden = true;
    cancel.removeEventListener("click", stop);
  }
}

function composer(form) {
  const field = $("#message", form);
  const error = $("#composer-error", form);
  const schedule = later(form);
  const count = counter(field, $("#composer-count", form), () => form.elements.transport.value === "sms");
  const draft = drafts(form, () => sending);
  const attached = files(form);
  const { idempotency_key: key, template_id: template, written_at: written } = form.elements;
  let sending = null;
  let next = false;
  const arrived = [];
  // A draft may have been on its way when its page was left: changed, it is another message.
  let refused = field.value ? { text: field.value, entries: [] } : null;
  const isRefused = (text, entries) => refused.text === text && refused.entries.length === entries.length
    && entries.every((entry, index) => entry === refused.entries[index]);
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
  document.addEventListener("refreshed", () => { if (sending && !sending.waits) $("#log")?.append(sending.shown); });
  addEventListener("beforeunload", (event) => { if (sending?.entries.length) event.preventDefault(); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value;
    if (!text.trim() && !attached.any()) return;
    // What is pressed meanwhile goes out afterwards, in order.
    if (sending) { next = true; return; }
    if (attached.check()) return;
    const entries = attached.take();
    // The key stays the same until the server has said yes, so that trying again can't send twice.
    if (refused && !isRefused(text, entries)) renew();
    error.hidden = true;
    schedule.fail("");
    written.value = draft.stamp();
    const waits = schedule.waits(event.submitter);
    sending = { text, entries, waits, key: key.value, at: written.value, template: template.value, shown: onItsWay(form, text, entries) };
    const log = $("#log");
    if (log && !waits) { log.append(sending.shown); toEnd(log); }
    const data = new FormData(form, event.submitter);
    data.delete("attachments");
    const answer = entries.length ? carry(form, data, entries) : send(form.action, data);
    field.value = "";
    count();
    try {
      await answer;
      arrived.push(...entries);
      refused = null;
      template.value = "";
      renew();
      schedule.done();
    } catch ({ problem, cancelled }) {
      refused = { text, entries };
      next = false;
      sending.shown.remove();
      field.value = [text, field.value].filter(Boolean).join("\n");
      attached.restore(entries);
      if (cancelled) attached.say($("#upload", form).dataset.cancelled, []); else fail(problem);
    }
    const sent = !refused;
    sending.shown.classList.add("arrived");
    sending = null;
    changed();
    field.focus();
    if (next) { next = false; form.requestSubmit(); return; }
    if (!sent) return;
    await refresh();
    $$("#log .pending.arrived").forEach((shown) => shown.remove());
    release(arrived.splice(0));
    if (log) toEnd(log);
  });
  templates(form, changed);
  count();
  if (matchMedia("(pointer: fine)").matches) { field.focus(); field.setSelectionRange(field.value.length, field.value.length); }
}

$$("form[data-composer]").forEach(composer);
