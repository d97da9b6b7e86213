// 走访: who is due for a visit; nothing changed is two taps.
import { back, banner, button, el, tasks, task } from "./dom.js";
import { dayOf } from "./counting.js";
import { field } from "./fields.js";
import { all, change, household, households, idOf } from "./records.js";
import { missing } from "./page_household.js";
import { kick } from "./sync.js";
import { t } from "./words.js";

const CHANNELS = ["home", "phone", "wechat"];
const madeHere = (home, kind) => all().find((record) => record.kind === "visit" && record.household === home.id
  && record.body.kind === kind && record.state !== "voided" && sameMonth(record.begun_at));
const sameMonth = (text) => new Date(text).toISOString().slice(0, 7) === new Date().toISOString().slice(0, 7);

export const isVisited = (home, duty) => duty.done || Boolean(madeHere(home, duty.kind));

export function visits() {
  const rows = households().flatMap((home) => (home.duties ?? []).map((duty) => ({ home, duty })));
  const due = rows.filter(({ home, duty }) => !isVisited(home, duty));
  due.sort((a, b) => (a.duty.due_on < b.duty.due_on ? -1 : 1));
  const done = rows.filter(({ home, duty }) => isVisited(home, duty));
  return {
    title: t("tab_visits"),
    nodes: [
      el("h1", {}, rows.length ? t("visits_left", { n: due.length }) : t("no_visits")),
      rows.length ? el("p", { class: "quiet" }, t("visits_done", { done: done.length, all: rows.length })) : null,
      due.length ? tasks(due.map(row)) : null,
      done.length ? el("section", {}, el("h2", {}, t("visited")), tasks(done.map(row))) : null,
    ],
  };
}

function row({ home, duty }) {
  const done = isVisited(home, duty);
  return task({
    address: done ? "" : `/c/visit/${home.id}/${duty.kind}/`, title: home.title,
    state: done ? t("visited") : t("due_on", { day: dayOf(duty.due_on) }), kind: done ? "" : "tag ready", detail: t(`duty_${duty.kind}`),
  });
}

export function visit({ id, kind }, { go }) {
  const home = household(id);
  const duty = home?.duties?.find((one) => one.kind === kind);
  if (!duty) return missing();
  let channel = "home";
  let photos = [];
  const camera = field({ question: { code: "visit", kind: "photo", label: t("visit_photo") }, members: [],
    say: (answer) => { photos = answer?.value ?? []; } });
  const note = el("textarea", { id: "note", rows: 2, maxlength: 200, autocomplete: "off" });
  const wrong = el("p", { class: "wrong", hidden: true, role: "alert" }, t("say_what_changed"));
  const end = async (changed) => {
    if (changed && !note.value.trim()) {
      wrong.hidden = false;
      note.focus();
      return;
    }
    const now = new Date();
    const record = {
      kind: "visit", uuid: crypto.randomUUID(), revision: 1, state: "queued", household: home.id, title: home.title, tries: 0,
      begun_at: now.toISOString(), filled_at: now.toISOString(), photos,
      body: { subject: home.id, kind, visited_on: localDay(now), channel, changed, note: note.value.trim(), attachments: photos },
    };
    await change(record, {});
    kick();
    go(`/c/done/${idOf(record)}/`);
  };
  return {
    title: home.title,
    nodes: [
      back("/c/visits/", t("tab_visits")), el("h1", {}, home.title),
      el("p", {}, `${t(`duty_${kind}`)} · ${t("due_on", { day: dayOf(duty.due_on) })}`),
      isVisited(home, duty) ? banner("good", el("p", {}, t("visited"))) : null,
      el("fieldset", { class: "q" }, el("legend", {}, t("how_met")), el("div", { class: "tiles row" }, CHANNELS.map((code) => {
        const input = el("input", { type: "radio", name: "channel", value: code, checked: code === channel, on: { change: () => { channel = code; } } });
        return el("label", { class: "tile" }, input, t(`channel_${code}`));
      }))),
      el("p", {}, button(t("nothing_changed"), () => end(false), "wide")),
      el("div", { class: "q" }, el("label", { for: "note" }, t("what_changed")), wrong, note),
      camera,
      button(t("something_changed"), () => end(true), "second wide"),
    ],
  };
}

function localDay(at) {
  const two = (n) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
