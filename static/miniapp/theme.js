// Lets the page wear the user's Telegram theme: every colour, changed live, and the room that the host's own bars take.
import { launch, on, post, supports } from "./bridge.js";
import { isHex, legible, luminance, mix } from "./contrast.js";

const root = document.documentElement;

function wear(params) {
  for (const [name, colour] of Object.entries(params ?? {})) {
    if (isHex(colour)) root.style.setProperty(`--tg-${name.replaceAll("_", "-")}`, colour);
  }
  if (isHex(params?.bg_color)) {
    root.dataset.scheme = luminance(params.bg_color) < 0.2 ? "dark" : "light";
    ink(params);
  }
  paintHost(params ?? {});
}

// Coloured words and filled buttons, made readable on everything they may lie on.
function ink(params) {
  const { bg_color: bg, text_color: text = root.dataset.scheme === "dark" ? "#ffffff" : "#000000" } = params;
  const button = params.button_color ?? "#2a7fc9";
  const buttonText = params.button_text_color ?? "#ffffff";
  const card = params.section_bg_color ?? bg;
  const page = params.secondary_bg_color ?? bg;
  const plain = [card, page, bg];
  const under = [...plain, ...plain.map((colour) => mix(colour, text, 0.06))];
  const set = (name, colour, backgrounds) => root.style.setProperty(name, legible(colour, text, backgrounds));
  const accent = params.accent_text_color ?? params.link_color ?? button;
  set("--accent-ink", accent, [...under, ...plain.map((colour) => mix(colour, button, 0.14))]);
  set("--link-ink", params.link_color ?? accent, under);
  set("--hint-ink", params.hint_color ?? mix(text, bg, 0.4), [...under, mix(card, button, 0.2)]);
  for (const [name, colour] of [["bad", params.destructive_text_color ?? "#d03a3a"], ["good", "#2e8b57"], ["late", "#b06a00"]]) {
    set(`--${name}-ink`, colour, [...plain, ...plain.map((each) => mix(each, colour, 0.14))]);
    root.style.setProperty(`--${name}`, colour);
  }
  const away = luminance(buttonText) > 0.5 ? "#000000" : "#ffffff";
  root.style.setProperty("--button-solid", legible(button, away, [buttonText]));
}

function paintHost(params) {
  const page = params.secondary_bg_color ?? params.bg_color ?? "#ffffff";
  if (supports("6.1")) {
    post("web_app_set_header_color", { color_key: "secondary_bg_color" });
    post("web_app_set_background_color", { color: page });
  }
  if (supports("7.10")) post("web_app_set_bottom_bar_color", { color: params.bottom_bar_bg_color ?? page });
}

function insets(prefix) {
  return (sides) => {
    for (const side of ["top", "right", "bottom", "left"]) {
      root.style.setProperty(`--${prefix}-${side}`, `${Number(sides[side]) || 0}px`);
    }
  };
}

// A keyboard takes half the screen: what is typed into stays in sight above it.
function keepInSight() {
  const field = document.activeElement;
  if (field?.matches("input, textarea, select")) field.scrollIntoView({ block: "nearest" });
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
    if (stable) keepInSight();
  });
  window.visualViewport?.addEventListener("resize", keepInSight);
  post("web_app_request_theme");
  post("web_app_request_viewport");
  if (supports("8.0")) {
    post("web_app_request_safe_area");
    post("web_app_request_content_safe_area");
  }
}
