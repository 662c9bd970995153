/** Fields that applications draw: a frame in the card to look at, another one to change the value with. */

import { show } from "./bridge.js";
import { attempt, el, post, rest, t } from "./dom.js";
import { refresh } from "./live.js";

const card = document.getElementById("card");
const entityTypeId = Number(card.dataset.kind);
const id = Number(card.dataset.id);

async function open(row, mode) {
  const { field, title, height, app } = row.dataset;
  const launched = await attempt(() => post("/pages/field/launch", { entityTypeId, id, field, mode }));
  if (!launched) return;
  let { value } = launched;
  const commands = { getValue: () => value, ...(mode === "edit" ? { setValue: (given) => { value = given; return true; } } : {}) };
  const host = show(row.querySelector(".field-frame"), launched, { title, appId: app, commands });
  host.frame.style.height = `${height}px`;
  const back = el("button.button", { type: "button", onclick: () => open(row, "view") }, t("Cancel"));
  const keep = el("button.button.button--main", { type: "button", onclick: () => save(row, () => value) }, t("Save"));
  const change = el("button.pencil", { type: "button", "aria-label": `${t("Change")}: ${title}`, onclick: () => open(row, "edit") }, "✎");
  row.querySelector(".field-acts").replaceChildren(...(mode === "edit" ? [keep, back] : [change]));
}

async function save(row, read) {
  const fields = { [row.dataset.field]: read() };
  if (!(await attempt(() => rest("crm.item.update", { entityTypeId, id, useOriginalUfNames: "Y", fields }), t("Saved")))) return;
  await refresh();
  await open(row, "view");
}

for (const row of document.querySelectorAll("[data-field-frame]")) open(row, "view");
