// Short names for queries of the page.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
export const { body } = document;

/**
 * True if an element may be focused without a request of the user: the focus is on nothing, inside `own`, or on what
 * takes no text. A page never takes the focus from a field in which someone types, or from an open dialog.
 */
export function mayTakeFocus(own) {
  const focused = document.activeElement;
  if (!focused || focused === body || own?.contains(focused)) return true;
  return !focused.closest("dialog[open]") && !focused.matches("input, textarea, select, [contenteditable]");
}
