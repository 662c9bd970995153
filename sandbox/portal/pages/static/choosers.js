/** The portal's own windows for choosing people, access rights and CRM items, over the frame that asked for them. */

import { attempt, el, rest, t } from "./dom.js";
import { panel } from "./slider.js";

const KINDS = { lead: [1, "L"], contact: [3, "C"], company: [4, "CO"], deal: [2, "D"], quote: [7, "Q"] };
const NAMES = { lead: "Leads", contact: "Contacts", company: "Companies", deal: "Deals", quote: "Estimates" };
const SHOWN = 200;

const people = () => [...document.querySelectorAll("#who [name=user] option")].map((one) => ({ id: Number(one.value), name: one.textContent.replace(" ★", "") }));

/** Lists `entries` [{key, text, chosen, value}]; resolves with the chosen values, stays silent when the window is closed. */
function choose(title, groups, many) {
  const body = el("form.sheet", {});
  return new Promise((resolve) => {
    const sheet = panel({ title, width: 460, body });
    const rows = groups.flatMap(({ label, entries }) => [label ? el("h2", {}, label) : null, ...entries.map((one) => el("label.choice", {},
      el("input", { type: many ? "checkbox" : "radio", name: "chosen", value: one.key, checked: Boolean(one.chosen) }), " ", one.text))]).filter(Boolean);
    body.append(...(rows.length ? rows : [el("p.empty", {}, t("Nothing here yet."))]), el("p", {}, el("button.button.button--main", { type: "submit" }, t("Choose"))));
    body.addEventListener("submit", (event) => {
      event.preventDefault();
      const keys = new Set(new FormData(body).getAll("chosen"));
      const chosen = groups.flatMap(({ entries }) => entries).filter((one) => keys.has(String(one.key)));
      if (!chosen.length) return;
      resolve(chosen.map((one) => one.value));
      sheet.close();
    });
  });
}

export async function chooseUsers(many) {
  const entries = people().map((one) => ({ key: one.id, text: one.name, value: one }));
  const chosen = await choose(t(many ? "Choose employees" : "Choose an employee"), [{ entries }], many);
  return many ? chosen : chosen[0];
}

export function chooseAccess(blocked) {
  const everyone = [{ id: "AU", name: t("All authorized users") }, ...people().map(({ id, name }) => ({ id: `U${id}`, name }))];
  const entries = everyone.filter(({ id }) => !blocked.includes(id)).map((one) => ({ key: one.id, text: one.name, value: one }));
  return choose(t("Choose who has access"), [{ entries }], true);
}

async function entriesOf(type, chosen) {
  const [number, prefix] = KINDS[type];
  const listed = await attempt(() => rest("crm.item.list", { entityTypeId: number, order: { id: "DESC" }, select: ["id", "title", "name", "lastName"] }));
  return (listed?.items ?? []).slice(0, SHOWN).map((item) => {
    const title = item.title || `${item.name ?? ""} ${item.lastName ?? ""}`.trim() || `#${item.id}`;
    const value = { id: `${prefix}_${item.id}`, type, place: type, title, desc: "", url: `/crm/${type}/show/${item.id}/` };
    return { key: value.id, text: title, value, chosen: chosen.includes(item.id) };
  });
}

export async function chooseCrm({ entityType, multiple, value }) {
  const asked = entityType ?? Object.keys(KINDS);
  const types = (Array.isArray(asked) ? asked : [asked]).filter((type) => type in KINDS);
  const groups = await Promise.all(types.map(async (type) => ({ label: t(NAMES[type]), entries: await entriesOf(type, multiple ? (value?.[type] ?? []).map(Number) : []) })));
  const chosen = await choose(t("Choose CRM items"), groups, Boolean(multiple));
  return Object.fromEntries(types.map((type) => [type, chosen.filter((one) => one.type === type)]));
}
