// The simulator's phone: sends without a reload, and polls for new messages.

import { $, $$, mayTakeFocus } from "../kernel/dom.js";
import { showToast } from "../kernel/live_stream.js";
import { fetchPage } from "../kernel/net.js";
import { updateLiveRegions } from "../kernel/live_regions.js";

const POLL_INTERVAL = 1200;

function phone(screen) {
  const write = $("#phone-write");
  const field = $("textarea", write);
  const file = $("input[type=file]", write);
  const chosen = $("#phone-file");
  const scrollToEnd = () => {
    screen.scrollTop = screen.scrollHeight;
  };
  const isAtEnd = () => screen.scrollHeight - screen.scrollTop - screen.clientHeight < 80;

  // Polls its own list and the behaviour of the next message: provider reports cause no event that covers both.
  async function refreshPhone() {
    const page = await fetchPage(location.href);
    const end = isAtEnd();
    updateLiveRegions(page, [
      "phone-log",
      ...(document.activeElement?.closest("form[data-saved]") ? [] : ["phone-orders"]),
    ]);
    if (end) scrollToEnd();
  }
  async function poll() {
    if (!document.hidden) await refreshPhone().catch(() => {});
    setTimeout(poll, POLL_INTERVAL);
  }
  const attach = () => {
    chosen.hidden = !file.files.length;
    chosen.textContent = file.files[0]?.name ?? "";
  };

  async function submit(event) {
    event.preventDefault();
    const form = event.target;
    const { submitter } = event;
    const response = await fetch(form.action, {
      method: "POST",
      body: form === write ? new FormData(form) : new URLSearchParams(new FormData(form, submitter)),
      headers: { Accept: "application/json" },
    }).catch(() => null);
    const answer = response?.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
    const status = response?.ok ? (answer?.status ?? 200) : 0;
    if (status < 200 || status >= 300) {
      showToast(
        status
          ? write.dataset.refused.replace("#status", status)
          : Object.values(answer?.errors ?? {})
              .flat()
              .join(" ") || document.body.dataset.failed,
      );
    } else {
      showToast(form.dataset.saved ?? "");
      if (form.dataset.saved) setTimeout(() => showToast(""), 2000);
      if (form === write) {
        field.value = "";
        file.value = "";
        attach();
        if (mayTakeFocus(form)) field.focus();
      }
    }
    await refreshPhone().catch(() => {});
    if (form === write) scrollToEnd();
  }

  // The thread's forms are replaced with its messages.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-phone]")) submit(event);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    write.requestSubmit();
  });
  file.addEventListener("change", attach);
  scrollToEnd();
  if (matchMedia("(pointer: fine)").matches && mayTakeFocus(write)) field.focus();
  setTimeout(poll, POLL_INTERVAL);
}

$$("#phone-screen").forEach(phone);
