// One household: how it was met, the sections as tasks, and how to end when nobody opens.
import { makeLink } from "./api.js";
import { back, banner, button, el, link, task, tasks } from "./dom.js";
import { dayOf, dayTime, isDone } from "./counting.js";
import { start } from "./place.js";
import {
  begin, change, formsOf, household, idOf, isCheck, isWhole, lastTime, newestOf, notMet, reopen,
  samesAsLast, stepsOf, takeLast,
} from "./records.js";
import { questionsOf } from "./forms.js";
import { kick } from "./sync.js";
import { t } from "./words.js";

const CHANNELS = ["home", "phone", "wechat", "self"];
const SPOKEN = ["self", "family", "on_behalf"];
const REASONS = ["nobody", "away", "moved", "no_answer"];

export function page({ id }, { go, redraw }) {
  const home = household(id);
  if (!home) return missing();
  const forms = formsOf(home);
  if (forms.some((form) => questionsOf(form).some((question) => question.kind === "location"))) start();
  return {
    title: home.title,
    nodes: [
      back("/c/", t("back_to_tasks")), el("h1", {}, home.title),
      home.practice ? banner("warn", el("p", {}, t("practice_words"))) : null,
      isCheck(home) ? banner("warn", el("p", {}, t("check_words"))) : null,
      members(home), duties(home),
      ...(isBegunElsewhere(home, forms) ? [elsewhere(home, { go, redraw })] : toFill(home, forms, { go, redraw })),
    ],
  };
}

function toFill(home, forms, { go, redraw }) {
  return [
    forms.length ? how(home, forms, redraw) : el("p", {}, t("no_form")),
    ...forms.map((form) => sections(home, form, { go, redraw, alone: forms.length === 1 })),
    forms.length && !home.practice && !isCheck(home) ? fromAway(home, forms) : null,
    forms.length && !home.practice ? el("p", {}, link(`/c/unreached/${home.id}/`, { class: "more" }, t("nobody_met"))) : null,
  ];
}

// --- somebody has begun it on another phone: asked once before a second one is begun ----------------
const goesOn = new Set();

const isBegunElsewhere = (home, forms) =>
  Boolean(home.begun) && !goesOn.has(home.id) && !isDone(home) && !forms.some((form) => newestOf(home, form));

function elsewhere(home, { go, redraw }) {
  const onward = () => {
    goesOn.add(home.id);
    redraw();
  };
  return banner("warn", el("p", {}, t("begun_elsewhere", { by: home.begun.by, at: dayTime(home.begun.at) })),
    el("div", { class: "stack-buttons" }, button(t("go_on_here"), onward, "second"), button(t("leave_it"), () => go("/c/"), "second")));
}

export function missing() {
  return { title: t("not_found"), nodes: [el("h1", {}, t("not_found")), el("p", {}, t("not_found_words")),
    el("p", {}, link("/c/", { class: "button" }, t("to_tasks")))] };
}

function members(home) {
  if (!home.members.length) return null;
  return el("details", { class: "card" }, el("summary", {}, t("members", { n: home.members.length })),
    el("ul", { class: "plain-list" }, home.members.map((member) => el("li", {}, [
      member.name, member.relation, member.age !== null && member.age !== undefined ? t("age", { n: member.age }) : "",
      member.away ? t("away") : "", member.phone,
    ].filter(Boolean).join(" · ")))));
}

function duties(home) {
  if (!home.duties?.length) return null;
  return tasks(home.duties.map((duty) => task({
    address: duty.done ? "" : `/c/visit/${home.id}/${duty.kind}/`,
    title: t(`duty_${duty.kind}`), state: duty.done ? t("visited") : t("due_on", { day: dayOf(duty.due_on) }),
  })));
}

// --- how they met: asked once for the household, before anything personal is kept ----------------
function how(home, forms, redraw) {
  const known = forms.map((form) => newestOf(home, form)).find(Boolean) ?? null;
  const locked = known && known.state !== "draft";
  const said = known ?? { channel: "home", spoken_by: "self", on_behalf_reason: "", consent: false };
  const set = async (values, quietly = false) => {
    for (const form of forms) {
      const record = newestOf(home, form);
      if (record && record.state !== "draft") continue;
      await change(record ?? (await begin(home, form)), values, { quietly: true });
      if (!record) break;
    }
    if (!quietly) redraw();
  };
  if (locked) return null;
  const reason = el("input", { id: "behalf", type: "text", maxlength: 60, value: said.on_behalf_reason, autocomplete: "off",
    on: { input: () => set({ on_behalf_reason: reason.value.trim() }, true) } });
  const consent = el("input", { type: "checkbox", checked: said.consent, id: "consent",
    on: { change: () => set({ consent: consent.checked }) } });
  return el("div", { class: "card how" },
    choice("channel", t("how_met"), CHANNELS, said.channel, (value) => set({ channel: value })),
    choice("spoken", t("who_spoke"), SPOKEN, said.spoken_by, (value) => set({ spoken_by: value })),
    said.spoken_by === "on_behalf" ? el("div", { class: "q" }, el("label", { for: "behalf" }, t("behalf_why")), reason) : null,
    el("label", { class: "tile" }, consent, t("consent")));
}

function choice(name, words, codes, given, say) {
  return el("fieldset", { class: "q" }, el("legend", {}, words), el("div", { class: "tiles row" }, codes.map((code) => {
    const input = el("input", { type: "radio", name, value: code, checked: code === given, on: { change: () => say(code) } });
    return el("label", { class: "tile" }, input, t(`${name}_${code}`));
  })));
}

