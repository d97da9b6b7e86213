// 任务: how far, what needs a person, whom to see next.
import { banner, el, link, task, tasks } from "./dom.js";
import { metres, noted, whereAmI } from "./near.js";
import { all, byId, formsOf, formOf, households, household, idOf, newestOf, TROUBLED } from "./records.js";
import { state } from "./store.js";
import { doneCount, isDone, lastSent, whenSent } from "./counting.js";
import { t } from "./words.js";

// What was chosen on the list; kept while the page is open.
const chosen = { group: "", typed: "", untouched: false, near: null };
const ASKING = "asking";
const NOWHERE = "nowhere";

export function home() {
  const homes = households().filter((one) => one.assignment);
  return {
    title: t("tab_tasks"),
    nodes: [
      el("h1", {}, t("who_collects", { village: villages(homes), name: state.bundle.person.name, n: homes.length })),
      ...progress(homes), resume(), ...troubled(), ...next(homes), practice(),
    ],
  };
}

const villages = (homes) => [...new Set(homes.map((one) => one.village.name))].join("、") || t("no_village");

function progress(homes) {
  if (!homes.length) return [banner("warn", el("p", {}, t("nothing_assigned")))];
  const done = doneCount(homes);
  const today = all().filter((record) => record.filled_at && record.state !== "draft" && record.state !== "voided"
    && !record.practice && new Date(record.filled_at).toDateString() === new Date().toDateString());
  const sent = lastSent();
  const n = new Set(today.map((record) => record.household)).size;
  return [el("section", { class: "card far", "aria-label": t("how_far") },
    el("p", { class: "far-words" }, t("done_of", { done, all: homes.length, left: homes.length - done })),
    el("progress", { max: homes.length, value: done, "aria-label": t("how_far") }),
    el("p", { class: "quiet" }, sent ? t("today_and_sent", { n, time: whenSent(sent) }) : t("today", { n })),
  )];
}

// Only for what was begun and never finished: after sending there is nothing to ask.
function resume() {
  const drafts = all().filter((record) => record.state === "draft" && record.where && household(record.household));
  const record = drafts.sort((a, b) => (a.changed_at < b.changed_at ? 1 : -1))[0];
  if (!record) return null;
  const form = formOf(record);
  const at = form.content.sections.findIndex((section) => section.code === record.where.section);
  const address = `/c/h/${record.household}/${record.form_code}/${record.where.section}/#${record.where.question ?? ""}`;
  return link(address, { class: "button resume" }, t("resume", { title: record.title, step: at + 1 }));
}

function troubled() {
  const found = all().filter((record) => TROUBLED.includes(record.state));
  if (!found.length) return [];
  return [el("section", {}, el("h2", {}, t("for_you", { n: found.length })), tasks(found.map((record) => task({
    address: record.state === "conflict" ? `/c/conflict/${idOf(record)}/` : `/c/queue/${idOf(record)}/`,
    title: record.title, state: t(`state_${record.state}`), kind: "tag-err", detail: record.reason,
  }))))];
}

// --- whom to see next ------------------------------------------------------------------------
export function standOf(home) {
  const found = formsOf(home).map((form) => newestOf(home, form)).filter(Boolean);
  const draft = found.find((record) => record.state === "draft");
  if (draft) return { words: t("state_draft"), kind: "doing" };
  const open = found.find((record) => record.state !== "received") ?? found[0];
  if (open && !isDone(home)) {
    const whole = open.outcome === "filled" || open.state !== "received";
    return whole
      ? { words: t(`state_${open.state}`), kind: TROUBLED.includes(open.state) ? "tag-err" : "doing" }
      : { words: t(`outcome_${open.outcome}`), kind: "tag-warn" };
  }
  if (isDone(home)) return { words: t("state_received"), kind: "" };
  if (home.assignment?.state === "unreached") return { words: t("outcome_unreached"), kind: "tag-warn" };
  return { words: t("state_todo"), kind: "ready" };
}

function detailOf(home) {
  const parts = [];
  if (home.assignment?.purpose === "check") parts.push(t("is_check"));
  if (home.assignment?.state === "unreached") parts.push(home.assignment.unreached_reason);
  if (home.members.length && home.members.every((member) => member.away)) parts.push(t("all_away"));
  return parts.filter(Boolean).join(" · ");
}

