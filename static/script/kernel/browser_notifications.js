// Notifies of messages while no tab is visible: by browser notifications and a sound, as set on this device.

import { $, $$, body } from "./dom.js";

const NOTIFY = "aloqa-notify";
const SOUND = "aloqa-sound";
const LAST_VIEWED = "aloqa-looked";

const isOn = (key) => {
  try {
    return localStorage.getItem(key) === "on";
  } catch {
    return false;
  }
};
const store = (key, value) => {
  try {
    localStorage.setItem(key, value);
  } catch {
    /* the setting applies to this page only */
  }
};
const mayNotify = () => "Notification" in window && Notification.permission === "granted";

/** Two soft tones, synthesised so that no file is loaded. */
function playSound() {
  try {
    const context = new AudioContext();
    const tone = (frequency, at) => {
      const [oscillator, gain] = [context.createOscillator(), context.createGain()];
      oscillator.frequency.value = frequency;
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(0.08, at + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.28);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(at);
      oscillator.stop(at + 0.3);
    };
    tone(660, context.currentTime);
    tone(880, context.currentTime + 0.14);
    setTimeout(() => context.close(), 800);
  } catch {
    /* the page is not allowed or not able to play sound */
  }
}

async function showNotification(chat) {
  const ask = async (url) => (await fetch(url, { headers: { Accept: "application/json" } })).json();
  const [{ client, last_message: last, unread_count: unread }, wishes] = await Promise.all([
    ask(`/crm/chats/${chat}`),
    ask("/account/notifications"),
  ]);
  if (!unread) return;
  const text = wishes.with_text ? last?.message : "";
  const told = new Notification(client.full_name, { body: text ?? "", tag: `chat-${chat}` });
  told.addEventListener("click", () => {
    focus();
    location.href = `/crm/chats/${chat}`;
    told.close();
  });
}

document.addEventListener("live-event", ({ detail: { kind, data, first } }) => {
  if (kind !== "MessageReceived") return;
  if (!document.hidden) {
    store(LAST_VIEWED, Date.now());
    return;
  }
  // One tab notifies for all, and none while any tab is visible.
  if (!first || !(isOn(NOTIFY) || isOn(SOUND))) return;
  setTimeout(() => {
    if (Date.now() - Number(localStorage.getItem(LAST_VIEWED)) < 2000) return;
    if (isOn(SOUND)) playSound();
    if (isOn(NOTIFY) && mayNotify()) showNotification(data.chat_id).catch(() => {});
  }, 300);
});

function bindSettings(section) {
  const [notify, soundButton] = ["#device-notify", "#device-sound"].map((id) => $(id, section));
  const renderState = () => {
    notify.setAttribute("aria-pressed", isOn(NOTIFY) && mayNotify());
    soundButton.setAttribute("aria-pressed", isOn(SOUND));
    $("#device-denied").hidden = !("Notification" in window) || Notification.permission !== "denied";
  };
  $("#device-actions").hidden = false;
  notify.hidden = !("Notification" in window);
  notify.addEventListener("click", async () => {
    if (isOn(NOTIFY) && mayNotify()) store(NOTIFY, "off");
    else if (mayNotify() || (await Notification.requestPermission()) === "granted") store(NOTIFY, "on");
    renderState();
  });
  soundButton.addEventListener("click", () => {
    store(SOUND, isOn(SOUND) ? "off" : "on");
    if (isOn(SOUND)) playSound();
    renderState();
  });
  renderState();
}

$$("#device", body).forEach(bindSettings);
