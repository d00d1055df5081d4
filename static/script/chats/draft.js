// What one types is kept on the server: while typing, and when the page is left.

import { body } from "../kernel/dom.js";

export function drafts(form, onItsWay) {
  const { draft: url, now } = form.dataset;
  const { elements } = form;
  // Saves are ordered by the server's clock, which this page knows as of its making.
  const ahead = Date.parse(now) - Date.now();
  let last = 0;
  let soon;
  let dirty = false;
  const stamp = () => {
    last = Math.max(last + 1, Date.now() + ahead);
    return new Date(last).toISOString();
  };

  const save = async (leaving = false) => {
    clearTimeout(soon);
    const sending = onItsWay();
    const typed = elements.message.value;
    // Nothing new was typed: should the message not arrive, it is found here again, under the key that it went out with.
    const back = leaving && sending && !typed;
    if (!dirty && !back) return;
    dirty = false;
    const fields = {
      message: back ? sending.text : typed,
      transport: elements.transport.value,
      template_id: back ? sending.template : sending ? "" : elements.template_id.value,
      idempotency_key: back ? sending.key : sending ? "" : elements.idempotency_key.value,
      written_at: back ? sending.at : stamp(),
    };
    try {
      const headers = { Accept: "application/json", "X-CSRF-Token": body.dataset.csrf };
      const answer = await fetch(url, { method: "PUT", keepalive: leaving, headers, body: new URLSearchParams(fields) });
      if (answer.status >= 500) throw new Error(`${answer.status}`);
    } catch { if (!leaving) { dirty = true; soon = setTimeout(save, 5000); } }
  };

  addEventListener("pagehide", () => save(true));
  addEventListener("online", () => save());
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(true); });
  const changed = () => { dirty = true; clearTimeout(soon); soon = setTimeout(save, 400); };
  return { changed, stamp };
}
