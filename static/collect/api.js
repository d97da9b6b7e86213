// The only way to the server. Nothing but random numbers and digests is ever in an address.
import { device } from "./database.js";

const ROOT = "/api/v1/collection/";
const PATIENCE = 30_000;
// Something is to be done at the log-in page first.
const SHUT = ["token_missing", "not_allowed", "first_things"];

export class NoNetwork extends Error {}
export class LoggedOut extends Error {}
// The township took this phone out of use: whoever asked hears it here, whatever was asked.
export const revocations = new EventTarget();
export const tellRevoked = () => revocations.dispatchEvent(new Event("revoked"));
export const isRevoked = (error) => error instanceof Answered && error.body.code === "phone_revoked";
export class Answered extends Error {
  constructor(status, body, wait = 0) {
    super(`answered ${status}`);
    Object.assign(this, { status, body, wait });
  }
}

export function mark() {
  const name = `${document.body.dataset.csrfCookie}=`;
  const found = document.cookie.split("; ").find((cookie) => cookie.startsWith(name));
  return found ? found.slice(name.length) : "";
}

async function ask(address, { stop, ...options }) {
  const over = new AbortController();
  const end = () => over.abort();
  const timer = setTimeout(end, PATIENCE);
  stop?.addEventListener("abort", end);
  if (stop?.aborted) end();
  try {
    const answer = await fetch(address, {
      credentials: "same-origin", cache: "no-store", redirect: "manual", signal: over.signal,
      ...options,
      headers: { Accept: "application/json", "X-CSRFToken": mark(), ...options.headers },
    });
    return { answer, text: await answer.text() };
  } catch (error) {
    throw new NoNetwork(error.message);
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener("abort", end);
  }
}

// A reply that got lost is asked for again: every call may be made twice.
const PAUSES = [800, 2500];

async function persist(address, options) {
  for (const pause of PAUSES) {
    try {
      return await ask(address, options);
    } catch (error) {
      if (!(error instanceof NoNetwork) || !navigator.onLine || options.stop?.aborted) throw error;
      await new Promise((resume) => setTimeout(resume, pause));
    }
  }
  return ask(address, options);
}

async function call(address, options = {}) {
  const headers = { ...options.headers, "Collection-Device": await device() };
  const { answer, text } = await persist(ROOT + address, { ...options, headers });
  if (answer.status === 401 || answer.type === "opaqueredirect") throw new LoggedOut();
  let body = {};
  try {
    body = text ? JSON.parse(text) : {};
  } catch {
    // A page of something between us and the server; its status is all there is to know.
  }
  if (answer.status === 403 && SHUT.includes(body.code)) throw new LoggedOut();
  if (answer.ok) return body;
  const refusal = new Answered(answer.status, body, Number(answer.headers.get("Retry-After")) || 0);
  if (isRevoked(refusal)) tellRevoked();
  throw refusal;
}

function sending(method, value) {
  return { method, body: JSON.stringify(value), headers: { "Content-Type": "application/json" } };
}

export const bundle = () => call("bundle/");
export const sayPhone = (value) => call("phone/", sending("POST", value));
export const putRecord = (uuid, value) => call(`records/${uuid}/`, sending("PUT", value));
export const recall = (uuid) => call(`records/${uuid}/recall/`, sending("POST", {}));
export const putVisit = (uuid, value) => call(`visits/${uuid}/`, sending("PUT", value));
export const makeLink = (value) => call("links/", sending("POST", value));
export const practise = (value) => call("practice/", sending("POST", value));
export const arrived = (sha) => call(`attachments/${sha}/`);

export function became(uuids) {
  return call(`records/?${uuids.map((uuid) => `uuid=${uuid}`).join("&")}`);
}

export function putPiece(sha, piece, offset, length, stop) {
  return call(`attachments/${sha}/`, {
    method: "PUT",
    body: piece,
    stop,
    headers: {
      "Content-Type": "application/octet-stream",
      "Upload-Offset": String(offset),
      "Upload-Length": String(length),
    },
  });
}

export async function logOut() {
  await ask(document.body.dataset.logout, {
    method: "POST",
    body: new URLSearchParams({ csrfmiddlewaretoken: mark() }),
  });
}
