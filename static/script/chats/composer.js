// Sends messages without a reload; one press sends one message, whatever the network does.

import { $, $$, body, mayTakeFocus } from "../kernel/dom.js";
import { bindConversation } from "./conversation.js";
import { counter } from "./segment_counter.js";
import { draftStore } from "./draft.js";
import { attachments, filePreview, revokeUrls } from "./attachments.js";
import { scheduling } from "./scheduling.js";
import { refresh } from "../kernel/live_stream.js";
import { scrollToEnd } from "./message_log.js";
import { postFields, upload } from "../kernel/net.js";
import { templatePicker } from "./template_picker.js";

const hasFinePointer = matchMedia("(any-pointer: fine)").matches;

/** Shows a message in the log until the server has stored it. */
function pendingMessage(form, text, entries) {
  const message = document.createElement("div");
  message.className = "message out first pending";
  const bubble = Object.assign(document.createElement("div"), { className: "bubble" });
  if (text.trim()) bubble.append(Object.assign(document.createElement("p"), { dir: "auto", textContent: text }));
  if (entries.length) {
    const shown = Object.assign(document.createElement("div"), { className: "attachments" });
    shown.append(
      ...entries.map((entry) => {
        const file = Object.assign(document.createElement("div"), { className: "file" });
        file.append(...filePreview(form, entry));
        return file;
      }),
    );
    bubble.append(shown);
  }
  const footer = document.createElement("footer");
  footer.append(Object.assign(document.createElement("span"), { textContent: form.dataset.sending }));
  message.append(bubble, footer);
  return message;
}

/** Uploads files, while the composer shows the progress and a button that cancels. */
async function uploadFiles(form, data, entries) {
  const part = $("#upload", form);
  const [bar, cancel] = [$("progress", part), $("button", part)];
  const abortController = new AbortController();
  const stop = () => abortController.abort();
  for (const { file } of entries) data.append("attachments", file, file.name);
  bar.value = 0;
  $("#files-status", form).textContent = bar.ariaLabel;
  cancel.disabled = false;
  part.hidden = false;
  cancel.addEventListener("click", stop);
  try {
    await upload(
      form.action,
      data,
      (done) => {
        bar.value = done;
        // A complete upload may be a message already.
        if (done === 1) cancel.disabled = true;
      },
      abortController.signal,
    );
  } catch (error) {
    throw Object.assign(error, { cancelled: abortController.signal.aborted });
  } finally {
    part.hidden = true;
    cancel.removeEventListener("click", stop);
  }
}

function composer(form, signal) {
  const field = $("#message", form);
  const error = $("#composer-error", form);
  const schedule = scheduling(form, signal);
  const count = counter(field, $("#composer-count", form), () => form.elements.transport.value === "sms");
  const draft = draftStore(form, () => sending, signal);
  const attached = attachments(form, signal);
  const { idempotency_key: key, template_id: template, written_at: written } = form.elements;
  let sending = null;
  let next = false;
  const sentEntries = [];
  // The draft may have been sent when its page was left; once edited, it is another message.
  let refused = field.value ? { text: field.value, entries: [] } : null;
  const isRefused = (text, entries) =>
    refused.text === text &&
    refused.entries.length === entries.length &&
    entries.every((entry, index) => entry === refused.entries[index]);
  const renewKey = () => {
    key.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  };
  const changed = () => {
    count();
    draft.changed();
  };
  const fail = (problem) => {
    const { scheduled_at: when, ...others } = problem?.errors ?? {};
    schedule.fail(when?.join(" ") ?? "");
    const messages = Object.values(others).flat();
    error.textContent = messages.length || when ? messages.join(" ") : (problem?.detail ?? body.dataset.failed);
    error.hidden = !error.textContent;
  };

  field.addEventListener("input", () => {
    error.hidden = true;
    changed();
  });
  form.elements.transport.addEventListener("change", changed);
  field.addEventListener("keydown", (event) => {
    // Outside of the field, single keys lead through the list, and R leads back.
    if (event.key === "Escape" && !event.isComposing && !event.defaultPrevented) {
      event.preventDefault();
      $("#log")?.focus({ preventScroll: true });
      return;
    }
    // Enter that ends a word of an input method does not send; on a phone Enter breaks the line, and the button sends.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || !hasFinePointer)
      return;
    event.preventDefault();
    form.requestSubmit();
  });
  document.addEventListener(
    "refreshed",
    () => {
      if (sending && !sending.isScheduled) $("#log")?.append(sending.shown);
    },
    { signal },
  );
  addEventListener(
    "beforeunload",
    (event) => {
      if (sending?.entries.length) event.preventDefault();
    },
    { signal },
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value;
    if (!text.trim() && !attached.any()) return;
    // Messages sent meanwhile follow in order.
    if (sending) {
      next = true;
      return;
    }
    if (attached.check()) return;
    const entries = attached.take();
    // The key stays the same until the server has accepted it, so that trying again cannot send twice.
    if (refused && !isRefused(text, entries)) renewKey();
    error.hidden = true;
    schedule.fail("");
    written.value = draft.nextTimestamp();
    const isScheduled = schedule.isScheduled(event.submitter);
    sending = {
      text,
      entries,
      isScheduled,
      key: key.value,
      at: written.value,
      template: template.value,
      shown: pendingMessage(form, text, entries),
    };
    const log = $("#log");
    if (log && !isScheduled) {
      log.append(sending.shown);
      scrollToEnd(log);
    }
    const data = new FormData(form, event.submitter);
    data.delete("attachments");
    const answer = entries.length ? uploadFiles(form, data, entries) : postFields(form.action, data);
    field.value = "";
    count();
    try {
      await answer;
      sentEntries.push(...entries);
      refused = null;
      template.value = "";
      renewKey();
      schedule.done();
    } catch ({ problem, cancelled }) {
      refused = { text, entries };
      next = false;
      sending.shown.remove();
      field.value = [text, field.value].filter(Boolean).join("\n");
      attached.restore(entries);
      if (cancelled) attached.say($("#upload", form).dataset.cancelled, []);
      else fail(problem);
    }
    const sent = !refused;
    sending.shown.classList.add("arrived");
    sending = null;
    // Another chat has been opened; the server has the message, or else the draft.
    if (signal.aborted) {
      if (!sent) draft.keep();
      return;
    }
    changed();
    if (mayTakeFocus(form)) field.focus();
    if (next) {
      next = false;
      form.requestSubmit();
      return;
    }
    if (!sent) return;
    await refresh();
    $$("#log .pending.arrived").forEach((shown) => shown.remove());
    revokeUrls(sentEntries.splice(0));
    if (log) scrollToEnd(log);
  });
  templatePicker(form, changed);
  count();
  // A page that was opened to search in the chat has its own field for the focus.
  const isForSearch = $("[autofocus], .conversation form.find");
  if (matchMedia("(pointer: fine)").matches && !isForSearch && mayTakeFocus(form)) {
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }
}

bindConversation((signal) => $$("form[data-composer]").forEach((form) => composer(form, signal)));
