/** The frame of every page: the menu on narrow screens, the switcher of people, links that open in side panels. */

import { embed, inPanel } from "./bridge.js";
import { attempt, control, post, t } from "./dom.js";
import { openPage } from "./slider.js";
import { refresh } from "./live.js";

const who = document.getElementById("who");
who?.addEventListener("change", () => {
  who.append(Object.assign(document.createElement("input"), { type: "hidden", name: "back", value: location.pathname + location.search }));
  who.submit();
});

const button = document.getElementById("menu-button");
const menu = document.getElementById("menu");
function showMenu(open) {
  menu.classList.toggle("menu--open", open);
  button.setAttribute("aria-expanded", String(open));
  if (open) menu.querySelector("a")?.focus();
}
button?.addEventListener("click", () => showMenu(!menu.classList.contains("menu--open")));
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && menu?.classList.contains("menu--open")) { showMenu(false); button.focus(); } });
document.addEventListener("click", (event) => { if (menu?.classList.contains("menu--open") && !event.target.closest("#menu, #menu-button")) showMenu(false); });

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-panel]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || innerWidth < 800) return;
  event.preventDefault();
  openPage(link.getAttribute("href"), refresh);
});

/** What was chosen stands on the button that chooses: a name, and how many more. */
function showChosen(input) {
  const label = input.closest(".files").querySelector("[data-files]");
  const [first, ...more] = input.files;
  label.textContent = first ? `📎 ${first.name}${more.length ? ` +${more.length}` : ""}` : label.dataset.files;
}
document.addEventListener("change", (event) => { if (event.target.matches(".files input")) showChosen(event.target); });
document.addEventListener("reset", (event) => { const input = event.target.querySelector(".files input"); if (input) setTimeout(() => showChosen(input)); });

/** Buttons that post to the control interface: data-post, data-body, data-ask (a question first), data-done. */
document.addEventListener("click", async (event) => {
  const pressed = event.target.closest("button[data-post]");
  if (!pressed || (pressed.dataset.ask && !confirm(pressed.dataset.ask))) return;
  pressed.disabled = true;
  await attempt(() => control(pressed.dataset.post, JSON.parse(pressed.dataset.body || "{}")), pressed.dataset.done || t("Done"));
  pressed.disabled = false;
  await refresh();
});

/** Buttons of applications' widgets: the frame opens in a side panel. */
document.addEventListener("click", async (event) => {
  const opener = event.target.closest("[data-widget]");
  if (!opener) return;
  const { id, app_id: appId, title, options, width } = JSON.parse(opener.dataset.widget);
  opener.closest("details")?.removeAttribute("open");
  const launched = await attempt(() => post("/pages/launch", { placement_id: id, options, uri: location.pathname + location.search }));
  if (launched) inPanel(launched, { title, appId, width }, refresh);
});

/** Background workers of applications: a frame on every page that nobody sees. */
for (const place of document.querySelectorAll("[data-worker]")) {
  const { id, app_id: appId, title, options } = JSON.parse(place.dataset.worker);
  embed(place, { placement_id: id, options, uri: location.pathname + location.search }, { title, appId, hidden: true });
}
