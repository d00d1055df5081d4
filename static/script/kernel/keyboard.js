// Decides which keys are meant for the page, and which for a field.

import { body } from "./dom.js";

/** True if a key is pressed with modifiers, or is part of a composed letter. */
export const hasModifier = (event) => event.ctrlKey || event.metaKey || event.altKey || event.isComposing;

/**
 * The Latin letter or sign of a key. A layout that has no Latin letters, such as a Cyrillic one, has it at the same
 * position of the keyboard.
 */
export function shortcutOf({ key, code, shiftKey }) {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  if (/^Key[A-Z]$/.test(code)) return code.at(-1).toLowerCase();
  if (code === "Slash" && !"/?".includes(key)) return shiftKey ? "?" : "/";
  return key;
}

/** True if a single key may act: the user has enabled single keys, and no field has the focus. */
export const isPlainShortcut = (event) =>
  !("noKeys" in body.dataset) &&
  !hasModifier(event) &&
  !event.target.closest("input, textarea, select, [contenteditable], dialog[open]");
