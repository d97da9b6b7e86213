// Sending: one record at a time, each under its own number, until the server says it has arrived.
import * as api from "./api.js";
import { heldKey, idOf, photo, reread, dropKeys, openWithBundle, save, state, tell } from "./store.js";
import { device } from "./database.js";
import { all, WAITING } from "./records.js";
import { forgetSlowness, Overtaken, sendPhotos } from "./uploads.js";

const BACK_OFF = [15_000, 60_000, 300_000];
const ASKED_AT_ONCE = 50;
let failures = 0;
let timer = 0;
let running = false;
let again = false;

export function isSending() {
  return state.sending !== "";
}

// Now: when something was finished, the network is back, the page is seen, or a button says so.
export function kick() {
  failures = 0;
  schedule(0);
}

function schedule(wait) {
  clearTimeout(timer);
  timer = setTimeout(() => run().catch(report), wait);
}

function report(error) {
  if (error instanceof api.LoggedOut) {
    state.loggedOut = true;
    tell();
  } else if (!(error instanceof api.NoNetwork) && !(error instanceof api.Answered)) {
    throw error;
  }
}

const due = () => all().filter((record) => WAITING.includes(record.state) && !record.practice);

async function run() {
  if (state.phase !== "open" || state.loggedOut || !navigator.onLine || !due().length) return;
  if (running) {
    again = true;
    return;
  }
  running = true;
  again = false;
  let left = 0;
  try {
    // Two pages of one phone must not send at the same time.
    left = await navigator.locks.request("collect-sending", { ifAvailable: true }, (lock) =>
      lock ? sendAll() : due().length);
  } finally {
    running = false;
    state.sending = "";
    tell();
  }
  if (again) {
    schedule(0);
  } else if (left && !state.loggedOut && state.phase === "open") {
    schedule(BACK_OFF[Math.min(failures, BACK_OFF.length - 1)]);
    failures += 1;
  }
}

async function sendAll() {
  const tried = new Set();
  let failed = 0;
  for (let one = next(tried); one; one = next(tried)) {
    const record = await reread(idOf(one));
    tried.add(idOf(record));
    if (!WAITING.includes(record.state)) continue;
    try {
      await send(record, () => textWaits(tried));
      failed = 0;
    } catch (error) {
      await change(record, { state: record.answered ? "partial" : "queued", progress: null, ...whyNot(error) });
      if (error instanceof Overtaken) {
        tried.delete(idOf(record));
        continue;
      }
      if (error instanceof api.LoggedOut || api.isRevoked(error)) {
        report(error);
        return 1;
      }
      failed += 1;
      // Once may be this record; twice is the network.
      if (failed > 1) return failed;
    }
  }
  if (!due().length) allSent();
  return failed || due().length;
}

// In their order; texts before photos once somebody asked for it.
function next(tried) {
  const left = due().filter((one) => !tried.has(idOf(one)));
  return (state.textFirst && left.find((one) => !one.answered)) || left[0];
}

const textWaits = (tried) => state.textFirst && due().some((one) => !one.answered && !tried.has(idOf(one)));

function allSent() {
  state.textFirst = false;
  forgetSlowness();
}

function whyNot(error) {
  if (error instanceof api.Answered) return { trouble: error.status === 429 ? "busy" : "server" };
  if (error instanceof api.NoNetwork || error instanceof api.LoggedOut) return { trouble: "network" };
  if (error instanceof Overtaken) return { trouble: "" };
  throw error;
}

async function change(record, values) {
  Object.assign(record, values);
  await save(record);
}

// The text; then what the server says is missing; then what became of it.
async function send(record, goesFirst) {
  state.sending = idOf(record);
  await change(record, { state: "sending", tries: record.tries + 1, trouble: "" });
  const answer = await putText(record);
  if (!answer) return;
  await took(record, answer);
  state.lastSent = new Date().toISOString();
  if (record.state !== "partial") return;
  if (goesFirst()) throw new Overtaken();
  const refused = await sendPhotos(record, goesFirst, (sha) => (
    change(record, { missing: record.missing.filter((one) => one !== sha) })));
  if (refused) await photoRefused(record, refused);
  else await askAgain(record);
  state.lastSent = new Date().toISOString();
}

