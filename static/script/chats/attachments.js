// Files for a message: chosen, pasted or dropped, previewed, and checked against the limits of the transport.

import { $ } from "../kernel/dom.js";

/** Media types by extension. The server detects the type of other files from their content. */
const TYPES_KNOWN_BY_NAME = /^(image|audio|video)\/|^text\/html$|zip/;
const element = (name, properties) => Object.assign(document.createElement(name), properties);

function size(form, bytes) {
  const { kilobytes, megabytes } = $("#files", form).dataset;
  const [text, number] = bytes < 1e6 ? [kilobytes, Math.ceil(bytes / 1e3)] : [megabytes, bytes / 1e6];
  return text.replace(
    "#size",
    new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(number),
  );
}

function icon(form, name) {
  const [svg, use] = ["svg", "use"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  use.setAttribute("href", `${$("use", form).getAttribute("href").split("#")[0]}#${name}`);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

const kind = ({ type }) => ({ image: "photo", audio: "sound", video: "film" })[type.split("/")[0]] ?? "doc";

/** How the composer, and then the log, show a file that is not uploaded yet. */
export function filePreview(form, { file, url }) {
  const thumb = element("span", { className: "thumb" });
  const sign = () => thumb.replaceChildren(icon(form, kind(file)));
  if (!url) sign();
  else {
    const image = element("img", { src: url, alt: "" });
    image.addEventListener("error", sign);
    thumb.append(image);
  }
  const words = element("span", { className: "words" });
  words.append(
    element("span", { className: "name", dir: "auto", textContent: file.name }),
    " ",
    element("small", { textContent: size(form, file.size) }),
  );
  return [thumb, words];
}

export function revokeUrls(entries) {
  for (const { url } of entries) if (url) URL.revokeObjectURL(url);
}

/** The problem of these files under these rules, if there is one. */
function validationError(entries, rules) {
  if (!entries.length) return "";
  if (entries.length > rules.count) return rules.tooMany;
  const empty = entries.find(({ file }) => !file.size);
  if (empty) return rules.empty.replace("#name", () => empty.file.name);
  const plain = (type) => type.replace("/x-", "/");
  const carried = ({ type }) =>
    !rules.types.length ||
    !TYPES_KNOWN_BY_NAME.test(type) ||
    rules.types.some((known) => plain(type).startsWith(known));
  const odd = entries.find(({ file }) => !carried(file));
  if (odd) return rules.wrongType.replace("#name", () => odd.file.name);
  return entries.reduce((sum, { file }) => sum + file.size, 0) > rules.bytes ? rules.tooLarge : "";
}

export function attachments(form, signal) {
  const { attachments: input, transport } = form.elements;
  const list = $("#files", form);
  const problem = $("#files-problem", form);
  const status = $("#files-status", form);
  const target = form.closest(".conversation");
  const { dataset: words } = list;
  let chosen = [];

  const say = (text, entries) => {
    status.textContent = text.replace("#name", () => entries.map(({ file }) => file.name).join(", "));
  };
  const check = () => {
    const text = validationError(chosen, JSON.parse(transport.selectedOptions[0].dataset.files));
    // Files that were listed before are not announced again.
    if (problem.textContent !== text) problem.textContent = text;
    problem.hidden = !text;
    return text;
  };
  const show = () => {
    list.replaceChildren(
      ...chosen.map((entry) => {
        const row = element("li", { className: "file" });
        const label = words.remove.replace("#name", () => entry.file.name);
        const button = element("button", { type: "button", className: "button ghost", ariaLabel: label, title: label });
        button.append(icon(form, "cross"));
        button.addEventListener("click", () => remove(entry));
        row.append(...filePreview(form, entry), button);
        return row;
      }),
    );
    list.hidden = !chosen.length;
    check();
  };
  const remove = (entry) => {
    const index = chosen.indexOf(entry);
    chosen = chosen.filter((other) => other !== entry);
    revokeUrls([entry]);
    show();
    say(words.removed, [entry]);
    (list.children[Math.min(index, chosen.length - 1)]?.querySelector("button") ?? form.elements.message).focus();
  };
  const add = (some) => {
    const entries = [...some].map((file) => ({
      file,
      url: file.type.startsWith("image/") ? URL.createObjectURL(file) : null,
    }));
    if (!entries.length) return;
    chosen.push(...entries);
    show();
    say(words.added, entries);
    list.lastElementChild.scrollIntoView({ block: "nearest" });
    form.elements.message.focus();
  };

  input.addEventListener("change", () => {
    add(input.files);
    input.value = "";
  });
  transport.addEventListener("change", check);
  target.addEventListener("paste", (event) => {
    // A clipboard that also contains text, such as cells of a table, is pasted as text.
    const { files: pasted, types } = event.clipboardData;
    if (!pasted.length || types.includes("text/plain")) return;
    event.preventDefault();
    add(pasted);
  });
  acceptDrops(target, signal, (dropped, folder) => {
    add(dropped);
    if (folder) {
      problem.textContent = words.folder;
      problem.hidden = false;
    }
  });

  const take = () => {
    const taken = chosen;
    chosen = [];
    show();
    return taken;
  };
  const restore = (entries) => {
    chosen = [...entries, ...chosen];
    show();
  };
  return { check, take, restore, any: () => chosen.length > 0, say };
}

/** Files may be dropped anywhere on the chat; a file dropped beside it does not replace the page. */
function acceptDrops(target, signal, take) {
  const sign = $("#drop");
  const hasFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files");
  const inside = (node) => node instanceof Node && target.contains(node);
  const listen = (kind, listener) => document.addEventListener(kind, listener, { signal });
  listen("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = inside(event.target) ? "copy" : "none";
    sign.hidden = !inside(event.target);
  });
  listen("dragleave", ({ relatedTarget }) => {
    if (!inside(relatedTarget)) sign.hidden = true;
  });
  listen("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    sign.hidden = true;
    if (!inside(event.target)) return;
    const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
    const folders = items.filter((item) => item.webkitGetAsEntry?.()?.isDirectory);
    take(
      items
        .filter((item) => !folders.includes(item))
        .map((item) => item.getAsFile())
        .filter(Boolean),
      folders.length > 0,
    );
  });
}
