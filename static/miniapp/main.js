// The Mini App's start: wear the theme, prove who opened us, show the screen of the address.
import htmx from "htmx.org";
import "./app.css";
import "./catalogue.css";
import { startActions } from "./actions.js";
import { startBottom } from "./bottom.js";
import { hosted, initData, post, supports } from "./bridge.js";
import { startChat } from "./chat.js";
import { startChanges } from "./changes.js";
import { startDrafts } from "./drafts.js";
import { startFaults } from "./faults.js";
import { toast } from "./feedback.js";
import { startFields } from "./fields.js";
import { startFind } from "./find.js";
import { show, startScreens } from "./screens.js";
import { current, fresh, open, Refused } from "./session.js";
import { learn, learnFromPage, say } from "./texts.js";
import { startTheme } from "./theme.js";
import { startUnsaved } from "./unsaved.js";
import { startUploads } from "./uploads.js";

// Our content security policy allows neither evaluated nor inline code and style, and history is ours.
Object.assign(htmx.config, { allowEval: false, includeIndicatorStyles: false, historyEnabled: false, selfRequestsOnly: true });

function startHtmx() {
  document.addEventListener("htmx:confirm", (event) => {
    event.preventDefault();
    if (document.hidden) return;
    fresh().then(() => event.detail.issueRequest(true)).catch(() => toast(say("offline"), "bad"));
  });
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    detail.headers["X-Session"] = current();
  });
  document.addEventListener("htmx:responseError", ({ detail }) => {
    let message = "";
    try {
      ({ message } = JSON.parse(detail.xhr.responseText));
    } catch {
      // Not one of our answers.
    }
    toast(message || say("trouble"), "bad");
  });
}

async function enter() {
  const session = await open();
  learn(session.texts);
  document.documentElement.lang = session.language;
  // A deep link speaks only for the first screen of a fresh launch.
  if (session.start && !history.state?.app && location.pathname === "/app/") history.replaceState({ app: true }, "", session.start);
  await show(location.pathname + location.search);
}

function explain(name, again) {
  const view = document.getElementById("trouble").content.cloneNode(true);
  view.querySelector("[data-say]").textContent = say(name);
  const button = view.querySelector("button");
  button.removeAttribute("data-retry");
  button.textContent = say("retry");
  button.hidden = !again;
  button.onclick = begin;
  document.getElementById("screen").replaceChildren(view);
}

async function begin() {
  if (!initData) return explain("open_in_telegram", false);
  try {
    return await enter();
  } catch (error) {
    return explain(error instanceof Refused ? "reopen" : "offline", !(error instanceof Refused));
  } finally {
    post("web_app_ready");
  }
}

learnFromPage();
startTheme();
startBottom();
startScreens();
startFaults();
startDrafts();
startChanges();
startUnsaved();
startFields();
startUploads();
startActions();
startFind();
startChat();
startHtmx();
post("iframe_ready", { reload_supported: true });
if (hosted) post("web_app_expand");
if (supports("7.7")) post("web_app_setup_swipe_behavior", { allow_vertical_swipe: false });
begin();
