// Lists accessibility problems of the page as it is shown, a sentence for each; the numbers are criteria of WCAG 2.2.
const problems = [];
const called = (one) => one.cloneNode(true).outerHTML.slice(0, 160);
const hidden = (one) => one.closest(".visually-hidden, .skip") !== null;
const shown = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !hidden(one);

// 3.1.1, 2.4.2
if (!document.documentElement.lang) problems.push("the page has no language");
if (!document.title.trim()) problems.push("the page has no title");

// 1.3.1, 4.1.2
const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) problems.push(`there are several #${id}`);
for (const one of document.querySelectorAll("[aria-describedby], [aria-labelledby], label[for]")) {
  const names = [one.getAttribute("aria-describedby"), one.getAttribute("aria-labelledby"), one.getAttribute("for")];
  for (const id of names.filter(Boolean).flatMap((list) => list.split(" "))) {
    if (!document.getElementById(id)) problems.push(`there is no #${id}, which is named by ${called(one)}`);
  }
}
for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
  if (!field.labels?.length && !field.getAttribute("aria-label")) problems.push(`no label: ${called(field)}`);
}

// 2.5.8: 24 pixels, except for links within a text
for (const one of document.querySelectorAll("button, summary, input:not([type=hidden]), select, textarea, a")) {
  if (!shown(one)) continue;
  const { width, height } = one.getBoundingClientRect();
  const inText = one.matches("a") && getComputedStyle(one).display === "inline";
  // A field counts with the size of its label.
  const frame = one.closest("label")?.getBoundingClientRect();
  if (!inText && (Math.max(width, frame?.width ?? 0) < 24 || Math.max(height, frame?.height ?? 0) < 24)) {
    problems.push(`${width} × ${height} pixels to press: ${called(one)}`);
  }
}

// 1.4.3: 4.5, or 3 for large text
const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
const rgba = (color) => {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
};
const over = (top, below) => [0, 1, 2].map((part) => top[part] * top[3] + below[part] * (1 - top[3])).concat(1);
const luminance = (color) => {
  const [red, green, blue] = color.slice(0, 3).map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const behind = (one) => {
  const layers = [];
  for (let at = one; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
  return layers.reduceRight((below, layer) => over(layer, below), rgba("Canvas"));
};
const opacity = (one) => {
  let value = 1;
  for (let at = one; at; at = at.parentElement) value *= Number(getComputedStyle(at).opacity);
  return value;
};
const judge = (one, style, text) => {
  const ground = behind(one);
  const color = rgba(style.color);
  color[3] *= opacity(one);
  const [light, dark] = [luminance(over(color, ground)), luminance(ground)].sort((a, b) => b - a);
  const ratio = (light + 0.05) / (dark + 0.05);
  const size = parseFloat(style.fontSize);
  const enough = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
  if (ratio < enough) problems.push(`contrast of ${ratio.toFixed(2)}: “${text.slice(0, 30)}” in ${called(one)}`);
};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const one = walker.currentNode.parentElement;
  const text = walker.currentNode.textContent.trim();
  if (text && shown(one) && !one.matches("script, noscript, option")) judge(one, getComputedStyle(one), text);
}
for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
  if (!shown(field)) continue;
  judge(field, getComputedStyle(field), field.value || "its text");
  if (field.placeholder) judge(field, getComputedStyle(field, "::placeholder"), field.placeholder);
}
return [...new Set(problems)];
