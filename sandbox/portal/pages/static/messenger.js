/** The chat of an open line: writing, changing and deleting messages. */

import { attempt, base64, control, t } from "./dom.js";
import { refresh } from "./live.js";

const chat = document.getElementById("chat").dataset.chat;
const form = document.getElementById("write");
const list = document.getElementById("messages");
const note = document.getElementById("editing");
let changing = null;

list.scrollTop = list.scrollHeight;
const act = (what, body) => attempt(() => control(`/sandbox/openlines/${chat}/${what}`, body));

function change(id, text = "") {
  changing = id;
  note.hidden = !id;
  form.elements.text.value = text;
  form.elements.files.disabled = Boolean(id);
  form.elements.text.focus();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = form.elements.text.value.trim();
  const files = await Promise.all([...form.elements.files.files].map(base64));
  if (!text && !files.length) return;
  const done = changing ? await act("edit", { message_id: changing, text }) : await act("say", { text, files });
  if (!done) return;
  form.reset();
  change(null);
  await refresh();
  list.scrollTop = list.scrollHeight;
});
form.elements.text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
document.getElementById("stop-editing").addEventListener("click", () => change(null));
list.addEventListener("click", async (event) => {
  const edit = event.target.closest("[data-edit-message]");
  if (edit) change(edit.dataset.editMessage, edit.dataset.text);
  const remove = event.target.closest("[data-delete-message]");
  if (remove && confirm(t("Delete the message?"))) {
    await act("delete", { message_id: remove.dataset.deleteMessage });
    await refresh();
  }
});
