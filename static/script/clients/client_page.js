// A client's page: sections switch to their forms and back, contacts are added and removed, all without a reload.

import { $, body, mayTakeFocus } from "../kernel/dom.js";
import { refresh } from "../kernel/live_stream.js";
import { fetchPage, submitForm } from "../kernel/net.js";

const sectionOf = (element) => element.closest("#client > section, #reach");

/** Replaces a section by the one of a fetched page. */
function replaceSection(section, page) {
  const fresh = page.getElementById(section.id);
  if (!fresh) return null;
  const here = document.importNode(fresh, true);
  section.replaceWith(here);
  return here;
}

function focus(element) {
  // The page was fetched in the meantime, and the user may type elsewhere by now.
  if (!mayTakeFocus(element && sectionOf(element))) return;
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: "nearest" });
}

async function openSection(link) {
  const section = sectionOf(link);
  const here = replaceSection(section, await fetchPage(link.href));
  focus($("input:not([type=hidden]), textarea, select", here));
}

/** Shows the current section, with the focus where it was. */
async function closeSection(section, page) {
  const url = new URL(location.href);
  url.searchParams.delete("edit");
  url.hash = "";
  history.replaceState(history.state, "", url);
  const here = replaceSection(section, page ?? (await fetchPage(url)));
  focus($("[data-edit]", here));
}

async function saveSection(form, submitter) {
  const section = sectionOf(form);
  if (section.dataset.saving) return;
  section.dataset.saving = "yes";
  try {
    const { page, ok } = await submitForm(form, submitter);
    if (ok) {
      await closeSection(section, page);
      await refresh();
      return;
    }
    const here = replaceSection(section, page);
    if (!here) {
      form.submit();
      return;
    }
    focus($("[aria-invalid]", here) ?? $("[autofocus]", here) ?? $("input:not([type=hidden])", here));
  } finally {
    delete section.dataset.saving;
  }
}

/** Adds or removes a contact; the form is then empty, or shows its problems. */
async function submitContact(form) {
  const adds = form.id === "contact-form";
  const { page, ok } = await submitForm(form);
  if (adds) {
    const here = replaceSection(form, page);
    focus($("[aria-invalid], [name=value]", here ?? body));
  }
  if (ok) await refresh();
  if (!adds) focus($("#contact-list button, #contact-form select"));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-edit], [data-cancel]");
  if (!link || !sectionOf(link) || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const done = link.matches("[data-edit]") ? openSection(link) : closeSection(sectionOf(link));
  done.catch(() => {
    location.href = link.href;
  });
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-section], form[data-contact]");
  if (!form) return;
  event.preventDefault();
  const done = form.matches("[data-section]") ? saveSection(form, event.submitter) : submitContact(form);
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