// --- sections --------------------------------------------------------------------------------
function sections(home, form, { go, redraw, alone }) {
  const record = newestOf(home, form);
  const heading = el("h2", {}, alone ? t("what_to_fill") : form.title);
  if (record && record.state !== "draft") return sent(home, form, record, heading, { go, redraw });
  const steps = stepsOf(form, record);
  const done = steps.filter((step) => step.state === "done").length;
  const open = Boolean(record?.consent) && !(record.spoken_by === "on_behalf" && !record.on_behalf_reason);
  const rows = steps.map(({ section, state }) => task({
    address: open ? `/c/h/${home.id}/${form.code}/${section.code}/` : "",
    title: section.title, state: open ? t(`step_${state}`) : "",
    kind: { todo: "tag ready", doing: "tag doing", done: "" }[state],
  }));
  const whole = isWhole(form, record);
  rows.push(task({
    address: whole ? `/c/check/${home.id}/${form.code}/` : "", title: t("check_and_finish"),
    state: whole ? "" : t("not_yet"),
  }));
  if (open && !whole && record.where) rows.push(task({ address: `/c/check/${home.id}/${form.code}/`, title: t("any_mistakes") }));
  const last = record ? steps.filter((step) => step.state !== "done" && samesAsLast(step.section, record)) : [];
  const takeAll = async () => {
    for (const step of last) await takeLast(step.section, record);
    if (isWhole(form, record)) go(`/c/check/${home.id}/${form.code}/`);
    else redraw();
  };
  return el("section", {}, heading,
    open ? el("p", {}, t("steps_done", { done, all: steps.length })) : el("p", { class: "quiet" }, t("tick_first")),
    tasks(rows),
    open && last.length ? button(t("all_same"), takeAll, "second") : null,
    !record && lastTime(home, form) ? el("p", { class: "quiet" }, t("has_last")) : null);
}

function sent(home, form, record, heading, { go }) {
  const again = async () => {
    const draft = await reopen(idOf(record));
    if (draft) go(`/c/h/${home.id}/`);
  };
  const fill = async () => {
    await change(await begin(home, form), {});
    go(`/c/h/${home.id}/`);
  };
  return el("section", {}, heading,
    tasks([task({
      address: record.state === "conflict" ? `/c/conflict/${idOf(record)}/` : `/c/queue/${idOf(record)}/`,
      title: t(`outcome_${record.outcome}`), state: t(`state_${record.state}`),
      detail: record.receipt ? t("receipt", { receipt: record.receipt }) : "",
    })]),
    record.state === "sending" || record.state === "conflict" ? null
      : record.outcome === "filled" ? button(t("change_again"), again, "second")
        : button(t("met_now"), fill, "second"));
}

// --- somebody away fills it in: a link for one household and one form, used once -----------------
function fromAway(home, forms) {
  const shown = el("div", { role: "status" });
  const make = async (form) => {
    shown.replaceChildren(el("p", {}, t("link_making")));
    try {
      const made = await makeLink({ subject: home.id, form: form.id, round: home.assignment?.round ?? null });
      const address = el("input", { id: "away-link", type: "text", readonly: true, value: made.address });
      const copy = button(t("link_copy"), async () => {
        address.select();
        await navigator.clipboard?.writeText(made.address).catch(() => null);
        copy.textContent = t("link_copied");
      }, "second");
      shown.replaceChildren(el("div", { class: "q" }, el("label", { for: "away-link" }, t("link_made")), address), copy);
    } catch (error) {
      shown.replaceChildren(banner("warn", el("p", {}, error.body?.message ?? t("link_needs_network"))));
    }
  };
  return el("details", { class: "card" }, el("summary", {}, t("away_fills")), el("p", {}, t("away_words")),
    forms.map((form) => button(t("link_for", { form: form.title }), () => make(form), "second")), shown);
}

// --- nobody there, or nobody willing -------------------------------------------------------------
export function unreached({ id }, { go }) {
  const home = household(id);
  if (!home) return missing();
  const other = el("input", { id: "other", type: "text", maxlength: 60, autocomplete: "off" });
  const wrong = el("p", { class: "wrong", hidden: true, role: "alert" }, t("say_why"));
  const end = async (outcome, reason) => {
    if (!reason) {
      wrong.hidden = false;
      other.focus();
      return;
    }
    let last;
    for (const form of formsOf(home)) {
      const known = newestOf(home, form);
      if (known && known.state !== "draft") continue;
      last = await notMet(home, form, { outcome, outcome_reason: reason });
    }
    kick();
    go(last ? `/c/done/${idOf(last)}/` : "/c/");
  };
  return {
    title: t("nobody_met"),
    nodes: [
      back(`/c/h/${home.id}/`, home.title), el("h1", {}, t("nobody_met")), el("p", {}, t("nobody_words")),
      el("div", { class: "stack-buttons" },
        REASONS.map((code) => button(t(`why_${code}`), () => end("unreached", t(`why_${code}`)), "second")),
        button(t("why_declined"), () => end("declined", t("why_declined")), "second")),
      el("div", { class: "q" }, el("label", { for: "other" }, t("why_other")), wrong, other),
      button(t("end_visit"), () => end("unreached", other.value.trim())),
    ],
  };
}

