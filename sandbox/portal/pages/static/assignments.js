/** Answers the person's assignments, or gives them to somebody else. */

import { attempt, rest, t, userId } from "./dom.js";
import { refresh } from "./live.js";

const list = document.getElementById("assignments");

function answers(form) {
  return Object.fromEntries([...form.querySelectorAll("[data-answer]")].map((input) => [input.dataset.answer, input.value]));
}

async function settle(form, action, done) {
  for (const control of form.elements) control.disabled = true;
  if ((await attempt(action, t(done))) === undefined) {
    for (const control of form.elements) control.disabled = false;
    return;
  }
  await refresh();
}

list.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-status]");
  if (!button) return;
  const form = button.form;
  const said = { TASK_ID: form.dataset.assignment, STATUS: button.dataset.status, COMMENT: form.elements.comment.value, FIELDS: answers(form) };
  await settle(form, () => rest("bizproc.task.complete", said), "Answered");
});

list.addEventListener("change", async (event) => {
  if (event.target.name !== "taker" || !event.target.value) return;
  const form = event.target.form;
  const given = { TASK_IDS: [form.dataset.assignment], FROM_USER_ID: userId(), TO_USER_ID: event.target.value };
  await settle(form, () => rest("bizproc.task.delegate", given), "Delegated");
});
