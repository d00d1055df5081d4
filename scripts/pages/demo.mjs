// A separate demo for the checks: started, asked for its users, and stopped again.

import { spawn } from "node:child_process";
import { createServer } from "node:net";

/** A free port of the loopback interface. */
export const freePort = () => new Promise((found) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => found(port));
  });
});

/** Runs `aloqa demo`; returns its address, its users, and a function that stops it. */
export async function demo(binary) {
  const port = await freePort();
  const site = `http://localhost:${port}`;
  const env = { ...process.env, ALOQA_LISTEN: `127.0.0.1:${port}`, ALOQA_PUBLIC_URL: site, ALOQA_LOG: "warn" };
  const child = spawn(binary, ["demo"], { env, stdio: ["ignore", "pipe", "inherit"] });
  const said = await new Promise((done, failed) => {
    let text = "";
    child.stdout.on("data", (part) => { text += part; if (text.includes("Ctrl+C")) done(text); });
    child.on("exit", () => failed(new Error("the demo did not start")));
  });
  const users = [...said.matchAll(/e-mail (\S+)\s+password (\S+)/g)].map(([, email, password]) => ({ email, password }));
  return { site, users, stop: () => new Promise((gone) => { child.on("exit", gone); child.kill("SIGTERM"); }) };
}
