// What lies on the phone is encrypted with the key of the log-in's person (AES-GCM).
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function importKey(base64) {
  const raw = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

// A box cannot be put in another one's place: its name is sealed with it.
function sealing(iv, name) {
  return { name: "AES-GCM", iv, additionalData: encoder.encode(name) };
}

export async function seal(key, name, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt(sealing(iv, name), key, bytes) };
}

export async function unseal(key, name, box) {
  return new Uint8Array(await crypto.subtle.decrypt(sealing(box.iv, name), key, box.data));
}

export const toBytes = (value) => encoder.encode(JSON.stringify(value));
export const fromBytes = (bytes) => JSON.parse(decoder.decode(bytes));

export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
