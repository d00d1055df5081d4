// Changes a part of a page into a fresh one, and keeps the nodes, the focus and the scroll position.

/** Makes a node equal to another one, changing only what differs, so that focus, selection and input stay. */
export function morph(old, fresh) {
  // A region marked `data-keep` stays, since the user is typing into it.
  if (old.isEqualNode(fresh) || old.hasAttribute("data-keep")) return;
  for (const { name } of [...old.attributes]) {
    // Opened details stay open.
    if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const kept = [...old.childNodes];
  [...fresh.childNodes].forEach((child, index) => {
    const own = kept[index];
    if (!own) old.append(document.importNode(child, true));
    else if (own.nodeType === Node.ELEMENT_NODE && own.tagName === child.tagName && own.id === child.id)
      morph(own, child);
    else if (!own.isEqualNode(child)) own.replaceWith(document.importNode(child, true));
  });
  for (const extra of kept.slice(fresh.childNodes.length)) extra.remove();
}

/** Puts these children, in this order, into a node. An element that moves keeps the focus. */
export function arrange(node, order) {
  const focused = document.activeElement;
  const wanted = new Set(order);
  for (const child of [...node.children]) if (!wanted.has(child)) child.remove();
  order.forEach((child, index) => {
    if (node.children[index] !== child) node.insertBefore(child, node.children[index] ?? null);
  });
  if (focused !== document.activeElement && node.contains(focused)) focused.focus({ preventScroll: true });
}

/** The node's own child with the same id, made equal to the fresh one, or else a copy of the fresh one. */
export function reuseOrImport(node, fresh) {
  const own = fresh.id && [...node.children].find((child) => child.id === fresh.id && child.tagName === fresh.tagName);
  if (!own) return document.importNode(fresh, true);
  morph(own, fresh);
  return own;
}

/** Makes the children of `old` equal to those of `fresh`, matched by id. */
export function merge(old, fresh) {
  arrange(
    old,
    [...fresh.children].map((child) => reuseOrImport(old, child)),
  );
}

/**
 * Changes what a scrolling box holds while what one looks at stays where it is; at its beginning only where that is
 * asked for, since what comes there may be news.
 */
export function keepScrollPosition(box, items, change, also = false) {
  const { top } = box.getBoundingClientRect();
  const anchors = also || box.scrollTop > 0 ? items().filter((item) => item.getBoundingClientRect().bottom > top) : [];
  const before = new Map(anchors.slice(0, 20).map((item) => [item, item.getBoundingClientRect().top]));
  change();
  const anchor = [...before.keys()].find((item) => item.isConnected);
  if (anchor) box.scrollTop += anchor.getBoundingClientRect().top - before.get(anchor);
}
