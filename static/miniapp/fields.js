// What some fields need beyond HTML: counters, growing text, repeated groups, the place on the map.
import { on, post, supports } from "./bridge.js";
import { touched } from "./drafts.js";
import { toast } from "./feedback.js";
import { say } from "./texts.js";

function count(field) {
  const line = field.closest("[data-field]")?.querySelector("[data-count]");
  if (line) line.textContent = `${[...field.value].length} / ${field.maxLength}`;
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

// Nobody has chosen a zone yet: the device's own is the best guess, when it is on the list.
function proposeZone(list) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...list.options].some(({ value }) => value === own)) list.value = own;
}

function addGroup(button) {
  const group = button.closest("[data-group]");
  const number = Number(group.dataset.next);
  group.dataset.next = String(number + 1);
  const holder = document.createElement("div");
  holder.innerHTML = group.querySelector("template").innerHTML.replaceAll("__n__", String(number));
  const row = holder.firstElementChild;
  group.querySelector("[data-rows]").append(row);
  row.querySelector("input, select, textarea")?.focus();
}

function place(field, { latitude, longitude }) {
  field.querySelector("[data-lat]").value = Number(latitude).toFixed(6);
  field.querySelector("[data-lon]").value = Number(longitude).toFixed(6);
  field.dataset.touched = "";
  touched();
}

// Coordinates as maps copy them, or the address of a map: most write latitude first, `ll` and `pt` the other way round.
function pastedPlace(text) {
  const found = /(-?\d{1,3}\.\d{3,})(?:,|%2C|[;\s])\s*(-?\d{1,3}\.\d{3,})/.exec(text);
  if (!found) return null;
  const [first, second] = [Number(found[1]), Number(found[2])];
  const turned = /[?&](ll|pt)=/.test(text);
  return turned ? { latitude: second, longitude: first } : { latitude: first, longitude: second };
}

function locate(field) {
  if (supports("8.0")) {
    const stop = on("location_requested", (answer) => {
      stop();
      if (answer.available) place(field, answer);
      else toast(say("no_location"), "bad");
    });
    post("web_app_check_location");
    post("web_app_request_location");
  } else if (navigator.geolocation) {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => place(field, coords),
      () => toast(say("no_location"), "bad"),
    );
  } else {
    toast(say("no_location"), "bad");
  }
}

export function startFields() {
  document.addEventListener("input", ({ target }) => {
    if (target.maxLength > 0) count(target);
    if (target.tagName === "TEXTAREA") grow(target);
  });
  document.addEventListener("screen-shown", () => {
    document.querySelectorAll("[maxlength]").forEach(count);
    document.querySelectorAll("textarea").forEach(grow);
    document.querySelectorAll("select[data-own-zone]").forEach(proposeZone);
  });
  document.addEventListener("paste", (event) => {
    const field = event.target.closest("[data-lat], [data-lon]")?.closest("[data-field]");
    const found = field && pastedPlace(event.clipboardData.getData("text"));
    if (!found) return;
    event.preventDefault();
    place(field, found);
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-add], [data-remove], [data-locate]");
    if (!button) return;
    if ("add" in button.dataset) addGroup(button);
    if ("locate" in button.dataset) locate(button.closest("[data-field]"));
    if ("remove" in button.dataset) {
      button.closest("[data-row]").remove();
      touched();
    }
  });
}
