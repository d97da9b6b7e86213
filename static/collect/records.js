// A record on the phone: begun, finished, opened again. Sending it is sync.js.
import { device } from "./database.js";
import { kept, photosOf, problems, questionsOf } from "./forms.js";
import { forget, idOf, reread, save, state } from "./store.js";
import { t } from "./words.js";

export const OPEN = ["draft"];
export const WAITING = ["queued", "sending", "partial"];
export const TROUBLED = ["returned", "conflict"];
const TODAY = () => new Date().toDateString();

export function households() {
  const found = state.bundle?.households ?? [];
  return found.map((one) => ({ ...one, title: titleOf(one) }));
}

export function household(id) {
  if (id === "practice") {
    const one = state.bundle?.practice?.household;
    return one ? { duties: [], members: [], current: {}, ...one, id: "practice", title: titleOf(one), practice: true } : null;
  }
  return households().find((one) => String(one.id) === String(id)) ?? null;
}

export const placeOf = (one) =>
  one.kind === "household" ? t("household_number", { unit: one.unit, number: one.number }) : one.number;

export const titleOf = (one) => [placeOf(one), one.name].filter(Boolean).join(" ");

export function formsOf(home) {
  if (home.practice) return state.bundle.practice.forms.filter((form) => form.subject_kind === home.kind);
  const round = state.bundle.rounds.find((one) => one.id === home.assignment?.round);
  const wanted = round ? round.forms : [];
  return state.bundle.forms.filter((form) => wanted.includes(form.id) && form.subject_kind === home.kind);
}

// A record stays bound to the form it was begun with, also when the township has a newer one.
export const formOf = (record) => record.formCopy ?? state.bundle.forms.find((form) => form.id === record.form);

export const all = () => [...state.records.values()].filter((record) => !record.replaced);
export const byId = (id) => state.records.get(id) ?? null;
export const isCheck = (home) => home.assignment?.purpose === "check";

export function newestOf(home, form) {
  const found = all().filter((record) => record.kind !== "visit" && String(record.household) === String(home.id)
    && record.form_code === form.code && record.state !== "voided" && record.state !== "recalled"
    && (home.practice || record.round === home.assignment?.round));
  return found.sort((a, b) => (a.begun_at < b.begun_at ? 1 : -1))[0] ?? null;
}

export const draftOf = (home, form) => {
  const record = newestOf(home, form);
  return record?.state === "draft" ? record : null;
};

// What was said last time, for the first look; nothing at a check, which must be a second opinion.
export function lastTime(home, form) {
  const current = isCheck(home) ? null : home.current?.[form.code];
  return current ?? null;
}

export async function begin(home, form) {
  const last = lastTime(home, form);
  const now = new Date().toISOString();
  const before = all().find((record) => String(record.household) === String(home.id)
    && new Date(record.begun_at).toDateString() === TODAY());
  return {
    uuid: crypto.randomUUID(), revision: 1, state: "draft", household: home.id, title: home.title, place: placeOf(home),
    practice: Boolean(home.practice), form: form.id, form_code: form.code, formCopy: form,
    round: home.assignment?.round ?? null, check: isCheck(home),
    base: last ? { uuid: last.uuid, revision: last.revision } : null,
    baseAnswers: last?.answers ?? {}, answers: structuredClone(last?.answers ?? {}), done: {},
    channel: before?.channel ?? "home", spoken_by: before?.spoken_by ?? "self",
    on_behalf_reason: before?.on_behalf_reason ?? "", consent: before?.consent ?? false,
    outcome: "filled", outcome_reason: "", device: await device(), begun_at: now, changed_at: now,
    where: null, photos: [], tries: 0,
  };
}

export async function change(record, values, options) {
  Object.assign(record, values, { changed_at: new Date().toISOString() });
  await save(record, options);
}

// --- how far ---------------------------------------------------------------------------------
export function stepsOf(form, record) {
  return form.content.sections.map((section) => ({ section, state: stepState(section, record) }));
}

function stepState(section, record) {
  if (!record) return "todo";
  if (record.done?.[section.code]) return problems(section, record.answers).length ? "doing" : "done";
  return record.where?.section === section.code ? "doing" : "todo";
}

export const isWhole = (form, record) =>
  Boolean(record?.consent) && stepsOf(form, record).every((step) => step.state === "done");

// Nothing said last time is the same, too, unless it must be said.
export function samesAsLast(section, record) {
  return record.base !== null && !problems(section, record.baseAnswers).length;
}

export async function takeLast(section, record) {
  const answers = { ...record.answers };
  for (const { code } of section.questions) {
    if (record.baseAnswers[code] === undefined) delete answers[code];
    else answers[code] = structuredClone(record.baseAnswers[code]);
  }
  await change(record, { answers, done: { ...record.done, [section.code]: "same" } });
}

// --- finished, and opened again ----------------------------------------------------------------
export async function finish(record, values = {}) {
  const form = formOf(record);
  const answers = record.outcome === "filled" && !values.outcome ? kept(form, record.answers) : {};
  await change(record, {
    answers, photos: photosOf(form, answers), state: "queued", tries: 0, nextTry: 0,
    filled_at: new Date().toISOString(), problems: null, reason: "", ...values,
  });
}

export async function notMet(home, form, values) {
  const record = draftOf(home, form) ?? (await begin(home, form));
  await finish(record, values);
  return record;
}

// The same revision as long as it never left the phone; afterwards another one, and both are kept.
export async function reopen(id) {
  const record = await reread(id);
  if (record.state === "sending") return null;
  if (record.state === "draft") return record;
  const mayHaveLeft = record.tries > 0 && !record.nothingKept;
  const done = Object.fromEntries(formOf(record).content.sections.map((one) => [one.code, "filled"]));
  const common = { state: "draft", outcome: "filled", outcome_reason: "", done: record.outcome === "filled" ? done : {} };
  if (!mayHaveLeft) {
    await change(record, { ...common, nothingKept: false, tries: 0 });
    return record;
  }
  const next = {
    ...structuredClone(record), ...common, revision: record.revision + 1, tries: 0, nextTry: 0,
    receipt: "", received_at: null, conflict: null, choices: {}, choice_reason: "", missing: [], soft: [], answered: false,
    begun_at: new Date().toISOString(),
  };
  if (record.state === "received" && record.outcome === "filled") {
    Object.assign(next, {
      base: { uuid: record.uuid, revision: record.revision }, baseAnswers: structuredClone(record.answers),
    });
  }
  await change(next, {});
  await change(record, { replaced: record.state !== "received" });
  return next;
}

export const discard = (record, reason) =>
  change(record, { state: "voided", void_reason: reason, voided_at: new Date().toISOString() });

export async function endPractice(record) {
  await forget(record);
}

export const unfilled = (form, record) =>
  questionsOf(form).filter((question) => problems({ questions: [question] }, record.answers).length).length;

export { idOf };
