// How far one is, counted so that nothing looks finished before it is.
import { all, formsOf, newestOf } from "./records.js";
import { state } from "./store.js";
import { t } from "./words.js";

// The township has it: every form of the household, or the assignment itself says so.
export function isDone(home) {
  if (home.assignment?.state === "done") return true;
  const forms = formsOf(home);
  return forms.length > 0 && forms.every((form) => {
    const record = newestOf(home, form);
    return record?.state === "received" && record.outcome === "filled";
  });
}

export const doneCount = (homes) => homes.filter(isDone).length;

const two = (n) => String(n).padStart(2, "0");

export function clockTime(text) {
  const at = new Date(text);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function dayTime(text) {
  const at = new Date(text);
  return t("day_time", { month: at.getMonth() + 1, day: at.getDate(), time: clockTime(text) });
}

// When something last arrived there, also before the page was opened; the day, when it was another one.
export function lastSent() {
  const times = all().map((record) => record.received_at).filter(Boolean);
  return [...times, state.lastSent].filter(Boolean).sort().at(-1) ?? null;
}

export const whenSent = (text) =>
  new Date(text).toDateString() === new Date().toDateString() ? clockTime(text) : dayTime(text);

// A day as the server writes it, 2026-11-30.
export function dayOf(text) {
  const [, month, day] = text.split("-").map(Number);
  return t("day", { month, day });
}

export function size(bytes) {
  const megabytes = bytes / 1_048_576;
  return megabytes < 1 ? t("kilobytes", { n: Math.ceil(bytes / 1024) }) : t("megabytes", { n: megabytes.toFixed(1) });
}
