// Search forms marked `data-find`: what is filled in becomes the address, so that going back finds the same list again.
import { go } from "./screens.js";

function address(form) {
  const filled = [...new FormData(form)].filter(([name, value]) => value !== "" && !(name === "sort" && value === "best"));
  const unit = filled.findIndex(([name]) => name === "unit");
  if (unit >= 0 && !filled.some(([name]) => name === "volume")) filled.splice(unit, 1);
  const query = new URLSearchParams(filled).toString();
  return form.getAttribute("action") + (query ? `?${query}` : "");
}

export function startFind() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-find]");
    if (!form) return;
    event.preventDefault();
    document.activeElement?.blur();
    go(address(form), { replace: true });
  });
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-find-at-once]")) event.target.form.requestSubmit();
  });
}
