// 待发送: what waits, what arrived, and a way out for each single record.
import { back, banner, button, el, link, task, tasks } from "./dom.js";
import { dayTime, lastSent, size, whenSent } from "./counting.js";
import { exportAll, storage } from "./backup.js";
import { isEmpty, questionsOf, shown } from "./forms.js";
import { all, byId, change, discard, formOf, household, idOf, reopen, TROUBLED, unfilled, WAITING } from "./records.js";
import { missing } from "./page_household.js";
import { saveReceipts, withReceipt } from "./receipts.js";
import { onlyInMemory, state } from "./store.js";
import { isSending, kick } from "./sync.js";
import { isSlow, textFirst } from "./uploads.js";
import { recall, Answered, LoggedOut, NoNetwork } from "./api.js";
import { t } from "./words.js";

const BYTES_OF_A_PHOTO = 300 * 1024;
const BYTES_OF_TEXT = 4 * 1024;

export const waiting = () => all().filter((record) => WAITING.includes(record.state) && !record.practice);
const about = (records) => records.reduce((sum, one) => sum + BYTES_OF_TEXT + (one.photos?.length ?? 0) * BYTES_OF_A_PHOTO, 0);

export function addressOf(record) {
  return record.state === "conflict" ? `/c/conflict/${idOf(record)}/` : `/c/queue/${idOf(record)}/`;
}

function row(record) {
  const photos = record.photos?.length ? t("photos", { n: record.photos.length }) : "";
  const kinds = { received: "", queued: "ready", sending: "doing", partial: "doing", draft: "doing" };
  return task({
    address: record.state === "draft" ? `/c/h/${record.household}/` : addressOf(record), title: record.title,
    state: t(`state_${record.state}`), kind: TROUBLED.includes(record.state) ? "tag-err" : `tag ${kinds[record.state] ?? ""}`,
    detail: [
      record.kind === "visit" ? t("visit") : "", dayTime(record.received_at ?? record.filled_at ?? record.changed_at), photos,
      record.receipt ? t("receipt", { receipt: record.receipt }) : "", halfOf(record), record.reason, ...draftWords(record),
      record.soft?.length ? t("soft", { n: record.soft.length }) : "",
    ].filter(Boolean).join(" · "),
  });
}

// "3组027户 张三 · 第2步 · 有 2 处没填"
function draftWords(record) {
  if (record.state !== "draft") return [];
  const form = formOf(record);
  const at = form.content.sections.findIndex((section) => section.code === record.where?.section);
  const n = unfilled(form, record);
  return [at >= 0 ? t("at_step", { step: at + 1 }) : "", n ? t("unfilled", { n }) : ""];
}

function halfOf(record) {
  if (record.progress) {
    const { sha, offset, length } = record.progress;
    return t("photo_progress", { n: record.photos.indexOf(sha) + 1, done: Math.round(offset / 1024), all: Math.round(length / 1024) });
  }
  if (record.state !== "partial" || !record.missing?.length) return "";
  return t("half", { n: record.missing.map((sha) => record.photos.indexOf(sha) + 1).join(t("and")) });
}

function group(words, records) {
  return records.length ? el("section", {}, el("h2", {}, words), tasks(records.map(row))) : null;
}

// Sent is not enough while somebody still has to look at it.
function headed(rest, troubled) {
  if (rest) return t("waiting", { n: rest });
  return troubled ? t("sent_but", { n: troubled }) : t("all_sent");
}

export async function queue(_, { redraw }) {
  const real = all().filter((record) => !record.practice).sort((a, b) => (a.changed_at < b.changed_at ? 1 : -1));
  const of = (states) => real.filter((record) => states.includes(record.state));
  const rest = waiting();
  const sent = lastSent();
  const again = sent ? el("p", { class: "quiet" }, t("last_sent", { time: whenSent(sent) })) : null;
  return {
    title: t("tab_queue"),
    nodes: [
      el("h1", {}, headed(rest.length, of(TROUBLED).length)),
      rest.length ? button(isSending() ? t("sending_now") : t("send_now", { n: rest.length, size: size(about(rest)) }), kick) : null,
      ...slowly(rest),
      rest.length && !navigator.onLine ? el("p", {}, t("sends_by_itself")) : again,
      group(t("for_you", { n: of(TROUBLED).length }), of(TROUBLED)),
      group(t("drafts"), of(["draft"])), group(t("tab_queue"), of(WAITING)),
      group(t("received"), of(["received"])),
      withReceipt(of(["received"])).length ? button(t("save_receipts"), () => saveReceipts(of(["received"])), "second") : null,
      group(t("put_away"), of(["voided", "recalled"])),
      await room(real, redraw),
    ],
  };
}

// A slow network: what hangs, and that the words need not wait for the photos.
function slowly(rest) {
  const texts = rest.filter((one) => !one.answered && one.state !== "sending");
  const photos = rest.some((one) => one.photos?.length && (one.answered || one.state === "sending"));
  if (!photos || !navigator.onLine) return [];
  return [
    isSlow() ? banner("warn", el("p", {}, t(texts.length ? "photos_slow" : "only_photos_slow"))) : null,
    texts.length && !state.textFirst ? button(t("text_first"), () => { textFirst(); kick(); }, "second") : null,
    state.textFirst ? el("p", { class: "quiet", role: "status" }, t("text_goes_first")) : null,
  ];
}

