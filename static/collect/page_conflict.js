// Two people, one household: a person chooses, question by question, and says why.
import { back, button, el } from "./dom.js";
import { clockTime, dayTime } from "./counting.js";
import { merged, offeredTogether, questionsOf, same, shown } from "./forms.js";
import { byId, change, formOf, household, idOf } from "./records.js";
import { missing } from "./page_household.js";
import { state } from "./store.js";
import { kick, refresh } from "./sync.js";
import { t } from "./words.js";

export function conflict({ id }, { go, redraw }) {
  const one = byId(id);
  if (!one || one.state !== "conflict") return missing();
  const form = formOf(one);
  const home = household(one.household);
  const theirs = home?.current?.[one.form_code] ?? null;
  const { by, at, clashes, base } = one.conflict;
  const chosen = { ...one.choices };
  const left = el("p", { class: "wrong", role: "alert", tabindex: "-1", hidden: true });
  const stamp = el("p", { class: "quiet stamp", role: "status" });
  const keep = async (values) => {
    stamp.textContent = "";
    await change(one, values, { quietly: true });
    stamp.textContent = state.full ? t("not_kept") : t("kept_at", { time: clockTime(one.changed_at) });
  };
  const groups = clashes.map((clash) => clashOf(form, home, clash, chosen, by, () => keep({ choices: { ...chosen } })));
  const why = el("textarea", { id: "why", rows: 2, maxlength: 200, autocomplete: "off", value: one.choice_reason ?? "",
    on: { input: () => keep({ choice_reason: why.value.trim() }) } });
  const send = async () => {
    const open = clashes.filter((clash) => !chosen[clash.question]);
    if (open.length || !why.value.trim()) {
      left.hidden = false;
      left.textContent = open.length
        ? t("choose_each", { n: open.length, labels: open.map((clash) => clash.label).join("、") }) : t("say_why_chosen");
      left.focus();
      return;
    }
    go(`/c/queue/${idOf(await chose(one, theirs, chosen, why.value.trim()))}/`);
  };
  const stale = !same(base, theirs && { uuid: theirs.uuid, revision: theirs.revision });
  return {
    title: t("choose_which"),
    nodes: [
      back("/c/queue/", t("back_to_queue")), el("h1", {}, one.title), el("p", {}, t("choose_which")),
      el("p", { class: "quiet" }, t("they_filled", { by: by ?? "", at: at ? dayTime(at) : "" })),
      left, groups,
      el("div", { class: "q" }, el("label", { for: "why" }, t("why_chosen")), why), stamp,
      stale ? [el("p", {}, t("fetch_theirs")), button(t("fetch"), () => refresh().then(redraw, redraw))]
        : button(t("use_chosen"), send),
    ],
  };
}

// The choice is another revision, on top of the other one; what was said before stays.
async function chose(one, theirs, chosen, reason) {
  const now = new Date().toISOString();
  const next = { ...structuredClone(one), revision: one.revision + 1, state: "queued", conflict: null, tries: 0,
    answers: merged(one.baseAnswers, theirs.answers, one.answers, chosen), answered: false, base: one.conflict.base,
    baseAnswers: theirs.answers, choices: {}, choice_reason: reason, begun_at: now, filled_at: now };
  await change(next, {});
  await change(one, { replaced: true, chosen });
  kick();
  return next;
}

function clashOf(form, home, clash, chosen, by, keep) {
  const question = questionsOf(form).find((one) => one.code === clash.question) ?? { kind: "text", label: clash.label };
  const tile = (side, words, answer = clash[side]) => {
    const input = el("input", { type: "radio", name: `clash-${clash.question}`, value: side, checked: chosen[clash.question] === side,
      on: { change: () => { chosen[clash.question] = side; keep(); } } });
    return el("label", { class: "tile" }, input, el("span", {}, `${words}：`, el("strong", {}, shown(question, answer, home?.members))));
  };
  const together = offeredTogether(question, clash);
  return el("fieldset", { class: "q card" }, el("legend", {}, clash.label || question.label),
    clash.base ? el("p", { class: "quiet" }, t("before_both", { answer: shown(question, clash.base, home?.members) })) : null,
    el("div", { class: "tiles" }, tile("mine", t("mine")), tile("theirs", t("theirs", { by: by ?? "" })),
      together ? tile("both", t("both_right"), together) : null));
}
