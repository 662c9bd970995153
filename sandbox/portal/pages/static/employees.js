/** Rights and languages of employees. */

import { attempt, get, post, t } from "./dom.js";
import { refresh } from "./live.js";

document.getElementById("employees").addEventListener("change", async ({ target }) => {
  const value = target.type === "checkbox" ? target.checked : target.value;
  await attempt(() => post(`/sandbox/users/${target.dataset.user}`, { [target.dataset.name]: value }), t("Saved"));
  target.blur();
  await refresh();
});
document.getElementById("new-employee")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = Object.fromEntries(new FormData(event.target));
  const { users } = await get("/sandbox/users");
  const id = Math.max(...users.map((one) => Number(one.ID))) + 1;
  const fresh = { EMAIL: `user${id}@portal.example`, WORK_POSITION: "", CRM_ACCESS: "own", ACTIVE: true, LANGUAGE: document.documentElement.lang };
  if (await attempt(() => post(`/sandbox/users/${id}`, { ...fresh, ...given }), t("Saved"))) event.target.reset();
  await refresh();
});
