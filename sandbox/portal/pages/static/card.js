/** The card of an item: stages, tabs with frames of applications, comments, buttons of the timeline. */

import { embed, inPanel } from "./bridge.js";
import { attempt, base64, control, el, get, post, rest, t } from "./dom.js";
import "./editing.js";
import { refresh } from "./live.js";
import { openPage } from "./slider.js";

const card = document.getElementById("card");
const kind = Number(card.dataset.kind);
const id = Number(card.dataset.id);
const tabs = [...document.querySelectorAll("#tabs [role=tab]")];

function choose(tab) {
  for (const one of tabs) {
    const chosen = one === tab;
    one.setAttribute("aria-selected", String(chosen));
    one.tabIndex = chosen ? 0 : -1;
    document.getElementById(one.getAttribute("aria-controls")).hidden = !chosen;
  }
  const place = document.getElementById(tab.getAttribute("aria-controls"));
  if (tab.dataset.placement && !place.firstChild) {
    embed(place, { placement_id: tab.dataset.placement, options: { ID: String(id) }, uri: location.pathname + location.search }, { title: tab.textContent, appId: tab.dataset.app });
  }
  if (tab.id === "tab-log") showLog();
  history.replaceState(null, "", tab.id === "tab-general" ? location.pathname + location.search : `#${tab.id}`);
}

document.getElementById("tabs").addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab]");
  if (tab) choose(tab);
});
document.getElementById("tabs").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
  next.focus();
  choose(next);
});
function byAddress() {
  const asked = tabs.find((tab) => `#${tab.id}` === location.hash);
  if (asked) choose(asked);
}
byAddress();
addEventListener("hashchange", byAddress);

async function showLog() {
  const place = document.getElementById("log");
  const read = await attempt(() => get("/sandbox/automation/log"));
  const lines = (read?.log ?? []).filter((line) => line.document_id === `${card.dataset.name}_${id}`).reverse();
  place.replaceChildren(lines.length
    ? el("div.scroll", {}, el("table", {}, el("tbody", {}, lines.map((line) => el("tr", {},
      el("td.nowrap", {}, line.at.slice(0, 19).replace("T", " ")), el("td", {}, line.stage), el("td", {}, line.event), el("td", {}, line.code ?? ""), el("td", {}, line.text))))))
    : el("p.empty", {}, t("Nothing here yet.")));
}

document.getElementById("stages")?.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-stage]");
  if (!button || button.hasAttribute("aria-current")) return;
  await attempt(() => rest("crm.item.update", { entityTypeId: kind, id, fields: { stageId: button.dataset.stage } }), t("Stage changed"));
  await refresh();
});

const form = document.getElementById("comment");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = form.elements.text.value.trim();
  const files = await Promise.all([...form.elements.files.files].map(base64));
  if (!text && !files.length) return;
  const fields = { ENTITY_ID: id, ENTITY_TYPE: card.dataset.name.toLowerCase(), COMMENT: text || files[0][0], ...(files.length ? { FILES: files } : {}) };
  if (await attempt(() => rest("crm.timeline.comment.add", { fields }))) {
    form.reset();
    await refresh();
  }
});

async function press(button) {
  const done = await attempt(() => control(`/sandbox/activities/${button.dataset.activity}/press`, { button: button.dataset.press }));
  if (done?.type === "redirect") go(done.uri);
  if (done?.type === "openRestApp") inPanel(done.launch, { title: done.slider.title, width: done.slider.width, appId: "" }, refresh);
  await refresh();
}

function go(address) {
  const url = new URL(address, location.origin);
  if (url.origin === location.origin) openPage(url.href, refresh);
  else if (/^https?:$/.test(url.protocol)) window.open(url, "_blank", "noopener");
}

document.getElementById("feed").addEventListener("click", async (event) => {
  const button = event.target.closest("[data-press]");
  if (button) press(button);
  const done = event.target.closest("[data-complete]");
  if (done) {
    await attempt(() => post(`/pages/activities/${done.dataset.complete}/complete`), t("Done"));
    await refresh();
  }
});
