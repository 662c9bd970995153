/** Moving cards between stages: by dragging, or by the list of stages on each card (keyboard and touch). */

import { attempt, rest, t } from "./dom.js";
import { refresh } from "./live.js";

const board = document.getElementById("kanban");
let held = null;

async function move(id, stage) {
  const fields = { stageId: stage };
  await attempt(() => rest("crm.item.update", { entityTypeId: Number(board.dataset.kind), id: Number(id), fields }), t("Stage changed"));
  await refresh();
}

function mark(column) {
  for (const one of board.querySelectorAll(".column")) one.classList.toggle("column--over", one === column);
}

board.addEventListener("dragstart", (event) => {
  held = event.target.closest(".tile");
  if (!held) return;
  held.classList.add("tile--held");
  board.dataset.busy = "";
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", held.dataset.id);
});
board.addEventListener("dragover", (event) => {
  const column = event.target.closest(".column");
  if (!held || !column) return;
  event.preventDefault();
  mark(column);
});
board.addEventListener("dragend", () => {
  held?.classList.remove("tile--held");
  held = null;
  delete board.dataset.busy;
  mark(null);
});
board.addEventListener("drop", (event) => {
  const column = event.target.closest(".column");
  if (!held || !column) return;
  event.preventDefault();
  const [id, from] = [held.dataset.id, held.closest(".column").dataset.stage];
  delete board.dataset.busy;
  if (from === column.dataset.stage) return;
  column.querySelector(".column__cards").prepend(held);
  move(id, column.dataset.stage);
});
board.addEventListener("change", (event) => {
  const select = event.target.closest("[data-move]");
  if (!select) return;
  const { value } = select;
  select.blur();
  move(select.dataset.move, value).then(() => board.querySelector(`[data-move="${select.dataset.move}"]`)?.focus());
});
