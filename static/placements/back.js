// The browser's way back leads to the view before, not out of the page: views replace each other without an address of their own.
import htmx from "htmx.org";

const VIEW = "section-view";
let going = false;

const current = () => document.querySelector(".tabs [aria-current]")?.getAttribute("hx-get");

export function followViews() {
  if (!document.getElementById(VIEW) || !current()) return;
  history.replaceState({ view: current() }, "");
  document.body.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target.id !== VIEW || detail.requestConfig?.verb !== "get") return;
    const view = detail.pathInfo.finalRequestPath;
    if (!going && view !== history.state?.view) history.pushState({ view }, "");
    going = false;
  });
  window.addEventListener("popstate", ({ state }) => {
    if (!state?.view) return;
    going = true;
    htmx.ajax("GET", state.view, { target: `#${VIEW}`, swap: "outerHTML" }).catch(() => {});
  });
}
