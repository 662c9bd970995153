// Speaks the Mini App bridge protocol with whatever hosts us: a frame of the web clients, the mobile web view, the desktop one.
// The published client library is nine times as large as this and refuses launch data of newer hosts; the protocol itself is
// small and stable (core.telegram.org/api/bots/webapps, docs "Methods" and "Events").

const listeners = new Map();
const STORED = "launch";

function readLaunch() {
  const fromAddress = new URLSearchParams(location.hash.slice(1));
  if (fromAddress.has("tgWebAppData") || fromAddress.has("tgWebAppVersion")) {
    remember(fromAddress.toString());
    return fromAddress;
  }
  return new URLSearchParams(recall());
}

// A reload after navigation has lost the fragment, so it is kept for as long as this tab lives.
function remember(value) {
  try {
    sessionStorage.setItem(STORED, value);
  } catch {
    // Storage can be forbidden in frames; then only a reload is affected.
  }
}

function recall() {
  try {
    return sessionStorage.getItem(STORED) ?? "";
  } catch {
    return "";
  }
}

export const launch = readLaunch();
export const initData = launch.get("tgWebAppData") ?? "";
const version = (launch.get("tgWebAppVersion") ?? "6.0").split(".").map(Number);
const framed = window.parent !== window;
const native = Boolean(window.TelegramWebviewProxy) || typeof window.external?.notify === "function";

export const hosted = Boolean(initData) && (framed || native);

export function supports(wanted) {
  const [major, minor] = wanted.split(".").map(Number);
  return hosted && (version[0] > major || (version[0] === major && version[1] >= minor));
}

export function post(type, data = {}) {
  if (window.TelegramWebviewProxy) {
    window.TelegramWebviewProxy.postEvent(type, JSON.stringify(data));
  } else if (typeof window.external?.notify === "function") {
    window.external.notify(JSON.stringify({ eventType: type, eventData: data }));
  } else if (framed) {
    // The host's origin differs from client to client and nothing secret is ever posted.
    window.parent.postMessage(JSON.stringify({ eventType: type, eventData: data }), "*");
  }
}

// An outside page opens in the host's browser, never in our frame.
export function openOutside(url) {
  if (hosted) post("web_app_open_link", { url });
  else window.open(url, "_blank", "noopener");
}

export function on(type, listener) {
  if (!listeners.has(type)) listeners.set(type, new Set());
  listeners.get(type).add(listener);
  return () => listeners.get(type).delete(listener);
}

function receive(type, data) {
  for (const listener of listeners.get(type) ?? []) listener(data ?? {});
}

window.addEventListener("message", (event) => {
  if (!framed || event.source !== window.parent || typeof event.data !== "string") return;
  try {
    const { eventType, eventData } = JSON.parse(event.data);
    if (typeof eventType === "string") receive(eventType, eventData);
  } catch {
    // Frames receive other people's messages as well.
  }
});

window.TelegramGameProxy_receiveEvent = receive;
window.TelegramGameProxy = { ...window.TelegramGameProxy, receiveEvent: receive };
window.Telegram = { ...window.Telegram, WebView: { ...window.Telegram?.WebView, receiveEvent: receive } };
on("reload_iframe", () => location.reload());
