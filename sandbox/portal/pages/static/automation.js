/** The designer of automation: adding, setting up and removing robots and triggers of a stage. */

import { attempt, el, post, t } from "./dom.js";
import { refresh } from "./live.js";
import { robotForm } from "./robot_form.js";
import { panel } from "./slider.js";

export const offered = JSON.parse(document.getElementById("offered").textContent);
const board = document.getElementById("stages");

const planOf = (column) => JSON.parse(column.querySelector(".plan").textContent);

async function save(stage, change) {
  const done = await attempt(() => post("/sandbox/automation", { entity: offered.entity, stage, ...change }), t("Saved"));
  await refresh();
  return done;
}

function setUp(stage, plan, offer, robot, place) {
  const before = plan.robots.slice(0, place < 0 ? undefined : place);
  const body = el("div.sheet", {});
  const sheet = panel({ title: offer.own ? t(offer.title) : offer.title, width: 760, body });
  robotForm(body, { offer, robot, before, offered, save: async (ready) => {
    const robots = [...plan.robots];
    if (place < 0) robots.push(ready);
    else robots[place] = ready;
    if (await save(stage, { robots })) sheet.close();
  } });
}

function chooseRobot(stage, plan) {
  const body = el("div.sheet", {});
  const sheet = panel({ title: t("Choose a robot"), width: 520, body });
  body.append(...offered.robots.map((offer) => el("button.offer", { type: "button", onclick: () => { sheet.close(); setUp(stage, plan, offer, null, -1); } },
    el("strong", {}, offer.own ? t(offer.title) : offer.title), el("br"), el("small", {}, offer.about || offer.app))));
}

function chooseTrigger(stage, plan) {
  const body = el("div.sheet", {});
  const sheet = panel({ title: t("Choose a trigger"), width: 520, body });
  const back = el("input", { type: "checkbox" });
  const add = async (trigger) => {
    if (await save(stage, { triggers: [...plan.triggers, { ...trigger, allow_backwards: back.checked }] })) sheet.close();
  };
  body.append(el("p", {}, el("label", {}, back, " ", t("Let it move back to an earlier stage"))),
    ...offered.triggers.map((one) => el("button.offer", { type: "button", onclick: () => add({ code: one.code, app_id: one.app_id }) }, el("strong", {}, one.text), el("br"), el("small", {}, one.code))),
    el("button.offer", { type: "button", onclick: () => add({ code: "", webhook: true }) }, el("strong", {}, t("Webhook")), el("br"), el("small", {}, "crm.automation.trigger")));
}

board.addEventListener("click", (event) => {
  const column = event.target.closest("[data-stage]");
  const button = event.target.closest("button");
  if (!column || !button) return;
  const [stage, plan, data] = [column.dataset.stage, planOf(column), button.dataset];
  const without = (list, place) => list.filter((_, index) => index !== Number(place));
  if (data.add === "robot") chooseRobot(stage, plan);
  if (data.add === "trigger") chooseTrigger(stage, plan);
  if (data.dropRobot) save(stage, { robots: without(plan.robots, data.dropRobot) });
  if (data.dropTrigger) save(stage, { triggers: without(plan.triggers, data.dropTrigger) });
  if (data.robot) {
    const robot = plan.robots[Number(data.robot)];
    const offer = offered.robots.find((one) => one.code === robot.code && one.app_id === robot.app_id);
    if (offer) setUp(stage, plan, offer, robot, Number(data.robot));
  }
});
