// Lets the page wear the user's Telegram theme: every colour, changed live, and the room that the host's own bars take.
import { launch, on, post, supports } from "./bridge.js";

const root = document.documentElement;

function brightness(hex) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return (red * 299 + green * 587 + blue * 114) / 1000;
}

function wear(params) {
  for (const [name, colour] of Object.entries(params ?? {})) {
    if (/^#[0-9a-f]{6}$/i.test(colour)) root.style.setProperty(`--tg-${name.replaceAll("_", "-")}`, colour);
  }
  if (params?.bg_color) root.dataset.scheme = brightness(params.bg_color) < 128 ? "dark" : "light";
  if (supports("6.1")) {
    post("web_app_set_header_color", { color_key: "secondary_bg_color" });
    post("web_app_set_background_color", { color: params?.secondary_bg_color ?? params?.bg_color ?? "#ffffff" });
  }
  if (supports("7.10")) post("web_app_set_bottom_bar_color", { color: params?.bottom_bar_bg_color ?? params?.bg_color ?? "#ffffff" });
}

function insets(prefix) {
  return (sides) => {
    for (const side of ["top", "right", "bottom", "left"]) {
      root.style.setProperty(`--${prefix}-${side}`, `${Number(sides[side]) || 0}px`);
    }
  };
}

export function startTheme() {
  try {
    wear(JSON.parse(launch.get("tgWebAppThemeParams") ?? "{}"));
  } catch {
    wear({});
  }
  on("theme_changed", ({ theme_params: params }) => wear(params));
  on("safe_area_changed", insets("safe"));
  on("content_safe_area_changed", insets("content-safe"));
  on("viewport_changed", ({ height, is_state_stable: stable }) => {
    if (height && stable) root.style.setProperty("--viewport", `${height}px`);
  });
  post("web_app_request_theme");
  post("web_app_request_viewport");
  if (supports("8.0")) {
    post("web_app_request_safe_area");
    post("web_app_request_content_safe_area");
  }
}
