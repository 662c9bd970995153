/** The form of a robot: its properties with placeholders, delay, condition; or the application's own settings page. */

import { show } from "./bridge.js";
import { attempt, el, post, t } from "./dom.js";

const UNITS = [[1, "seconds"], [60, "minutes"], [3600, "hours"], [86400, "days"]];
const yes = (value) => ["Y", "1", 1, true, "true"].includes(value);
const list = (value) => (Array.isArray(value) ? value : value === undefined || value === null || value === "" ? [] : [value]).map(String);

function options(known, chosen, blank = true) {
  return [blank ? el("option", { value: "" }, "—") : null, ...known.map((one) => el("option", { value: one.value, selected: chosen.includes(String(one.value)) }, one.text))];
}

function entries(spec, offered) {
  if (spec.Type === "stage") return offered.stages;
  if (spec.Type === "field") return offered.fields;
  if (spec.Type === "user") return [{ value: "{=Document:ASSIGNED_BY_ID}", text: t("The responsible one") }, ...offered.users];
  if (spec.Type === "bool") return [{ value: "Y", text: t("yes") }, { value: "N", text: t("no") }];
  if (spec.Type === "select") return Object.entries(spec.Options ?? {}).map(([value, text]) => ({ value, text: typeof text === "object" ? Object.values(text)[0] : text }));
  return null;
}

/** One property as {node, read}. */
function property(spec, value, offered) {
  const many = yes(spec.Multiple);
  const chosen = list(value ?? spec.Default);
  const known = entries(spec, offered);
  if (known) {
    const select = el("select", { multiple: many, size: many ? Math.min(6, known.length) : undefined }, options(known, chosen, !many));
    for (const foreign of chosen.filter((one) => !known.some((entry) => String(entry.value) === one))) select.append(el("option", { value: foreign, selected: true }, foreign));
    return { node: select, read: () => (many ? [...select.selectedOptions].map((one) => one.value) : select.value) };
  }
  const long = many || spec.Type === "text";
  const input = el(long ? "textarea" : "input", { value: chosen.join("\n"), rows: long ? 4 : undefined, placeholder: many ? t("One value per line") : "" });
  return { node: input, read: () => (many ? input.value.split("\n").map((line) => line.trim()).filter(Boolean) : input.value) };
}

function resultsOf(before, offered) {
  const robots = new Map(offered.robots.map((one) => [`${one.app_id}:${one.code}`, one]));
  return before.flatMap((robot) => Object.entries(robots.get(`${robot.app_id}:${robot.code}`)?.results ?? {}).map(([name, text]) => ({ value: `{=${robot.id}:${name}}`, text: `${robot.title || robot.name}: ${text}` })));
}

function placeholders(before, offered, insert) {
  const results = resultsOf(before, offered);
  const fields = offered.fields.map((one) => ({ value: `{=Document:${one.value}}`, text: one.text }));
  const select = el("select", { onchange: () => { insert(select.value); select.value = ""; } }, el("option", { value: "" }, t("Insert a value…")),
    el("optgroup", { label: t("Fields of the document") }, options(fields, [], false)), results.length ? el("optgroup", { label: t("Results of robots") }, options(results, [], false)) : null);
  return el("label.field", {}, el("span", {}, t("Placeholder")), select);
}

function conditions(held, before, offered) {
  const rows = el("div", {});
  const results = resultsOf(before, offered);
  const joiners = [{ value: "AND", text: t("and") }, { value: "OR", text: t("or") }];
  const add = (one = {}) => {
    const row = el("div.condition", {},
      el("select.input", { "aria-label": t("Joined by") }, options(joiners, [one.joiner ?? "AND"], false)),
      el("select.input", { "aria-label": t("Field") }, el("optgroup", { label: t("Fields of the document") }, options(offered.fields, [String(one.field)], false)),
        results.length ? el("optgroup", { label: t("Results of robots") }, options(results, [String(one.field)], false)) : null),
      el("select.input", { "aria-label": t("Comparison") }, offered.operators.map((sign) => el("option", { value: sign, selected: sign === one.operator }, sign))),
      el("input.input", { value: one.value ?? "", "aria-label": t("Value") }),
      el("button.button", { type: "button", "aria-label": t("Remove"), onclick: () => row.remove() }, "✕"));
    rows.append(row);
  };
  held.forEach(add);
  const node = el("fieldset.field", {}, el("legend", {}, t("Condition")), rows, el("button.button", { type: "button", onclick: () => add() }, `+ ${t("Condition")}`));
  return { node, read: () => [...rows.children].map((row) => ({ joiner: row.children[0].value, field: row.children[1].value, operator: row.children[2].value, value: row.children[3].value })) };
}

