// Small answers to the person: a passing line at the top, a touch, a question before something final.
import { hosted, on, post, supports } from "./bridge.js";
import { say } from "./texts.js";

let hiding;

export function toast(text, kind = "info") {
  const line = document.getElementById("toast");
  line.textContent = text;
  line.dataset.kind = kind;
  line.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => {
    line.hidden = true;
  }, 3500);
}

// What was said of an earlier try is not left standing while a new one is under way.
export function hush() {
  clearTimeout(hiding);
  document.getElementById("toast").hidden = true;
}

// Success and failure are felt; taps and scrolling are not.
export function touch(kind) {
  if (supports("6.1")) post("web_app_trigger_haptic_feedback", { type: "notification", notification_type: kind });
}

export function confirm(message, action, destructive = false) {
  return hosted && supports("6.2") ? askHost(message, action, destructive) : askHere(message, action, destructive);
}

function askHost(message, action, destructive) {
  return new Promise((resolve) => {
    const stop = on("popup_closed", ({ button_id: id }) => {
      stop();
      resolve(id === "yes");
    });
    post("web_app_open_popup", {
      title: "",
      message: message.slice(0, 256),
      buttons: [
        { id: "yes", type: destructive ? "destructive" : "default", text: action.slice(0, 64) },
        { id: "no", type: "cancel" },
      ],
    });
  });
}

function askHere(message, action, destructive) {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    const text = document.createElement("p");
    text.textContent = message;
    const yes = document.createElement("button");
    yes.textContent = action;
    yes.className = destructive ? "button destructive" : "button";
    const no = document.createElement("button");
    no.textContent = say("cancel");
    no.className = "button quiet";
    dialog.append(text, yes, no);
    const close = (answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    yes.onclick = () => close(true);
    no.onclick = () => close(false);
    dialog.oncancel = () => close(false);
    document.body.append(dialog);
    dialog.showModal();
  });
}
