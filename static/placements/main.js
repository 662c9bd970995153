// What our pages inside Bitrix24 need in the browser: htmx with the page token, the frame's size, links into the portal.
import "./desk.css";
import "htmx.org";
import { followViews } from "./back.js";
import { chooseEmployees, connect, fit, isInside, openPath, refreshToken } from "./frame.js";
import { saveReport } from "./exports.js";
import { followPresses, say } from "./presses.js";
import { followRule } from "./robot_settings.js";

const page = document.getElementById("page");

document.body.addEventListener("htmx:configRequest", (event) => {
  // Only who hands the application his own rights sends the token that renews them.
  if ("refresh" in event.detail.elt.dataset) event.detail.parameters.refresh_token = refreshToken();
});

document.body.addEventListener("desk:look", (event) => {
  document.documentElement.dataset.theme = event.detail.theme;
  document.documentElement.lang = event.detail.language;
});

// Of a row of tabs that is wider than the frame, the chosen one is in sight.
function showTab() {
  const tabs = document.querySelector(".tabs");
  const chosen = tabs?.querySelector("[aria-current]");
  if (chosen) tabs.scrollLeft = chosen.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - chosen.offsetWidth) / 2;
}
document.body.addEventListener("htmx:afterSettle", showTab);
showTab();

// After an action the eye and the screen reader go to what it did.
document.body.addEventListener("htmx:oobAfterSwap", (event) => {
  const notice = event.detail.target?.isConnected ? event.detail.target : document.getElementById(event.detail.target?.id);
  notice?.querySelector?.(".notice")?.focus({ preventScroll: true });
});
document.body.addEventListener("htmx:afterSettle", fit);
document.body.addEventListener("toggle", fit, true);

// A link to a CRM card opens as a slider of the portal; outside a frame it stays an ordinary link.
document.body.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-path]");
  if (link && openPath(link.dataset.path)) event.preventDefault();
});

// Buttons that only work with the portal around us show themselves once it answered.
function offerChoosing() {
  if (isInside()) document.querySelectorAll("[data-choose]").forEach((button) => (button.hidden = false));
}
document.body.addEventListener("htmx:afterSettle", offerChoosing);
document.body.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-choose]");
  if (!button) return;
  const ids = await chooseEmployees();
  if (ids) button.form.elements[button.dataset.choose].value = ids.join(", ");
});

// Numbers that belong together are added up while they are typed.
document.body.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-total]");
  if (!form) return;
  const sum = [...form.querySelectorAll("input[type=number]")].reduce((all, field) => all + (Number(field.value) || 0), 0);
  form.querySelector("[data-sum]").textContent = sum;
});

// A report as a file: the address is asked for with the page token and followed like any download.
document.body.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-export]");
  if (!button) return;
  button.disabled = true;
  button.classList.add("htmx-request");
  await saveReport(button.dataset.export, document.getElementById("report-filter")).catch(() => say(page.dataset.lost, button, () => button.click()));
  button.classList.remove("htmx-request");
  button.disabled = false;
});

// The names of chosen files stand beside their button; what is sent at once shows itself.
document.body.addEventListener("change", ({ target }) => {
  if (target.hasAttribute("hx-post")) return;
  const names = target.parentElement?.querySelector(":scope.choose-file > [data-names]");
  if (names) names.textContent = [...target.files].map((file) => file.name).join(", ");
  fit();
});

// Files that are too large together are refused before they travel.
document.body.addEventListener("change", ({ target }) => {
  if (!target.dataset?.mostBytes) return;
  const size = [...target.files].reduce((all, file) => all + file.size, 0);
  target.setCustomValidity(size > Number(target.dataset.mostBytes) ? target.dataset.tooLarge : "");
  target.reportValidity();
});

// One mark marks the whole page of a list.
document.body.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-pick-all]")) return;
  const table = event.target.closest("table");
  table.querySelectorAll("tbody input[type=checkbox]").forEach((box) => (box.checked = event.target.checked));
});

if (page) {
  // What is pressed before htmx has bound its buttons, which it does at this very event, would be lost: until then nothing can be pressed.
  document.addEventListener("DOMContentLoaded", () => (page.inert = false));
  followPresses();
  followViews();
  connect(page).then(() => {
    offerChoosing();
    followRule();
    fit();
  });
}
