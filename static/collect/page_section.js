// One section: its questions one under the other, kept while one types.
import { back, banner, button, el, link } from "./dom.js";
import { field } from "./fields.js";
import { isAsked, kept, problems, shown, questionsOf } from "./forms.js";
import {
  begin, change, draftOf, endPractice, finish, formsOf, household, idOf, isWhole, samesAsLast, stepsOf, takeLast,
} from "./records.js";
import { clockTime } from "./counting.js";
import { missing } from "./page_household.js";
import { practise, Answered, LoggedOut, NoNetwork } from "./api.js";
import { kick } from "./sync.js";
import { state } from "./store.js";
import { t } from "./words.js";

const SOON = 350;

function found({ id, code }) {
  const home = household(id);
  const form = home && formsOf(home).find((one) => one.code === code);
  const record = form && draftOf(home, form);
  return record?.consent ? { home, form: record.formCopy, record } : { home };
}

export async function section(params, { go, leaving }) {
  const { home, form, record } = found(params);
  if (!record) return home ? turnedBack(home, go) : missing();
  const at = form.content.sections.findIndex((one) => one.code === params.section);
  const shownNow = form.content.sections[at];
  if (!shownNow) return missing();
  const top = el("div", { class: "top" });
  const stamp = el("p", { class: "quiet stamp", role: "status" });
  let timer = 0;
  const keep = async () => {
    clearTimeout(timer);
    timer = 0;
    await change(record, {}, { quietly: true });
    stamp.textContent = state.full ? t("not_kept") : t("kept_at", { time: clockTime(record.changed_at) });
  };
  leaving(() => (timer ? keep() : null));
  const say = (question) => (answer) => {
    if (answer === undefined) delete record.answers[question.code];
    else record.answers[question.code] = answer;
    record.where = { section: shownNow.code, question: question.code };
    for (const box of boxes) box.element.hidden = !isAsked(box.question, record.answers);
    clearTimeout(timer);
    timer = setTimeout(keep, SOON);
  };
  const boxes = shownNow.questions.map((question) => ({ question, element: field({
    question, answer: record.answers[question.code], last: record.baseAnswers[question.code], members: home.members, say: say(question),
  }) }));
  for (const box of boxes) {
    box.element.hidden = !isAsked(box.question, record.answers);
    const told = record.problems?.[box.question.code];
    if (told) box.element.complain(String(told));
    box.element.addEventListener("focusin", () => { record.where = { section: shownNow.code, question: box.question.code }; });
  }
  const onward = () => {
    const rest = stepsOf(form, record).find((step) => step.state !== "done");
    if (isWhole(form, record)) go(`/c/check/${home.id}/${form.code}/`);
    else go(rest ? `/c/h/${home.id}/${form.code}/${rest.section.code}/` : `/c/h/${home.id}/`);
  };
  const next = async () => {
    const wrong = problems(shownNow, record.answers);
    complain(top, boxes, wrong);
    record.done = { ...record.done, [shownNow.code]: "filled" };
    await keep();
    if (!wrong.length) onward();
  };
  const sameAgain = async () => {
    clearTimeout(timer);
    timer = 0;
    await takeLast(shownNow, record);
    onward();
  };
  if (record.where?.section !== shownNow.code) {
    await change(record, { where: { section: shownNow.code, question: shownNow.questions[0].code } }, { quietly: true });
  }
  return {
    title: shownNow.title,
    focus: () => boxes.find((box) => `#${box.question.code}` === window.location.hash)?.element,
    nodes: [
      back(`/c/h/${home.id}/`, home.title), top, el("h1", {}, shownNow.title),
      el("p", { class: "quiet" }, t("step_of", { step: at + 1, all: form.content.sections.length })),
      samesAsLast(shownNow, record) ? button(t("same_as_last"), sameAgain, "second wide") : null,
      boxes.map((box) => box.element),
      el("div", { class: "end" }, button(t("go_on"), next), stamp),
    ],
  };
}

function turnedBack(home, go) {
  go(`/c/h/${home.id}/`);
  return { title: home.title, nodes: [el("h1", {}, home.title)] };
}

