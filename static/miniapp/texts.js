// The few sentences that the browser says by itself, in the reader's language. The server sends them with the session;
// the first ones, needed before it answers, lie in the page.
let texts = {};

export function learn(more) {
  texts = { ...texts, ...more };
}

export function say(name) {
  return texts[name] ?? "";
}

export function learnFromPage() {
  const language = (navigator.language || "en").slice(0, 2);
  const known = document.querySelector(`template[data-texts="${language}"]`) ?? document.querySelector('template[data-texts="en"]');
  for (const line of known.content.children) learn({ [line.dataset.name]: line.textContent });
  document.documentElement.lang = known.dataset.texts;
}
