// The spotlight: a dialog over any page, opened by Ctrl+K or ⌘K. Its results come from the page of the same address.

import { $, $$ } from "./dom.js";
import { openChat } from "../chats/conversation.js";
import { recentItems, rememberItem } from "./recent_items.js";

const DEBOUNCE = 120;

function spotlight(dialog) {
  const field = $("input", dialog);
  const list = $("#spotlight-list");
  const said = $("[data-said]", dialog);
  const texts = dialog.dataset;
  let timer;
  let asked = null;

  const options = () => $$("[role=option]", list);
  const chosen = () => $("[aria-selected=true]", list);

  function choose(option, scroll = true) {
    chosen()?.setAttribute("aria-selected", "false");
    if (!option) {
      field.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", option.id);
    if (scroll) option.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const all = options();
    const at = all.indexOf(chosen());
    choose(all[(at + step + all.length) % all.length]);
  }

  function renderResults({ items, summary }, query) {
    const groups = new Map();
    for (const item of items) groups.set(item.group, [...(groups.get(item.group) ?? []), item]);
    let number = 0;
    const parts = [...groups].map(([name, found]) => {
      const group = element("div", { role: "group", "aria-label": name });
      group.append(element("p", { class: "group", "aria-hidden": "true" }, name));
      group.append(...found.map((item) => option(item, number++)));
      return group;
    });
    if (query) {
      const all = option(
        { title_parts: [{ text: texts.all }], subtitle_parts: [], icon: "find", url: allOf(query) },
        number,
      );
      if (!items.length) parts.push(element("p", { class: "none" }, texts.none));
      parts.push(all);
    }
    list.replaceChildren(...parts);
    list.scrollTop = 0;
    field.setAttribute("aria-expanded", String(options().length > 0));
    said.textContent = items.length ? summary : texts.none;
    choose(options()[0]);
  }

  function option(item, number) {
    const posts = item.method === "post";
    const made = element(posts ? "button" : "a", {
      role: "option",
      id: `spotlight-${number}`,
      "aria-selected": "false",
      tabindex: "-1",
    });
    if (posts) {
      made.type = "button";
      made.dataset.post = item.url;
    } else made.href = item.url;
    made.append(icon(item.icon), highlighted("strong", item.title_parts));
    if (item.time) made.append(element("small", { class: "time" }, item.time));
    if (item.subtitle_parts.length) {
      const line = highlighted("span", item.subtitle_parts);
      if (item.subtitle_icon) line.prepend(icon(item.subtitle_icon));
      made.append(line);
    }
    return made;
  }

  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    svg.append(document.createElementNS(svg.namespaceURI, "use"));
    svg.firstChild.setAttribute("href", `${texts.icons}#${name}`);
    return svg;
  }

  async function search() {
    const query = field.value.trim();
    const url = new URL($("form", dialog).action);
    if (query) url.searchParams.set("q", query);
    else url.searchParams.set("recent", recentItems(texts.reader).join(","));
    // Only the results of the newest query are shown.
    asked?.abort();
    const mine = (asked = new AbortController());
    try {
      const response = await fetch(url, { headers: { Accept: "application/json" }, signal: mine.signal });
      if (response.status === 401) {
        location.reload();
        return;
      }
      if (!response.ok) throw new Error(`${response.status}`);
      const answer = await response.json();
      if (mine === asked) renderResults(answer, query);
    } catch (error) {
      if (error.name === "AbortError" || mine !== asked) return;
      list.replaceChildren(element("p", { class: "none" }, texts.failed));
      said.textContent = texts.failed;
      field.setAttribute("aria-expanded", "false");
      choose(null);
    }
  }

  const allOf = (query) => `${new URL($("form", dialog).action).pathname}?q=${encodeURIComponent(query)}`;

  function openOption(option, apart) {
    clearTimeout(timer);
    if (!option) {
      $("form", dialog).submit();
      return;
    }
    if (option.dataset.post) {
      submit(option.dataset.post);
      return;
    }
    if (apart) {
      open(option.href, "_blank", "noopener");
      return;
    }
    dialog.close();
    if (!openChat(option.href)) location.assign(option.href);
  }

  function submit(action) {
    const form = Object.assign(element("form", { hidden: "" }), { method: "post", action });
    form.append(element("input", { type: "hidden", name: "_csrf", value: texts.csrf }));
    document.body.append(form);
    form.submit();
  }

  function openDialog() {
    if (dialog.open) {
      field.select();
      return;
    }
    dialog.showModal();
    field.focus();
    field.select();
    search();
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, DEBOUNCE);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options();
    const keys = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      Home: () => choose(all[0]),
      End: () => choose(all.at(-1)),
      Enter: () => openOption(chosen(), event.ctrlKey || event.metaKey),
    };
    if (!keys[event.key] || event.shiftKey || event.altKey || (event.key !== "Enter" && !all.length)) return;
    event.preventDefault();
    keys[event.key]();
  });
  list.addEventListener("pointermove", (event) => {
    const under = event.target.closest("[role=option]");
    if (under && under !== chosen()) choose(under, false);
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option?.dataset.post) submit(option.dataset.post);
    else if (option && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      dialog.close();
      if (openChat(option.href)) event.preventDefault();
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
  dialog.addEventListener("close", () => {
    clearTimeout(timer);
    asked?.abort();
    asked = null;
  });

  // By the key's position: on a Cyrillic layout the key has another letter.
  document.addEventListener("keydown", (event) => {
    const key = event.code === "KeyK" || event.key.toLowerCase() === "k";
    if (!key || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    openDialog();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-spotlight]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openDialog();
  });
  rememberItem(texts.reader);
}

function element(name, attributes = {}, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

/** Text with the matches in `<mark>`; never parsed as HTML. */
function highlighted(name, parts) {
  const made = element(name, { dir: "auto" });
  made.append(...parts.map((part) => (part.mark ? element("mark", {}, part.text) : part.text)));
  return made;
}

const dialog = $("#spotlight");
if (dialog) spotlight(dialog);
