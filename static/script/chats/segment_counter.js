// The length of a text: characters near the limit, and segments as an SMS. The rule is that of
// src/domain/chats/sms_segments.rs, and the table of characters comes from there.

import { $ } from "../kernel/dom.js";

const numbers = new Intl.NumberFormat(document.documentElement.lang);

export function segments(text, basic, extended) {
  const characters = [...text];
  const outside = characters.filter((c) => !basic.has(c) && !extended.has(c));
  const culprit = outside.find((c) => /\p{Alphabetic}/u.test(c)) ?? outside[0];
  const units = characters.map((c) => (culprit ? c.length : extended.has(c) ? 2 : 1));
  const [alone, joined] = culprit ? [70, 67] : [160, 153];
  const total = units.reduce((sum, taken) => sum + taken, 0);
  if (total <= alone) return { count: total ? 1 : 0, left: alone - total, culprit };
  let count = 1;
  let left = joined;
  for (const taken of units) {
    // A character is never split between two segments.
    if (taken > left) {
      count += 1;
      left = joined;
    }
    left -= taken;
  }
  return { count, left, culprit };
}

/** Keeps the count of a field up to date, with its segments while the transport is SMS. */
export function counter(field, output, isSms) {
  const { basic, extended, segments: words, culprit: because, filling } = output.dataset;
  const values = JSON.parse(filling ?? "{}");
  const filled = (text) => text.replace(/\{\{\s*([a-z_.]+)\s*\}\}/g, (all, name) => values[name] ?? all);
  const tables = [new Set(basic), new Set(extended)];
  const limit = Number(output.dataset.count);
  const sizes = CSS.supports("field-sizing", "content");
  return () => {
    const parts = [];
    const length = [...field.value].length;
    if (length > limit * 0.8) parts.push(`${numbers.format(length)} / ${numbers.format(limit)}`);
    if (field.value && isSms()) {
      const cut = segments(filled(field.value), ...tables);
      parts.push(words.replace("#count", cut.count).replace("#left", cut.left));
      if (cut.culprit) parts.push(because.replace("#character", () => cut.culprit));
    }
    output.textContent = parts.join(" · ");
    if (!sizes) {
      field.style.blockSize = "auto";
      field.style.blockSize = `${field.scrollHeight}px`;
    }
  };
}

const editor = $("#template-count");
if (editor) {
  const field = $("#f-template");
  field.addEventListener(
    "input",
    counter(field, editor, () => true),
  );
}