function next(homes) {
  if (!homes.length) return [];
  const rows = el("div", { class: "next-rows" });
  const count = el("p", { class: "quiet", role: "status" });
  const groups = [...new Set(homes.map((one) => one.unit))];
  const where = el("p", { class: "quiet", role: "status" });
  draw = () => {
    const far = farness();
    const found = homes.filter((one) => (!chosen.group || one.unit === chosen.group)
      && (!chosen.untouched || standOf(one).kind === "ready")
      && (!chosen.typed || `${one.title}${one.number}`.includes(chosen.typed)));
    found.sort((a, b) => Number(isDone(a)) - Number(isDone(b)) || nearer(far(a), far(b)));
    count.textContent = t("count", { n: found.length });
    where.textContent = whereWords(found.filter((one) => far(one) === null).length);
    where.hidden = !where.textContent;
    rows.replaceChildren(found.length ? tasks(found.map((one) => row(one, far(one)))) : el("p", { class: "card empty" }, t("none_found")));
  };
  const group = el("select", { id: "group", on: { change: () => { chosen.group = group.value; draw(); } } },
    el("option", { value: "" }, t("all_groups")), groups.map((name) => el("option", { value: name }, name)));
  group.value = groups.includes(chosen.group) ? chosen.group : "";
  chosen.group = group.value;
  const typed = el("input", { id: "find", type: "search", value: chosen.typed, autocomplete: "off",
    on: { input: () => { chosen.typed = typed.value.trim(); draw(); } } });
  const untouched = el("input", { type: "checkbox", checked: chosen.untouched,
    on: { change: () => { chosen.untouched = untouched.checked; draw(); } } });
  const near = el("input", { type: "checkbox", checked: Boolean(chosen.near), on: { change: () => lookAround(near.checked) } });
  draw();
  return [el("section", {}, el("h2", {}, t("next")),
    el("div", { class: "filters" },
      el("div", {}, el("label", { for: "group" }, t("by_group")), group),
      el("div", {}, el("label", { for: "find" }, t("find")), typed),
      el("label", { class: "tile small" }, untouched, t("only_untouched")),
      el("label", { class: "tile small" }, near, t("near_first"))),
    where, count, rows)];
}

// --- the near ones first: only when asked, and nothing waits for it --------------------------------
let draw = () => null;

async function lookAround(wanted) {
  chosen.near = wanted ? ASKING : null;
  draw();
  if (!wanted) return;
  const found = (await whereAmI()) ?? NOWHERE;
  if (chosen.near === ASKING) chosen.near = found;
  draw();
}

const isKnown = () => Boolean(chosen.near?.lat !== undefined && chosen.near);

// How far a household is: null where it is not known.
function farness() {
  if (!isKnown()) return () => null;
  const known = new Map();
  return (home) => {
    if (!known.has(home.id)) {
      const place = noted(home);
      known.set(home.id, place ? metres(chosen.near, place) : null);
    }
    return known.get(home.id);
  };
}

const nearer = (a, b) => (a === b ? 0 : a === null ? 1 : b === null ? -1 : a - b);

function whereWords(unknown) {
  if (chosen.near === ASKING) return t("placing_list");
  if (chosen.near === NOWHERE) return t("no_place_list");
  if (!isKnown()) return "";
  return unknown ? t("near_but", { n: unknown }) : t("near_now");
}

const farWords = (far) =>
  far === null ? "" : far < 1000 ? t("metres_away", { n: Math.round(far / 10) * 10 }) : t("kilometres_away", { n: (far / 1000).toFixed(1) });

function row(home, far) {
  const { words, kind } = standOf(home);
  return task({ address: `/c/h/${home.id}/`, title: home.title, state: words, kind: `tag ${kind}`.replace("tag tag-", "tag-"), detail: [farWords(far), detailOf(home)].filter(Boolean).join(" · ") });
}

function practice() {
  const home = household("practice");
  if (!home) return null;
  return el("section", {}, el("h2", {}, t("practice")), el("p", { class: "quiet" }, t("practice_words")),
    tasks([task({ address: "/c/h/practice/", title: home.title })]));
}

// --- after 填完 ---------------------------------------------------------------------------------
export function finished({ id }) {
  const record = byId(id);
  const rest = households().filter((one) => one.assignment && !isDone(one) && standOf(one).kind === "ready");
  const at = rest.find((one) => one.unit === household(record?.household)?.unit) ?? rest[0];
  const words = record?.state === "received" ? t("kept_and_received") : navigator.onLine ? t("kept_and_sending") : t("kept_here");
  return {
    title: t("kept"),
    nodes: [
      el("h1", {}, t("kept")), banner("good", el("p", {}, words)),
      record ? el("p", { class: "quiet" }, `${record.title} · ${t(`state_${record.state}`)}${record.receipt ? ` · ${t("receipt", { receipt: record.receipt })}` : ""}`) : null,
      at ? el("p", {}, link(`/c/h/${at.id}/`, { class: "button" }, t("next_one", { title: at.title }))) : el("p", {}, t("all_seen")),
      el("p", {}, link("/c/", { class: "more" }, t("to_tasks"))),
    ],
  };
}