async function putText(record) {
  try {
    return record.kind === "visit" ? await api.putVisit(record.uuid, record.body) : await api.putRecord(record.uuid, bodyOf(record));
  } catch (error) {
    if (!isFinal(error)) throw error;
    await refused(record, error);
    return null;
  }
}

// A visit without one of its photos is a visit; of a record a person takes the photo anew.
function photoRefused(record, reason) {
  const isVisit = record.kind === "visit";
  return change(record, { reason, nothingKept: false, state: isVisit ? "received" : "returned",
    ...(isVisit ? { received_at: new Date().toISOString() } : {}) });
}

async function askAgain(record) {
  const now = record.kind === "visit" ? await api.putVisit(record.uuid, record.body)
    : listed(await api.became([record.uuid]), record)[0];
  if (now) await took(record, now);
}

// --- records ---------------------------------------------------------------------------------
const SENT = [
  "revision", "base", "form", "round", "check", "channel", "spoken_by", "on_behalf_reason", "outcome",
  "outcome_reason", "answers", "filled_at", "device", "consent", "choice_reason",
];

export function bodyOf(record) {
  return { ...Object.fromEntries(SENT.map((name) => [name, record[name]])), subject: record.household };
}

const FINAL = [400, 403, 404, 409, 413, 422];
const isFinal = (error) => error instanceof api.Answered && FINAL.includes(error.status) && !api.isRevoked(error);

// Nothing of it was kept there; everything of it is still here.
async function refused(record, error) {
  await change(record, {
    state: "returned", problems: error.body.answers ?? null, reason: error.body.message ?? "",
    nothingKept: error.status !== 409,
  });
}

const listed = (answer, record) =>
  answer.records.filter((one) => one.uuid === record.uuid && one.revision === record.revision);

export async function took(record, answer) {
  const received = answer.state === "received";
  await change(record, {
    state: answer.state, answered: true, reason: answer.reason ?? "", receipt: answer.receipt ?? "",
    missing: answer.missing ?? [], soft: answer.soft ?? [], conflict: answer.conflict ?? null, nothingKept: false,
    received_at: received ? (record.received_at ?? new Date().toISOString()) : record.received_at,
  });
  if (answer.state === "conflict") await refresh();
}

// --- what is new -----------------------------------------------------------------------------
export async function refresh() {
  const found = await api.bundle();
  const held = await heldKey();
  if (held && held.person !== found.person.id) await dropKeys();
  await openWithBundle(found, api.mark());
  await sayWhatIsHere();
  await askWhatBecame();
}

// Which households are begun here and how far, should the phone get lost; no answer.
const TOLD = { draft: "draft", queued: "queued", sending: "queued", partial: "partial" };

async function sayWhatIsHere() {
  const drafts = all()
    .filter((record) => TOLD[record.state] && !record.practice && record.kind !== "visit")
    .map((record) => ({ uuid: record.uuid, subject: record.household, state: TOLD[record.state], changed_at: record.changed_at }));
  const said = await api.sayPhone({ device: await device(), label: labelOf(), drafts });
  if (said.revoked) api.tellRevoked();
}

function labelOf() {
  const found = /\(([^)]*)\)/.exec(navigator.userAgent);
  return (found ? found[1] : navigator.userAgent).slice(0, 60);
}

// A clerk may have sent one back since.
async function askWhatBecame() {
  const asked = all().filter((record) => record.kind !== "visit" && record.state === "received");
  for (let start = 0; start < asked.length; start += ASKED_AT_ONCE) {
    const some = asked.slice(start, start + ASKED_AT_ONCE);
    const answer = await api.became([...new Set(some.map((record) => record.uuid))]);
    for (const record of some) {
      const [now] = listed(answer, record);
      if (now && now.state !== record.state) await took(record, now);
    }
  }
}
