// A client's page: sections become their forms and back in place, contacts come and go without a reload.

import { $, body } from "../kernel/dom.js";
import { refresh } from "../kernel/live_stream.js";
import { fetchPage, load } from "../kernel/net.js";

const sectionOf = (element) => element.closest("#client > section, #reach");

/** Puts a section of a page in the place of the one that is here. */
function put(section, page) {
  const fresh = page.getElementById(section.id);
  if (!fresh) return null;
  const here = document.importNode(fresh, true);
  section.replaceWith(here);
  return here;
}

function focus(element) { element?.focus({ preventScroll: true }); element?.scrollIntoView({ block: "nearest" }); }

async function open(link) {
  const section = sectionOf(link);
  const here = put(section, await fetchPage(link.href));
  focus($("input:not([type=hidden]), textarea, select", here));
}

/** Shows a section as it is by now, with the focus where one came from. */
async function close(section, page) {
  const url = new URL(location.href);
  url.searchParams.delete("edit");
  url.hash = "";
  history.replaceState(history.state, "", url);
  const here = put(section, page ?? await fetchPage(url));
  focus($("[data-edit]", here));
}

async function save(form, submitter) {
  const section = sectionOf(form);
  if (section.dataset.saving) return;
  section.dataset.saving = "yes";
  try {
    const { page, ok } = await load(form, submitter);
    if (ok) { await close(section, page); await refresh(); return; }
    const here = put(section, page);
    if (!here) { form.submit(); return; }
    focus($("[aria-invalid]", here) ?? $("[autofocus]", here) ?? $("input:not([type=hidden])", here));
  } finally { delete section.dataset.saving; }
}

/** A contact is added or removed; the form for the next one is empty, or says what is wrong. */
async function contact(form) {
  const adds = form.id === "contact-form";
  const { page, ok } = await load(form);
  if (adds) {
    const here = put(form, page);
    focus($("[aria-invalid], [name=value]", here ?? body));
  }
  if (ok) await refresh();
  if (!adds) focus($("#contact-list button, #contact-form select"));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-edit], [data-cancel]");
  if (!link || !sectionOf(link) || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const done = link.matches("[data-edit]") ? open(link) : close(sectionOf(link));
  done.catch(() => { location.href = link.href; });
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-section], form[data-contact]");
  if (!form) return;
  event.preventDefault();
  const done = form.matches("[data-section]") ? save(form, event.submitter) : contact(form);
  done.catch(() => form.submit());
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
  const form = event.target.closest("form[data-section]");
  const away = form ? $("[data-cancel]", form) : $("[data-escape]");
  if (!away) return;
  event.preventDefault();
  away.click();
});
