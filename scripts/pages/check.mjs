// Checks every page of a demo: axe-core in both themes and widths, the Nu HTML checker on the response of the server,
// errors in the browser's log, and elements that are wider than the window. Saves a screenshot of each page.
//
//   node check.mjs [--binary ../../target/debug/aloqa] [--pictures DIR] [--only NAME] [--locales en,ru,uz]

import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, writeFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import axe from "axe-core";
import { chromium } from "playwright-core";
import { demo } from "./demo.mjs";
import { pagesOf } from "./pages.mjs";

const { values: given } = parseArgs({ options: {
  binary: { type: "string", default: new URL("../../target/debug/aloqa", import.meta.url).pathname },
  chromium: { type: "string", default: "/usr/bin/chromium" },
  pictures: { type: "string" },
  only: { type: "string" },
  locales: { type: "string", default: "en" },
} });
const WIDTHS = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844, touch: true } };
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const sources = mkdtempSync(join(tmpdir(), "aloqa-pages-"));
if (given.pictures) mkdirSync(given.pictures, { recursive: true });
let found = 0;
const complain = (where, what) => { found += 1; console.log(`${where}: ${what}`); };

async function look(browser, { site, users }, locale, theme, size) {
  const { width, height, touch = false } = WIDTHS[size];
  const context = await browser.newContext({
    viewport: { width, height }, colorScheme: theme, hasTouch: touch, isMobile: touch, locale,
    extraHTTPHeaders: { "accept-language": locale },
    // The page's content security policy forbids foreign scripts, and axe-core is one.
    bypassCSP: true,
  });
  const page = await context.newPage();
  let where = "";
  page.on("pageerror", (error) => complain(where, error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("404")) complain(where, message.text());
  });
  let pages = 0;
  const inspect = async (name, path) => {
    if (given.only && !name.startsWith(given.only)) return;
    where = `${name} ${size} ${theme} ${locale}`;
    pages += 1;
    const answer = await page.goto(site + path);
    if (theme === "light") writeFileSync(join(sources, `${name}-${locale}.html`), await answer.text());
    await page.waitForTimeout(150);
    const out = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (out > 0) complain(where, `${out} pixels stick out at the side`);
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate((tags) => axe.run({ runOnly: tags }), RULES);
    for (const { id, help, nodes } of violations) complain(where, `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 140)).join(" | ")}`);
    if (given.pictures) await page.screenshot({ path: join(given.pictures, `${name}-${size}-${theme}-${locale}.png`) });
  };
  await inspect("login", "/login");
  for (const [name, path] of await pagesOf(page, site, users[0], locale)) await inspect(name, path);
  await context.close();
  return pages;
}

/** Errors that the Nu HTML checker of the W3C finds in the responses of the server. */
function html() {
  const jar = createRequire(import.meta.url)("vnu-jar");
  try {
    execFileSync("java", ["-jar", jar, "--errors-only", "--format", "gnu", "--skip-non-html", sources], { stdio: ["ignore", "ignore", "pipe"] });
  } catch ({ stderr }) {
    for (const line of stderr.toString().trim().split("\n")) complain("html", line.replace(/^.*\/aloqa-pages-[^/]*\//, ""));
  }
}

const running = await demo(given.binary);
const browser = await chromium.launch({ executablePath: given.chromium, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
try {
  let pages = 0;
  for (const locale of given.locales.split(",")) {
    for (const theme of ["light", "dark"]) for (const size of Object.keys(WIDTHS)) pages += await look(browser, running, locale, theme, size);
  }
  html();
  console.log(`${pages} pages looked at, ${found} complaints`);
} finally {
  await browser.close();
  await running.stop();
  rmSync(sources, { recursive: true });
}
process.exitCode = found ? 1 : 0;