const wordsOf = ({ question, words }) => (words.includes(question.label) ? words : `${question.label}：${words}`);

function complain(top, boxes, wrong) {
  for (const box of boxes) {
    box.element.complain(wrong.find((one) => one.question.code === box.question.code)?.words ?? "");
  }
  if (!wrong.length) {
    top.replaceChildren();
    return;
  }
  const rows = wrong.map(({ question, words }) => {
    const jump = (event) => {
      event.preventDefault();
      boxes.find((box) => box.question.code === question.code).element.focusField();
    };
    return el("li", {}, link(`#${question.code}`, { on: { click: jump } }, wordsOf({ question, words })));
  });
  const summary = el("div", { class: "banner banner-err", role: "alert", tabindex: "-1" },
    el("h2", {}, t("wrong_count", { n: wrong.length })), el("ul", {}, rows));
  top.replaceChildren(summary);
  document.title = t("title_wrong", { title: document.title });
  summary.focus();
}

// --- look it over, then done ---------------------------------------------------------------------
export function check(params, { go, redraw }) {
  const { home, form, record } = found(params);
  if (!record) return home ? turnedBack(home, go) : missing();
  const answers = kept(form, record.answers);
  const whole = isWhole(form, record);
  const groups = form.content.sections.map((one) => el("section", {}, el("h2", {}, one.title),
    el("dl", { class: "summary" }, one.questions.filter((question) => isAsked(question, answers)).flatMap((question) => [
      el("dt", {}, question.label), el("dd", {}, shown(question, answers[question.code], home.members)),
    ])),
    link(`/c/h/${home.id}/${form.code}/${one.code}/`, { class: "more" }, t("change_section", { title: one.title }))));
  const wrong = form.content.sections.flatMap((one) => problems(one, record.answers).map((found) => ({ ...found, section: one })));
  const finishIt = async () => {
    await finish(record);
    kick();
    go(`/c/done/${idOf(record)}/`);
  };
  const title = t(whole ? "look_over" : "any_mistakes");
  return {
    title,
    nodes: [
      back(`/c/h/${home.id}/`, home.title), el("h1", {}, title),
      el("p", {}, home.practice ? t("practice_words") : t(whole ? "not_finished_yet" : "only_looking")),
      wrong.length ? banner("err", el("h2", {}, t("wrong_count", { n: wrong.length })), el("ul", {}, wrong.map((one) => el("li", {},
        link(`/c/h/${home.id}/${form.code}/${one.section.code}/#${one.question.code}`, {}, wordsOf(one)))))) : null,
      el("dl", { class: "summary" },
        el("dt", {}, t("how_met")), el("dd", {}, t(`channel_${record.channel}`)),
        el("dt", {}, t("who_spoke")), el("dd", {}, [t(`spoken_${record.spoken_by}`), record.on_behalf_reason].filter(Boolean).join("："))),
      groups,
      whole ? button(finishWords(home), home.practice ? () => tryOut(record, go, redraw) : finishIt) : el("p", {}, t("not_yet")),
    ],
  };
}

const finishWords = (home) =>
  home.practice ? t("finish_practice") : navigator.onLine ? t("finish_and_send") : t("finish_and_wait");

// Nothing of it is kept, here or there; the server only says whether it would have been right.
async function tryOut(record, go) {
  const form = record.formCopy;
  try {
    await practise({ form: form.id, answers: kept(form, record.answers) });
  } catch (error) {
    if (error instanceof Answered && error.status === 422) {
      await change(record, { problems: error.body.answers ?? {} });
      const first = questionsOf(form).find((question) => record.problems[question.code]);
      const step = form.content.sections.find((one) => one.questions.includes(first)) ?? form.content.sections[0];
      go(`/c/h/practice/${form.code}/${step.code}/`);
      return;
    }
    if (!(error instanceof NoNetwork || error instanceof LoggedOut || error instanceof Answered)) throw error;
  }
  await endPractice(record);
  go("/c/practised/");
}
