// Scheduling: the part of the composer with the time.

import { $ } from "../kernel/dom.js";

export function scheduling(form, signal) {
  const part = $("#later", form);
  const time = $("#scheduled_at", form);
  const error = $("#e-scheduled_at", form);
  const close = () => {
    part.open = false;
  };
  const fail = (text) => {
    error.textContent = text;
    if (text) time.setAttribute("aria-invalid", "true");
    else time.removeAttribute("aria-invalid");
    if (text) part.open = true;
  };
  // A time in a closed menu must not delay a message.
  part.addEventListener("toggle", () => {
    if (!part.open) {
      time.value = "";
      fail("");
    }
  });
  part.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !part.open) return;
    event.preventDefault();
    close();
    $("summary", part).focus();
  });
  document.addEventListener(
    "click",
    (event) => {
      if (part.open && !part.contains(event.target) && !time.value) close();
    },
    { signal },
  );
  const isScheduled = (submitter) => Boolean(time.value || submitter?.closest("#later"));
  return { fail, isScheduled, done: close };
}
