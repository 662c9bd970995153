/** Editing one field of a card in place, through crm.item.update as the signed-in person. */

import { attempt, el, rest, t } from "./dom.js";
import { refresh } from "./live.js";

const card = document.getElementById("card");
const LINES = 4;

function option({ value, text }, chosen) {
  return el("option", { value, selected: chosen.includes(value) }, text);
}

function one(field, value) {
  const text = value === null || value === undefined ? "" : String(value);
  if (field.type === "boolean" || field.type === "char") {
    return el("select.input", {}, option({ value: "Y", text: t("yes") }, [["1", "true"].includes(text) ? "Y" : text]), option({ value: "N", text: t("no") }, [["0", "", "false"].includes(text) ? "N" : text]));
  }
  if (field.type === "date") return el("input.input", { type: "date", value: text.slice(0, 10) });
  if (field.type === "datetime") return el("input.input", { type: "datetime-local", value: text.slice(0, 16) });
  if (field.type === "integer" || field.type.startsWith("crm_")) return el("input.input", { type: "number", step: "1", value: text });
  if (field.type === "double") return el("input.input", { type: "number", step: "any", value: text });
  if (text.length > 60 || ["text", "html"].includes(field.type) || field.name === "comments") return el("textarea.input", { rows: LINES }, text);
  return el("input.input", { type: "text", value: text });
}

function control(field) {
  const values = Array.isArray(field.value) ? field.value.map(String) : [String(field.value ?? "")];
  if (field.type === "money") return money(field, values[0]);
  if (field.options) {
    const blank = field.many ? [] : [option({ value: "", text: "—" }, values)];
    const select = el("select.input", { multiple: field.many, size: field.many ? Math.min(8, field.options.length) : undefined }, blank, field.options.map((item) => option(item, values)));
    return { node: select, read: () => (field.many ? [...select.selectedOptions].map((item) => item.value) : select.value) };
  }
  if (field.many) {
    const area = el("textarea.input", { rows: LINES, placeholder: t("One value per line") }, values.filter(Boolean).join("\n"));
    return { node: area, read: () => area.value.split("\n").map((line) => line.trim()).filter(Boolean) };
  }
  const input = one(field, field.value);
  return { node: input, read: () => input.value };
}

function money(field, value) {
  const [amount, currency] = value.split("|");
  const input = el("input.input", { type: "number", step: "any", value: amount });
  const select = el("select.input", {}, field.options.map((item) => option(item, [currency])));
  return { node: el("span.row", {}, input, select), read: () => (input.value ? `${input.value}|${select.value}` : "") };
}

function edit(button) {
  const field = JSON.parse(button.dataset.edit);
  const place = button.closest("dd");
  const before = [...place.childNodes];
  const { node, read } = control(field);
  const back = () => {
    place.replaceChildren(...before);
    button.focus();
  };
  const form = el("form.edit", { "data-busy": "", onsubmit: save }, node, el("span.row", {},
    el("button.button.button--main", { type: "submit" }, t("Save")), el("button.button", { type: "button", onclick: back }, t("Cancel"))));
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); back(); } });
  place.replaceChildren(form);
  (node.matches("input, select, textarea") ? node : node.querySelector("input")).focus();

  async function save(event) {
    event.preventDefault();
    const params = { entityTypeId: Number(card.dataset.kind), id: Number(card.dataset.id), useOriginalUfNames: "Y", fields: { [field.name]: read() } };
    if (!(await attempt(() => rest("crm.item.update", params), t("Saved")))) return;
    place.replaceChildren(...before);
    await refresh();
    document.querySelector(`[data-key="edit-${CSS.escape(field.name)}"]`)?.focus();
  }
}

document.getElementById("fields").addEventListener("click", (event) => {
  const button = event.target.closest("[data-edit]");
  if (button) edit(button);
});
