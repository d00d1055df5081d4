// Tells of messages while nobody looks: by the browser's notifications and a short sound, as this device was set to.

import { $, $$, body } from "./dom.js";

const NOTIFY = "aloqa-notify";
const SOUND = "aloqa-sound";
const LOOKED = "aloqa-looked";

const is = (key) => { try { return localStorage.getItem(key) === "on"; } catch { return false; } };
const set = (key, value) => { try { localStorage.setItem(key, value); } catch { /* it holds for this page only */ } };
const may = () => "Notification" in window && Notification.permission === "granted";

/** Two soft tones, made here: nothing to load. */
function sound() {
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
  } catch { /* this page may not make a sound, or can't */ }
}

async function show(chat) {
  const ask = async (url) => (await fetch(url, { headers: { Accept: "application/json" } })).json();
  const [{ client, last_message: last, unread_count: unread }, wishes] = await Promise.all([ask(`/crm/chats/${chat}`), ask("/account/notifications")]);
  if (!unread) return;
  const text = wishes.with_text ? last?.message : "";
  const told = new Notification(client.full_name, { body: text ?? "", tag: `chat-${chat}` });
  told.addEventListener("click", () => { focus(); location.href = `/crm/chats/${chat}`; told.close(); });
}

document.addEventListener("news", ({ detail: { kind, data, first } }) => {
  if (kind !== "MessageReceived") return;
  if (!document.hidden) { set(LOOKED, Date.now()); return; }
  // One tab of all tells, and none while another is looked at.
  if (!first || !(is(NOTIFY) || is(SOUND))) return;
  setTimeout(() => {
    if (Date.now() - Number(localStorage.getItem(LOOKED)) < 2000) return;
    if (is(SOUND)) sound();
    if (is(NOTIFY) && may()) show(data.chat_id).catch(() => {});
  }, 300);
});

function settings(section) {
  const [notify, noise] = ["#device-notify", "#device-sound"].map((id) => $(id, section));
  const paint = () => {
    notify.setAttribute("aria-pressed", is(NOTIFY) && may());
    noise.setAttribute("aria-pressed", is(SOUND));
    $("#device-denied").hidden = !("Notification" in window) || Notification.permission !== "denied";
  };
  $("#device-actions").hidden = false;
  notify.hidden = !("Notification" in window);
  notify.addEventListener("click", async () => {
    if (is(NOTIFY) && may()) set(NOTIFY, "off");
    else if (may() || await Notification.requestPermission() === "granted") set(NOTIFY, "on");
    paint();
  });
  noise.addEventListener("click", () => {
    set(SOUND, is(SOUND) ? "off" : "on");
    if (is(SOUND)) sound();
    paint();
  });
  paint();
}

$$("#device", body).forEach(settings);
