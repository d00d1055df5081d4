// Selects rows of a list: the whole page, a range with Shift, none with Escape. The selection survives updates.

import { $, $$ } from "../kernel/dom.js";

const form = () => $("form[data-pick]");
const boxes = () => $$('tbody input[name="ids"]', form() ?? document.createElement("form"));
let picked = new Set();
let last = null;

function show() {
  if (!form()) return;
  const all = boxes();
  const count = all.filter((box) => box.checked).length;
  const whole = $("[data-pick-all]", form());
  if (whole) {
    whole.checked = count > 0 && count === all.length;
    whole.indeterminate = count > 0 && count < all.length;
  }
  const label = $("[data-picked]", form());
  if (label) label.textContent = count && !$('[name="all"]', form()).checked ? `${label.dataset.picked} ${count}` : "";
  picked = new Set(all.filter((box) => box.checked).map((box) => box.value));
}

document.addEventListener("click", (event) => {
  const box = event.target;
  if (!box.matches?.('form[data-pick] tbody input[name="ids"]')) return;
  const all = boxes();
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
  if (event.shiftKey && from >= 0)
    all.slice(from, to + 1).forEach((other) => {
      other.checked = box.checked;
    });
  last = box;
});

document.addEventListener("change", (event) => {
  if (!event.target.closest("form[data-pick]")) return;
  if (event.target.matches("[data-pick-all]"))
    boxes().forEach((box) => {
      box.checked = event.target.checked;
    });
  show();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !event.target.closest("form[data-pick]")) return;
  for (const box of $$(":checked", form())) box.checked = false;
  show();
});

document.addEventListener("refreshed", () => {
  const focused = document.activeElement === document.body ? last?.value : null;
  for (const box of boxes()) {
    box.checked = picked.has(box.value);
    if (box.value === focused) box.focus();
  }
  show();
});

// Browsers restore the selection when the user comes back.
addEventListener("pageshow", show);

// A bulk delete of very many clients continues by itself.
$("form[data-go-on]")?.requestSubmit();