async function room(records, redraw) {
  const { used, kept, ask } = await storage();
  return el("section", {}, el("h2", {}, t("on_this_phone")),
    el("p", {}, kept ? t("used_kept", { size: size(used) }) : t("used_not_kept", { size: size(used) })),
    kept ? null : el("p", {}, button(t("ask_to_keep"), async () => { await ask(); redraw(); }, "second")),
    onlyInMemory() ? banner("err", el("p", {}, t("full"))) : null,
    records.length ? [el("p", { class: "quiet" }, t("export_words")), button(t("export"), () => exportAll(records), "second")] : null);
}

// --- one record ------------------------------------------------------------------------------
export function record({ id }, { go, redraw }) {
  const one = byId(id);
  if (!one) return missing();
  const form = one.kind === "visit" ? null : formOf(one);
  const home = household(one.household);
  const change_ = async () => {
    const draft = await reopen(id);
    if (draft) go(`/c/h/${draft.household}/`);
    else redraw();
  };
  return {
    title: one.title,
    nodes: [
      back("/c/queue/", t("back_to_queue")), el("h1", {}, one.title),
      standing(one),
      one.choice_reason ? el("p", {}, t("chosen_because", { why: one.choice_reason })) : null,
      one.soft?.length ? el("p", {}, t("soft_of", { labels: labels(form, one.soft) })) : null,
      problemsOf(form, one),
      form && one.outcome === "filled" ? answersOf(form, one, home) : null,
      one.outcome && one.outcome !== "filled" ? el("p", {}, `${t(`outcome_${one.outcome}`)}：${one.outcome_reason}`) : null,
      el("div", { class: "stack-buttons" },
        one.state === "conflict" ? link(`/c/conflict/${idOf(one)}/`, { class: "button" }, t("choose_which")) : null,
        WAITING.includes(one.state) ? button(isSending() ? t("sending_now") : t("send_this"), kick) : null,
        form && ["queued", "returned", "partial", "received"].includes(one.state) && one.outcome === "filled" && home
          ? button(t(one.state === "returned" ? "change_it" : "change_again"), change_, one.state === "returned" ? "" : "second") : null,
        form && one.state === "received" ? takeBack(one, redraw) : null,
        button(t("export_this"), () => exportAll([one]), "second")),
      ["received", "voided", "recalled", "sending"].includes(one.state) ? null : putAway(one, go),
    ],
  };
}

function standing(one) {
  const words = [t(`state_${one.state}`)];
  if (one.receipt) words.push(t("receipt", { receipt: one.receipt }));
  if (one.received_at) words.push(dayTime(one.received_at));
  if (one.state === "received") return banner("good", el("p", {}, words.join(" · ")));
  if (TROUBLED.includes(one.state)) return banner("err", el("p", {}, [...words, one.reason].filter(Boolean).join("：")));
  const trouble = one.trouble ? t(`trouble_${one.trouble}`) : "";
  const half = halfOf(one);
  return banner(one.state === "sending" ? "good" : "warn", el("p", {}, [...words, half, trouble, one.void_reason].filter(Boolean).join(" · ")));
}

const labels = (form, codes) =>
  codes.map((code) => (form && questionsOf(form).find((question) => question.code === code)?.label) ?? code).join("、");

function problemsOf(form, one) {
  if (!one.problems || !form) return null;
  return el("ul", { class: "plain-list" }, Object.entries(one.problems).map(([code, words]) =>
    el("li", {}, `${labels(form, [code])}：${words}`)));
}

function answersOf(form, one, home) {
  const rows = questionsOf(form).filter((question) => !isEmpty(one.answers[question.code]));
  return el("details", { class: "card" }, el("summary", {}, t("what_was_said", { n: rows.length })),
    el("dl", { class: "summary" }, rows.flatMap((question) => [
      el("dt", {}, question.label), el("dd", {}, shown(question, one.answers[question.code], home?.members)),
    ])));
}

function takeBack(one, redraw) {
  const told = el("p", { role: "status" });
  const act = async () => {
    try {
      await recall(one.uuid);
      await change(one, { state: "recalled", voided_at: new Date().toISOString() });
      redraw();
    } catch (error) {
      if (error instanceof NoNetwork) told.textContent = t("needs_network");
      else if (error instanceof LoggedOut) told.textContent = t("log_in_again");
      else if (error instanceof Answered) told.textContent = error.body.message ?? t("cannot_recall");
      else throw error;
    }
  };
  return el("div", {}, button(t("recall"), act, "second"), told);
}

function putAway(one, go) {
  const why = el("input", { id: "why", type: "text", maxlength: 60, autocomplete: "off" });
  const wrong = el("p", { class: "wrong", hidden: true, role: "alert" }, t("say_why"));
  const act = async () => {
    if (!why.value.trim()) {
      wrong.hidden = false;
      why.focus();
      return;
    }
    await discard(one, why.value.trim());
    go("/c/queue/");
  };
  return el("details", { class: "card" }, el("summary", {}, t("put_away_this")),
    el("div", { class: "q" }, el("label", { for: "why" }, t("put_away_why")), wrong, why),
    button(t("put_away_it"), act, "second"));
}