function delay(seconds) {
  const unit = [...UNITS].reverse().find(([size]) => seconds && seconds % size === 0) ?? UNITS[0];
  const amount = el("input", { type: "number", min: "0", step: "any", value: String((seconds || 0) / unit[0]) });
  const units = el("select", {}, UNITS.map(([size, name]) => el("option", { value: size, selected: size === unit[0] }, t(name))));
  const node = el("div.row", {}, el("label.field", {}, el("span", {}, t("Run after")), amount), el("label.field", {}, el("span", {}, t("Unit")), units));
  return { node, read: () => Number(amount.value || 0) * Number(units.value) };
}

/** Builds the form in `place`; `save(robot)` is called with the finished robot. */
export function robotForm(place, { offer, robot, before, offered, save }) {
  const held = robot?.properties ?? {};
  const state = { ...held };
  const parts = offer.has_page ? {} : Object.fromEntries(Object.entries(offer.properties).map(([name, spec]) => [name, property(spec, held[name], offered)]));
  let last = null;
  const insert = (text) => {
    if (!text || !last) return;
    last.setRangeText(text, last.selectionStart, last.selectionEnd, "end");
    last.focus();
  };
  const later = delay(robot?.delay_seconds ?? 0);
  const when = conditions(robot?.condition ?? [], before, offered);
  const title = el("input", { value: robot?.title ?? "" });
  const after = el("input", { type: "checkbox", checked: Boolean(robot?.after_previous) });
  const timeout = el("input", { type: "number", min: "0", value: String(robot?.timeout_seconds ?? 0) });
  const page = el("div", {});
  const form = el("form", { onsubmit: ready },
    offer.about ? el("p.muted", {}, offer.about) : null,
    el("label.field", {}, el("span", {}, t("Name on the stage")), title),
    offer.has_page ? page : Object.entries(offer.properties).map(([name, spec]) => el("label.field", { dataset: { property: name } },
      el("span", {}, (offer.own ? t(spec.Name) : spec.Name) + (yes(spec.Required) ? " *" : "")), parts[name].node, spec.Description ? el("small", {}, spec.Description) : null)),
    Object.values(parts).some(({ node }) => node.matches("input, textarea")) ? placeholders(before, offered, insert) : null,
    later.node, el("p", {}, el("label", {}, after, " ", t("Only after the previous robot"))),
    offer.waits ? el("label.field", {}, el("span", {}, t("Wait for the answer at most, seconds (0: for ever)")), timeout) : null,
    when.node, el("button.button.button--main", { type: "submit" }, t("Save")));
  form.addEventListener("focusin", (event) => { if (event.target.matches("[data-property] input, [data-property] textarea")) last = event.target; });
  place.append(form);
  if (offer.has_page) openPage();

  async function openPage() {
    const launched = await attempt(() => post("/pages/automation/settings", { entity: offered.entity, robot: { ...robot, code: offer.code, app_id: offer.app_id } }));
    if (!launched) return;
    const setPropertyValue = (values) => {
      for (const name of Object.keys(offer.properties)) if (name in values) state[name] = values[name];
      return true;
    };
    show(page, launched, { title: offer.title, appId: offer.app_id, commands: { setPropertyValue } });
  }

  function ready(event) {
    event.preventDefault();
    for (const [name, part] of Object.entries(parts)) state[name] = part.read();
    save({ ...robot, code: offer.code, app_id: offer.app_id, title: title.value, properties: state, delay_seconds: later.read(),
      condition: when.read(), after_previous: after.checked, timeout_seconds: Number(timeout.value || 0) });
  }
}
