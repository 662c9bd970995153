// Uploads files as soon as they are chosen: progress, a message when one is refused, another try when the line broke.
import { touched } from "./drafts.js";
import { fresh } from "./session.js";
import { say } from "./texts.js";

export const LARGEST = 20 * 1024 * 1024;

function row(list, file) {
  const item = document.createElement("li");
  item.className = "file";
  const name = document.createElement("span");
  name.className = "file-name";
  name.textContent = file.name;
  const state = document.createElement("span");
  state.className = "file-state";
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "file-act";
  item.append(name, state, bar, button);
  list.append(item);
  return { item, state, bar, button };
}

function offerRemoval({ item, button }) {
  button.textContent = "×";
  button.ariaLabel = say("remove");
  button.onclick = () => {
    item.remove();
    touched();
  };
}

async function send(field, input, file, shown) {
  shown.bar.hidden = false;
  shown.state.textContent = "";
  offerRemoval(shown);
  if (file.size > LARGEST) return fail(shown, say("too_large"));
  const request = new XMLHttpRequest();
  request.open("POST", "/app/files");
  request.responseType = "json";
  request.upload.onprogress = ({ loaded, total }) => {
    shown.bar.value = (loaded / total) * 100;
  };
  request.onerror = () => failForNow(field, input, file, shown);
  request.onload = () => {
    if (request.status === 201) done(field, input, request.response, shown);
    else if (request.status === 413) fail(shown, say("too_large"));
    else if (request.status >= 500 || request.status === 401) failForNow(field, input, file, shown);
    else fail(shown, request.response?.message || say("trouble"));
  };
  const body = new FormData();
  body.append("file", file);
  try {
    request.setRequestHeader("X-Session", await fresh());
    request.send(body);
  } catch {
    failForNow(field, input, file, shown);
  }
  return undefined;
}

function done(field, input, stored, shown) {
  shown.bar.hidden = true;
  shown.state.textContent = stored.size;
  const value = document.createElement("input");
  value.type = "hidden";
  value.name = input.dataset.name;
  value.value = stored.id;
  shown.item.append(value);
  field.dataset.touched = "";
  touched();
}

function fail(shown, message) {
  shown.bar.hidden = true;
  shown.state.textContent = message;
  shown.item.classList.add("wrong");
}

function failForNow(field, input, file, shown) {
  fail(shown, say("not_uploaded"));
  shown.button.textContent = "↻";
  shown.button.ariaLabel = say("retry");
  shown.button.onclick = () => {
    shown.item.classList.remove("wrong");
    send(field, input, file, shown);
  };
}

export function startUploads() {
  document.addEventListener("change", ({ target }) => {
    if (!target.matches("input[type=file][data-name]")) return;
    const field = target.closest("[data-field]");
    const list = target.closest("[data-files]").querySelector("ul");
    if (!target.multiple) list.replaceChildren();
    for (const file of target.files) send(field, target, file, row(list, file));
    target.value = "";
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-drop-file]");
    if (!button) return;
    button.closest("li").remove();
    touched();
  });
}
