/** The page with several people side by side: who is shown, the theme, live updates. */

import { get, post, watch } from "./api.js";
import { el, toast } from "./dom.js";
import { Pane } from "./pane.js";

const settings = JSON.parse(document.getElementById("settings").textContent);
const stage = document.getElementById("stage");
const nav = document.getElementById("people");

const page = {
  theme: localStorage.getItem("theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"),
  panes: new Map(),
  people: [],
  themeParams() { return settings.themes[this.theme]; },
  hide(id) {
    this.panes.get(id)?.node.remove();
    this.panes.delete(id);
    showNav();
    remember();
  },
  show(id) {
    const person = this.people.find((item) => item.id === id);
    if (!person || person.deleted || this.panes.has(id)) return;
    const pane = new Pane(person, this);
    this.panes.set(id, pane);
    stage.append(pane.node);
    pane.refresh();
    showNav();
    remember();
  },
};

function remember() {
  const url = new URL(location.href);
  url.searchParams.set("people", [...page.panes.keys()].join(","));
  history.replaceState(null, "", url);
}

function showNav() {
  nav.replaceChildren(...page.people.filter((person) => !person.deleted).map((person) =>
    el("button.chip", { type: "button", "aria-pressed": String(page.panes.has(person.id)), onclick: () => (page.panes.has(person.id) ? page.hide(person.id) : page.show(person.id)) }, person.first_name)));
}

function setTheme(theme) {
  page.theme = theme;
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("theme", theme);
  for (const pane of page.panes.values()) pane.app?.sendTheme();
}

async function loadPeople() {
  page.people = (await get("/sandbox/users")).users;
  showNav();
}

let timer = null;
function changed(change) {
  if (change.kind === "people" || change.kind === "reset") loadPeople();
  clearTimeout(timer);
  timer = setTimeout(() => { for (const pane of page.panes.values()) pane.refresh(); }, 40);
}

document.getElementById("theme").addEventListener("click", () => setTheme(page.theme === "light" ? "dark" : "light"));
document.getElementById("add-person").addEventListener("click", async () => {
  const name = prompt("First name");
  if (!name) return;
  try {
    const person = await post("/sandbox/users", { first_name: name, language_code: prompt("Language (ru, uz, en)", "ru") || "en" });
    await loadPeople();
    page.show(person.id);
  } catch (error) { toast(document.body, error.message); }
});
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details[open]")) if (!open.contains(event.target) || event.target.closest(".menu__list button")) open.open = false;
});

setTheme(page.theme);
await loadPeople();
const wanted = settings.wanted.length ? settings.wanted : page.people.slice(0, innerWidth < 700 ? 1 : innerWidth < 1200 ? 2 : 3).map((person) => person.id);
wanted.forEach((id) => page.show(id));
watch(changed);
// Typing marks end by the clock, without an event.
setInterval(() => { for (const pane of page.panes.values()) if (pane.chat()?.action) pane.refresh(); }, 2000);
globalThis.sandboxPage = page;
