// What people read comes from the server, through gettext, in the page itself.
const WORDS = JSON.parse(document.getElementById("words").textContent);

export function t(key, values = {}) {
  const text = WORDS[key];
  if (text === undefined) throw new Error(`no words for ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}
