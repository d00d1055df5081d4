// Registers the service worker, so that Aloqa can be installed and has a page for the time without a connection.

import { body } from "./dom.js";

if ("serviceWorker" in navigator && body.dataset.worker) {
  addEventListener("load", () => navigator.serviceWorker.register(body.dataset.worker).catch(() => {}));
}
