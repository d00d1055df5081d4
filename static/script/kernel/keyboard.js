// Decides which keys are meant for the page, and which for a field.

import { body } from "./dom.js";

/** True if a key is pressed with modifiers, or is part of a composed letter. */
export const hasModifier = (event) => event.ctrlKey || event.metaKey || event.altKey || event.isComposing;

/** True if a single key may act: the user has enabled single keys, and no field has the focus. */
export const isPlainShortcut = (event) =>
  !("noKeys" in body.dataset) &&
  !hasModifier(event) &&
  !event.target.closest("input, textarea, select, [contenteditable], dialog[open]");
