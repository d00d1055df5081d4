// Which keys are meant for the page, and which for what one types into.

import { body } from "./dom.js";

/** Whether a key goes along with others, or makes a part of a letter. */
export const hasModifier = (event) => event.ctrlKey || event.metaKey || event.altKey || event.isComposing;

/** Whether a key without others may do something: its user wants that, and it is no letter of a text. */
export const isPlainShortcut = (event) =>
  !("noKeys" in body.dataset) &&
  !hasModifier(event) &&
  !event.target.closest("input, textarea, select, [contenteditable], dialog[open]");
