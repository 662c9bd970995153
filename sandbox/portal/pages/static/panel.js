/** The control panel. */

import { attempt, el, get, post, t } from "./dom.js";

const at = (id) => document.getElementById(id);
const KEPT = 60;
let lastCall = 0;

async function run(path, body, done = t("Done")) {
  await attempt(() => post(path, body), done);
  await refresh();
}

async function showCalls() {
  const { calls } = await get(`/sandbox/calls?since=${lastCall}`);
  for (const call of calls.slice(-KEPT)) {
    lastCall = call.id;
    at("calls").prepend(el("tr", {}, el("td", {}, String(call.id)), el("td", {}, call.at.slice(11, 19)), el("td", {}, call.method, call.via === "batch" ? " ⧉" : ""),
      el("td", {}, call.error ? el("span.tag.tag--failure", {}, `${call.status} ${call.error}`) : String(call.status)), el("td", {}, el("code", {}, JSON.stringify(call.params).slice(0, 240)))));
  }
  while (at("calls").rows.length > KEPT) at("calls").lastElementChild.remove();
}

async function showSent() {
  const { deliveries, waiting } = await get("/sandbox/deliveries");
  const rows = deliveries.slice(-KEPT).reverse().map((one) => el("tr", {}, Object.values(one).map((value) => el("td", {}, el("code", {}, (typeof value === "object" ? JSON.stringify(value) : String(value)).slice(0, 160))))));
  at("sent").replaceChildren(...(rows.length ? rows : [el("tr", {}, el("td", {}, `${t("Nothing here yet.")} ${JSON.stringify(waiting)}`))]));
}

async function showReadings() {
  const readings = await get("/sandbox/readings");
  at("readings").replaceChildren(...Object.entries(readings).map(([name, { choices, chosen, about }]) => {
    const select = el("select.input", { "aria-label": name, onchange: () => run("/sandbox/readings", { [name]: select.value }) }, choices.map((choice) => el("option", { selected: choice === chosen }, choice)));
    return el("tr", {}, el("td", {}, el("code", {}, name)), el("td", {}, select), el("td", {}, about));
  }));
}

async function refresh() {
  try {
    const [clock, limits, faults] = await Promise.all(["clock", "limits", "faults"].map((name) => get(`/sandbox/${name}`)));
    at("clock").textContent = `${clock.now.slice(0, 19).replace("T", " ")} UTC`;
    at("limits").textContent = Object.entries(limits).map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}`).join(" · ");
    at("faults").replaceChildren(...faults.rules.map((rule) => el("li", {}, `${rule.action} · ${rule.method} (${rule.direction}) · ${rule.times ?? "∞"} · ${rule.hits}×`)));
    await Promise.all([showCalls(), showSent()]);
  } catch {
    at("clock").textContent = t("The portal does not answer.");
  }
}

for (const button of document.querySelectorAll("[data-advance]")) button.addEventListener("click", () => run("/sandbox/clock", { advance_seconds: Number(button.dataset.advance) }));
for (const button of document.querySelectorAll("[data-limits]")) button.addEventListener("click", () => run("/sandbox/limits", { mode: button.dataset.limits }));
at("clock-real").addEventListener("click", () => run("/sandbox/clock", { now: new Date().toISOString() }));
at("demo").addEventListener("click", () => run("/pages/demo-data", {}));
at("reset").addEventListener("click", () => { if (confirm(t("Forget everything?"))) run("/sandbox/reset", {}); });
at("no-faults").addEventListener("click", () => run("/sandbox/faults", { rules: [] }));
at("snapshot").addEventListener("submit", (event) => {
  event.preventDefault();
  run(`/sandbox/${event.submitter.value}`, { name: new FormData(event.target).get("name") });
});
at("fault").addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = Object.fromEntries(new FormData(event.target));
  const rule = { match: { method: given.method, direction: given.direction }, action: given.action, seconds: Number(given.seconds), status: Number(given.status), error: given.error };
  if (given.times) rule.times = Number(given.times);
  const { rules } = await get("/sandbox/faults");
  await run("/sandbox/faults", { rules: [...rules, rule] });
});
await showReadings();
await refresh();
setInterval(refresh, 2000);
