// The portal's window around us, through the official SDK. Everything works, only less comfortably, when there is none.
import { initializeB24Frame } from "@bitrix24/b24jssdk";

let frame = null;
let content = null;
let asked = 0;

// The frame is kept as high as an element of the page.
export async function connect(element) {
  content = element;
  try {
    frame = await initializeB24Frame();
  } catch {
    frame = null;
    return;
  }
  new ResizeObserver(fit).observe(content);
}

// The SDK's own fitWindow measures the document, which is never lower than the frame and so could not shrink it.
export function fit() {
  if (!frame || asked) return;
  asked = requestAnimationFrame(() => {
    asked = 0;
    const height = Math.ceil(content.getBoundingClientRect().height);
    frame.parent.message.send("resizeWindow", { width: "100%", height, isSafely: true }).catch(() => {});
  });
}

export function openPath(path) {
  if (!frame) return false;
  frame.slider.openPath(frame.slider.getUrl(path)).catch(() => {});
  return true;
}

export async function freshAccessToken() {
  if (!frame) throw new Error("not inside Bitrix24");
  const auth = frame.auth.getAuthData() || (await frame.auth.refreshAuth());
  if (!auth) throw new Error("the portal gave no token");
  return auth.access_token;
}

export const refreshToken = () => frame?.auth.getAuthData()?.refresh_token ?? "";

// The portal's own selector of employees; answers their ids, or null when it was closed or is not there.
export async function chooseEmployees() {
  const chosen = frame ? await frame.dialog.selectUsers().catch(() => null) : null;
  return chosen?.length ? chosen.map((person) => String(person.id)) : null;
}

// Only the browser can tell the portal so; one that counts the application as installed already needs to be told nothing.
export const finishInstallation = () => (frame?.isInstallMode ? frame.installFinish() : undefined);

export const isInside = () => frame !== null;

// Values for the rule whose settings the designer shows in our frame; it keeps them when the rule is saved there.
export const setRule = (values) => frame?.placement.call("setPropertyValue", values).catch(() => {});
