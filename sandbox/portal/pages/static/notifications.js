/** Marks the person's notifications as read. */

import { attempt, rest } from "./dom.js";
import { refresh } from "./live.js";

const button = document.getElementById("read-all");
button.addEventListener("click", async () => {
  button.disabled = true;
  await attempt(() => rest("im.notify.read", { ID: Number(button.dataset.oldest), ACTION: "Y" }));
  await refresh();
});
