// Sends the small forms of a page without a reload.

import { body } from "./dom.js";
import { refresh, showToast } from "./live_stream.js";
import { postForm } from "./net.js";

/** Shows why the server refused a form: beside it in a message, or else as a toast. */
function showProblem(form, problem) {
  const fields = Object.values(problem?.errors ?? {}).flat();
  const text = fields.join(" ") || problem?.detail || body.dataset.failed;
  const place = form.closest("article, .what, .offer");
  if (!place) {
    showToast(text);
    return;
  }
  const shown = place.querySelector(":scope > .refusal") ?? document.createElement("p");
  shown.className = "note danger refusal";
  shown.setAttribute("role", "alert");
  place.append(shown);
  shown.textContent = text;
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-quiet], form[data-read]");
  if (!form) return;
  event.preventDefault();
  // A second press, or a press on another button of the form, waits for the answer to the first.
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  try {
    await postForm(form);
    form.closest("article")?.querySelector(":scope > .refusal")?.remove();
    await refresh();
  } catch ({ problem }) {
    // The server has answered, or may have: the form is never submitted again by itself.
    showProblem(form, problem);
  } finally {
    delete form.dataset.sending;
  }
});
