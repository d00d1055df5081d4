// What the browser keeps, so that Aloqa can be installed and says something of its own without a connection.

import { body } from "./dom.js";

if ("serviceWorker" in navigator && body.dataset.worker) {
  addEventListener("load", () => navigator.serviceWorker.register(body.dataset.worker).catch(() => {}));
}
