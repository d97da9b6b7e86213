// Everything the page knows: in memory as it is, on the phone encrypted.
import { all, boxesOf, drop, get, namesOf, put, StorageFull } from "./database.js";
import { fromBytes, importKey, seal, toBytes, unseal } from "./vault.js";

// phase: starting, locked (no key), open; trouble: what the bar at the top says.
export const state = {
  phase: "starting", person: null, bundle: null, records: new Map(),
  loggedOut: false, revoked: false, full: false, sending: "", lastSent: null, textFirst: false,
};
export const events = new EventTarget();
const DAYS_KEPT = 30;
const A_DAY = 86_400_000;
let key = null;
const unwritten = new Map();
const photosInMemory = new Map();

export function tell() {
  events.dispatchEvent(new Event("change"));
}

export const idOf = (record) => `${record.uuid}.${record.revision}`;

async function write(kind, id, bytes) {
  if (!key) return;
  const name = `${state.person}/${kind}/${id}`;
  const box = await seal(key, name, bytes);
  await put("boxes", { person: state.person, kind, id, ...box, at: Date.now() });
}

async function read(box) {
  return unseal(key, `${box.person}/${box.kind}/${box.id}`, box);
}

// --- the key: one person at a time -----------------------------------------------------------
export async function heldKey() {
  const rows = await all("keys");
  const row = rows[0] ?? null;
  if (row && Date.now() > row.until) {
    await dropKeys();
    return null;
  }
  return row;
}

export async function dropKeys() {
  for (const row of await all("keys")) await drop("keys", row.person);
  key = null;
  unwritten.clear();
  photosInMemory.clear();
  Object.assign(state, { phase: "locked", person: null, bundle: null, records: new Map() });
  tell();
}

export async function openWith(row) {
  key = row.key;
  state.person = row.person;
  const kept = await get("boxes", [row.person, "bundle", "newest"]);
  state.bundle = kept ? fromBytes(await read(kept)) : null;
  state.records = new Map();
  for (const box of await boxesOf(row.person, "record")) {
    const record = fromBytes(await read(box));
    if (record.state === "sending") record.state = record.answered ? "partial" : "queued";
    state.records.set(box.id, record);
  }
  state.phase = "open";
  tell();
}

// --- out of use: a lost phone cannot be read; what is on it waits, encrypted, for its person ----------
export async function lookWhetherRevoked() {
  const row = await get("phone", "revoked");
  state.revoked = Boolean(row);
  // Told, but ended before the key was gone.
  if (row) await dropKeys();
}

export async function revoke() {
  await put("phone", { name: "revoked", value: true });
  state.revoked = true;
  await dropKeys();
}

// Somebody may work on the phone: the township's list of tasks came.
async function inUse() {
  if (!state.revoked) return;
  await drop("phone", "revoked");
  state.revoked = false;
}

export async function openWithBundle(bundle, mark) {
  await inUse();
  const person = bundle.person.id;
  const until = new Date(bundle.store_until).getTime();
  if (state.person !== person) {
    await dropKeys();
    const row = { person, key: await importKey(bundle.store_key), until, mark };
    await put("keys", row);
    await openWith(row);
  } else {
    await put("keys", { person, key, until, mark });
  }
  const { store_key: _unsaid, ...kept } = bundle;
  state.bundle = { ...kept, fetched_at: new Date().toISOString() };
  state.loggedOut = false;
  await guarded(() => write("bundle", "newest", toBytes(state.bundle)));
  await forgetOld();
  tell();
}

// --- records ---------------------------------------------------------------------------------
// What does not fit on the phone any more stays in memory, is said, and is tried again each time.
async function guarded(act) {
  try {
    await act();
    return true;
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error;
    if (!state.full) {
      state.full = true;
      tell();
    }
    return false;
  }
}

export async function save(record, { quietly = false } = {}) {
  const id = idOf(record);
  state.records.set(id, record);
  unwritten.set(id, record);
  await writeAll();
  if (!quietly) tell();
}

async function writeAll() {
  let fits = true;
  for (const [sha, bytes] of photosInMemory) {
    fits = await guarded(() => write("photo", sha, bytes));
    if (fits) photosInMemory.delete(sha);
  }
  for (const [id, record] of unwritten) {
    const bytes = toBytes(record);
    const done = await guarded(() => write("record", id, bytes));
    if (done && unwritten.get(id) === record) unwritten.delete(id);
    fits = fits && done;
  }
  if (state.full && fits) {
    state.full = false;
    tell();
  }
}

export function onlyInMemory() {
  return unwritten.size + photosInMemory.size;
}

// Another page of the same phone may have written since.
export async function reread(id) {
  const box = await get("boxes", [state.person, "record", id]);
  if (box && !unwritten.has(id)) Object.assign(state.records.get(id), fromBytes(await read(box)));
  return state.records.get(id);
}

export async function forget(record) {
  const id = idOf(record);
  state.records.delete(id);
  unwritten.delete(id);
  await drop("boxes", [state.person, "record", id]);
}

// --- photos ----------------------------------------------------------------------------------
export async function savePhoto(sha, bytes) {
  photosInMemory.set(sha, bytes);
  await writeAll();
}

export async function photo(sha) {
  const waiting = photosInMemory.get(sha);
  if (waiting) return waiting;
  const box = await get("boxes", [state.person, "photo", sha]);
  return box ? read(box) : null;
}

// Only what the server has, and only thirty days later.
async function forgetOld() {
  const before = Date.now() - DAYS_KEPT * A_DAY;
  for (const record of [...state.records.values()]) {
    const over = record.received_at ?? record.voided_at;
    if (over && new Date(over).getTime() < before) await forget(record);
  }
  const named = new Set([...state.records.values()].flatMap((record) => record.photos ?? []));
  for (const name of await namesOf(state.person, "photo")) {
    if (named.has(name[2])) continue;
    const box = await get("boxes", name);
    if (box.at < before) await drop("boxes", name);
  }
}
