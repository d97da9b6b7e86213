// A form's questions: which are asked, what an answer reads like, what is wrong with it. The server
// asks the same again (households/engine/answers.py); here it is said before the walk home.
import { t } from "./words.js";

const LONGEST_TEXT = 500;
export const MOST_PHOTOS = 6;
const NUMBER = /^-?[0-9]{1,12}(\.[0-9]{1,4})?$/;
const WIDE = "０１２３４５６７８９．－";
const NARROW = "0123456789.-";

export const narrow = (text) => [...text].map((sign) => NARROW[WIDE.indexOf(sign)] ?? sign).join("").trim();

export const questionsOf = (form) => form.content.sections.flatMap((section) => section.questions);

export function isAsked(question, answers) {
  if (!question.only_if) return true;
  const value = answers[question.only_if.question]?.value;
  const chosen = Array.isArray(value) ? value : [value];
  return chosen.some((one) => question.only_if.is.includes(one));
}

export function isEmpty(answer) {
  if (!answer) return true;
  if (answer.unsaid) return false;
  const value = answer.value;
  return value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);
}

// What is kept: nothing of questions that are not asked, nothing empty.
export function kept(form, answers) {
  const found = {};
  for (const question of questionsOf(form)) {
    const answer = answers[question.code];
    if (isAsked(question, found) && !isEmpty(answer)) found[question.code] = answer;
  }
  return found;
}

export function problem(question, answers) {
  const answer = answers[question.code];
  if (!isAsked(question, answers) || answer?.unsaid) return "";
  if (isEmpty(answer)) return question.required ? t("fill_it", { label: question.label }) : "";
  if (question.kind === "number" || question.kind === "money") return numberProblem(question, answer.value);
  if (question.kind === "text" && answer.value.length > LONGEST_TEXT) return t("too_long", { most: LONGEST_TEXT });
  return "";
}

function numberProblem(question, value) {
  const text = narrow(String(value));
  if (!NUMBER.test(text)) return t("no_number");
  const decimals = question.kind === "money" ? 2 : (question.decimals ?? 0);
  if ((text.split(".")[1] ?? "").length > decimals) {
    return decimals ? t("too_many_decimals", { decimals }) : t("whole_number");
  }
  const unit = question.unit ?? "";
  const { least, most } = question;
  if (hasBound(least) && Number(text) < Number(least)) return t("too_small", { least: `${least}${unit}` });
  if (hasBound(most) && Number(text) > Number(most)) return t("too_big", { most: `${most}${unit}` });
  return "";
}

const hasBound = (bound) => bound !== undefined && bound !== null && bound !== "";

export function problems(section, answers) {
  return section.questions
    .map((question) => ({ question, words: problem(question, answers) }))
    .filter((one) => one.words);
}

export function shown(question, answer, members = []) {
  if (isEmpty(answer)) return t("nothing");
  if (answer.unsaid) return t(`unsaid_${answer.unsaid}`);
  const { value } = answer;
  const label = (code) => (question.options ?? []).find((option) => option.code === code)?.label ?? code;
  switch (question.kind) {
    case "choice": return label(value);
    case "choices": return value.map(label).join(t("and"));
    case "person": return members.find((member) => member.id === value)?.name ?? String(value);
    case "photo": return t("photos", { n: value.length });
    case "location": return value.text ?? t("place_within", { metres: value.accuracy });
    case "number":
    case "money": return `${value}${question.unit ?? ""}`;
    default: return String(value);
  }
}

export function photosOf(form, answers) {
  const found = questionsOf(form)
    .filter((question) => question.kind === "photo")
    .flatMap((question) => answers[question.code]?.value ?? []);
  return [...new Set(found)];
}

// --- two people, one file: the same rules as households/engine/merging.py ------------------------
const spelled = (value) => JSON.stringify(value, (_, part) =>
  part && typeof part === "object" && !Array.isArray(part)
    ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
    : part);

export const same = (one, other) => (spelled(one) ?? "") === (spelled(other) ?? "");

// What the two say together where each names several things; null where one of them is wrong.
export function both(theirs, mine) {
  const lists = [theirs?.value, mine?.value];
  return lists.every(Array.isArray) ? { value: [...new Set(lists.flat())] } : null;
}

const mayBeBoth = (question, answer) => answer && (question.kind !== "photo" || answer.value.length <= MOST_PHOTOS);

export function offeredTogether(question, clash) {
  const answer = both(clash.theirs, clash.mine);
  return mayBeBoth(question, answer) ? answer : null;
}

export function merged(base, theirs, mine, choices) {
  const answers = {};
  for (const code of new Set([...Object.keys(base), ...Object.keys(theirs), ...Object.keys(mine)])) {
    const [was, other, own] = [base[code], theirs[code], mine[code]];
    let taken;
    if (choices[code]) taken = { mine: own, theirs: other, both: both(other, own) }[choices[code]];
    else if (same(own, other) || same(own, was)) taken = other;
    else taken = own;
    if (taken !== undefined && taken !== null) answers[code] = taken;
  }
  return answers;
}
