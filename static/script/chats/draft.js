// Saves the draft on the server: while the user types, and when the page is left.

import { body } from "../kernel/dom.js";

export function draftStore(form, pendingMessage, signal) {
  const { draft: url, now } = form.dataset;
  const { elements } = form;
  // Saves are ordered by the server's clock; the page contains the time at which it was rendered.
  const clockOffset = Date.parse(now) - Date.now();
  let last = 0;
  let timer;
  let dirty = false;
  const nextTimestamp = () => {
    last = Math.max(last + 1, Date.now() + clockOffset);
    return new Date(last).toISOString();
  };

  const save = async (leaving = false) => {
    clearTimeout(timer);
    const sending = pendingMessage();
    const typed = elements.message.value;
    // Nothing new was typed: should sending fail, the draft is restored with its idempotency key.
    const back = leaving && sending && !typed;
    if (!dirty && !back) return;
    dirty = false;
    const fields = {
      message: back ? sending.text : typed,
      transport: elements.transport.value,
      template_id: back ? sending.template : sending ? "" : elements.template_id.value,
      idempotency_key: back ? sending.key : sending ? "" : elements.idempotency_key.value,
      written_at: back ? sending.at : nextTimestamp(),
    };
    try {
      const headers = { Accept: "application/json", "X-CSRF-Token": body.dataset.csrf };
      const answer = await fetch(url, {
        method: "PUT",
        keepalive: leaving,
        headers,
        body: new URLSearchParams(fields),
      });
      if (answer.status >= 500) throw new Error(`${answer.status}`);
    } catch {
      if (!leaving) {
        dirty = true;
        timer = setTimeout(save, 5000);
      }
    }
  };

  signal.addEventListener("abort", () => save(true));
  addEventListener("pagehide", () => save(true), { signal });
  addEventListener("online", () => save(), { signal });
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.hidden) save(true);
    },
    { signal },
  );
  const changed = () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, 400);
  };
  /** Saves a text that could not be sent. */
  const keep = () => {
    dirty = true;
    save(true);
  };
  return { changed, keep, nextTimestamp };
}
