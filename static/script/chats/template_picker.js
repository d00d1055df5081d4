// Message templates in the composer, opened by `/` in an empty field or by the button. The server fills the texts in.

import { $, $$ } from "../kernel/dom.js";

export function templatePicker(form, changed) {
  const { templates: url } = form.dataset;
  if (!url) return;
  const field = $("#message", form);
  const menu = $("#templates", form);
  const search = $("#template-search", menu);
  const list = $("#template-list", menu);
  const none = $("#templates-none", menu);
  let items = [];
  let at = 0;
  let latest = 0;
  let timer;

  const mark = (index) => {
    const options = $$("[role=option]", list);
    at = options.length ? (index + options.length) % options.length : 0;
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
    options[at]?.scrollIntoView({ block: "nearest" });
    if (options.length) search.setAttribute("aria-activedescendant", options[at].id);
    else search.removeAttribute("aria-activedescendant");
  };
  const show = () => {
    list.replaceChildren(
      ...items.map((item, index) => {
        const option = Object.assign(document.createElement("li"), { id: `option-${index}`, role: "option" });
        option.append(
          Object.assign(document.createElement("strong"), { textContent: item.name }),
          Object.assign(document.createElement("span"), {
            className: "quiet",
            dir: "auto",
            textContent: item.template,
          }),
        );
        option.addEventListener("mousedown", (event) => event.preventDefault());
        option.addEventListener("click", () => choose(item));
        return option;
      }),
    );
    none.hidden = items.length > 0;
    mark(0);
  };
  const load = async () => {
    const mine = ++latest;
    const query = new URLSearchParams({ q: search.value, limit: 25 });
    try {
      const answer = await fetch(`${url}?${query}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`${answer.status}`);
      const page = await answer.json();
      if (mine !== latest || menu.hidden) return;
      items = page.items;
      show();
    } catch {
      if (mine === latest) location.href = url;
    }
  };
  const open = () => {
    menu.hidden = false;
    search.value = "";
    search.focus();
    load();
  };
  const close = () => {
    menu.hidden = true;
    items = [];
    clearTimeout(timer);
    list.replaceChildren();
    field.focus();
  };
  const choose = (item) => {
    close();
    field.setRangeText(item.template, field.selectionStart, field.selectionEnd, "end");
    form.elements.template_id.value = item.id;
    changed();
  };

  field.addEventListener("keydown", (event) => {
    if (event.key !== "/" || field.value || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    open();
  });
  $("#open-templates", form).addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(load, 120);
  });
  search.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) mark(at + steps[event.key]);
    else if (event.key === "Enter") {
      if (items[at]) choose(items[at]);
    } else if (event.key === "Escape") close();
    // A message may begin with a slash.
    else if (event.key === "/" && !search.value) {
      close();
      field.setRangeText("/", 0, 0, "end");
      changed();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  menu.addEventListener("focusout", (event) => {
    if (!menu.hidden && event.relatedTarget && !menu.contains(event.relatedTarget)) {
      menu.hidden = true;
    }
  });
}
