/** The control panel. */

import { get, post } from "./api.js";
import { el } from "./dom.js";

const at = (id) => document.getElementById(id);
const notice = (text) => { at("notice").textContent = text; };
let lastCall = 0;

async function run(path, body, done) {
  try { await post(path, body); notice(done); } catch (error) { notice(error.message); }
  await refresh();
}

async function showCalls() {
  const { calls } = await get(`/sandbox/calls?since=${lastCall}`);
  for (const call of calls.slice(-100)) {
    lastCall = call.id;
    at("calls").prepend(el("tr", { className: call.status === 200 ? "" : "bad" },
      el("td", {}, call.at.slice(11, 19)), el("td", {}, call.method), el("td", { title: call.error || "" }, String(call.status)),
      el("td", {}, el("code", {}, JSON.stringify(call.params).slice(0, 200)))));
  }
  while (at("calls").rows.length > 100) at("calls").lastElementChild.remove();
}

async function refresh() {
  const [clock, limits, faults, bots] = await Promise.all(["clock", "limits", "faults", "bots"].map((name) => get(`/sandbox/${name}`)));
  at("clock").textContent = `${clock.now.slice(0, 19).replace("T", " ")} UTC`;
  at("limits").textContent = `${limits.mode}: ${limits.overall_per_second}/s overall, ${limits.chat_per_second}/s per chat, ${limits.group_per_minute}/min per group`;
  at("faults").replaceChildren(...faults.rules.map((rule) => el("li", {}, `${rule.action} on ${rule.method} (${rule.direction}), ${rule.times ?? "always"}, struck ${rule.hits}×`)));
  at("bots").replaceChildren(...bots.bots.map((bot) => el("li", {}, el("b", {}, `@${bot.username}`), ` ${bot.pending_updates} waiting · ⭐️ ${bot.stars}`, el("br"), el("code", {}, bot.token), el("br"),
    el("small", {}, bot.webhook || "polling", bot.last_error ? ` · ${bot.last_error}` : ""))));
  await showCalls();
}

document.querySelectorAll("[data-advance]").forEach((button) => button.addEventListener("click", () => run("/sandbox/clock", { advance_seconds: Number(button.dataset.advance) }, "Clock moved")));
document.querySelectorAll("[data-limits]").forEach((button) => button.addEventListener("click", () => run("/sandbox/limits", { mode: button.dataset.limits }, "Limits set")));
at("clock-reset").addEventListener("click", () => run("/sandbox/clock", { now: new Date().toISOString() }, "Real time"));
at("reset").addEventListener("click", () => { if (confirm("Forget everything?")) run("/sandbox/reset", {}, "Fresh world with demo data"); });
at("faults-clear").addEventListener("click", () => run("/sandbox/faults", { rules: [] }, "No faults"));
at("fault-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = Object.fromEntries(new FormData(event.target));
  const rule = { match: { method: form.method, direction: form.direction }, action: form.action, seconds: Number(form.seconds), status: Number(form.status) };
  if (form.times) rule.times = Number(form.times);
  const present = (await get("/sandbox/faults")).rules;
  await run("/sandbox/faults", { rules: [...present, rule] }, "Fault added");
});
at("snapshot-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const what = event.submitter.value;
  run(`/sandbox/${what}`, { name: new FormData(event.target).get("name") }, `${what} done`);
});
at("bot-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  run("/sandbox/bots", { username: form.get("username"), token: form.get("token"), topics: form.has("topics") }, "Bot created");
});
at("theme").addEventListener("click", () => {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
});
document.documentElement.dataset.theme = localStorage.getItem("theme") || "light";
await refresh();
setInterval(refresh, 2000);
