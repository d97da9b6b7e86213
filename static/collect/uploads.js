// Photos leave one by one, in pieces, from where the last try ended. Where the network is slow that is
// said, and texts that wait may go before them.
import * as api from "./api.js";
import { photo, state, tell } from "./store.js";

const PIECE = 256 * 1024;
const SLOW = 60_000;
const begun = new Map();
let stop = null;

export class Overtaken extends Error {}

// The photo on its way waits for the texts, and so do the others until all texts are there.
export function textFirst() {
  state.textFirst = true;
  stop?.abort();
  tell();
}

export const isSlow = () => [...begun.values()].some((since) => Date.now() - since >= SLOW);

export function forgetSlowness() {
  begun.clear();
}

// Sends what is missing; says why one is refused for good. Ends early when a text goes first.
export async function sendPhotos(record, goesFirst, arrived) {
  for (const sha of [...record.missing]) {
    const refused = await sendPhoto(record, sha, goesFirst);
    if (refused) return refused;
    await arrived(sha);
  }
  return "";
}

async function sendPhoto(record, sha, goesFirst) {
  const bytes = await photo(sha);
  if (!bytes) return "";
  if (!begun.has(sha)) {
    begun.set(sha, Date.now());
    setTimeout(tell, SLOW);
  }
  try {
    return await pieces(record, sha, bytes, goesFirst);
  } finally {
    record.progress = null;
  }
}

async function pieces(record, sha, bytes, goesFirst) {
  let { offset, state: stands, reason } = await api.arrived(sha);
  while (stands !== "stored" && stands !== "refused") {
    if (goesFirst()) throw new Overtaken();
    record.progress = { sha, offset, length: bytes.byteLength };
    tell();
    ({ offset, state: stands, reason } = await piece(sha, bytes, offset));
  }
  begun.delete(sha);
  return stands === "refused" ? reason : "";
}

async function piece(sha, bytes, offset) {
  stop = new AbortController();
  try {
    return await api.putPiece(sha, bytes.slice(offset, offset + PIECE), offset, bytes.byteLength, stop.signal);
  } catch (error) {
    if (stop.signal.aborted) throw new Overtaken();
    if (!(error instanceof api.Answered) || error.status !== 409 || !("offset" in error.body)) throw error;
    return error.body;
  } finally {
    stop = null;
  }
}
