// Runs Lighthouse on the chat pages of a demo, as on a phone and on a desktop computer. Requires a release build,
// because only that one compresses its responses.
//
//   node lighthouse.mjs [--binary ../../target/release/aloqa] [--reports DIR] [--paths /crm/chats,…]

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import lighthouse from "lighthouse";
import desktop from "lighthouse/core/config/desktop-config.js";
import { chromium } from "playwright-core";
import { demo, freePort } from "./demo.mjs";
import { signIn } from "./pages.mjs";

const { values: given } = parseArgs({ options: {
  binary: { type: "string", default: new URL("../../target/release/aloqa", import.meta.url).pathname },
  chromium: { type: "string", default: "/usr/bin/chromium" },
  reports: { type: "string" },
  paths: { type: "string" },
} });
/** Minimum scores in percent. */
const WANTED = { accessibility: 100, "best-practices": 100, performance: 95 };

const running = await demo(given.binary);
const profile = mkdtempSync(join(tmpdir(), "aloqa-lighthouse-"));
const port = await freePort();
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: given.chromium,
  args: [`--remote-debugging-port=${port}`, "--no-sandbox", "--disable-background-networking"],
});
let missed = 0;
try {
  const page = await browser.newPage();
  await signIn(page, running.site, running.users[0]);
  const chat = await page.getAttribute("#chat-list li a", "href");
  await page.close();
  for (const path of given.paths?.split(",") ?? ["/crm/chats", chat]) {
    for (const [name, config] of [["mobile", undefined], ["desktop", desktop]]) {
      // Lighthouse clears the browser's storage by default, which holds the session.
      const flags = { port, output: "html", logLevel: "error", disableStorageReset: true, onlyCategories: Object.keys(WANTED) };
      const { lhr, report } = await lighthouse(running.site + path, flags, config);
      const scores = Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(score * 100)]);
      console.log(`${path} ${name}: ${scores.map(([id, score]) => `${id} ${score}`).join(", ")}`);
      missed += scores.filter(([id, score]) => score < WANTED[id]).length;
      for (const { auditRefs } of Object.values(lhr.categories)) {
        for (const { id, weight } of auditRefs) {
          const { score, title, displayValue = "" } = lhr.audits[id];
          if (weight && score !== null && score < 0.9) console.log(`  ${id}: ${title} ${displayValue}`);
        }
      }
      if (given.reports) {
        mkdirSync(given.reports, { recursive: true });
        writeFileSync(join(given.reports, `${name}${path.replaceAll("/", "-")}.html`), report);
      }
    }
  }
} finally {
  await browser.close();
  await running.stop();
  rmSync(profile, { recursive: true, force: true });
}
process.exitCode = missed ? 1 : 0;
