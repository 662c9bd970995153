// Keeps coloured words readable: a theme's accent may be too pale for text, so it is moved towards the text colour until it
// stands out enough (WCAG 2.1, contrast 4.5:1) from every background it can lie on.
const WANTED = 4.5;

const parts = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const hexOf = (channels) => `#${channels.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;

export const isHex = (colour) => /^#[0-9a-f]{6}$/i.test(colour ?? "");

export function mix(from, to, share) {
  const target = parts(to);
  return hexOf(parts(from).map((value, at) => value + (target[at] - value) * share));
}

export function luminance(hex) {
  const [red, green, blue] = parts(hex).map((value) => {
    const channel = value / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

export function legible(colour, towards, backgrounds) {
  for (let share = 0; share < 1; share += 0.05) {
    const ink = mix(colour, towards, share);
    if (backgrounds.every((background) => contrast(ink, background) >= WANTED)) return ink;
  }
  return towards;
}
