// When nothing goes out any more: everything unsent as one file, which a clerk can read in.
import { offer } from "./dom.js";
import { photo, state } from "./store.js";
import { bodyOf } from "./sync.js";
import { device } from "./database.js";

export async function storage() {
  const manager = navigator.storage;
  const { usage = 0 } = (await manager?.estimate?.()) ?? {};
  const kept = (await manager?.persisted?.()) ?? false;
  return { used: usage, kept, ask: () => manager?.persist?.() };
}

function base64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export async function exportAll(records) {
  const photos = {};
  for (const sha of new Set(records.flatMap((record) => record.photos ?? []))) {
    const bytes = await photo(sha);
    if (bytes) photos[sha] = base64(bytes);
  }
  const content = {
    format: 1, person: state.bundle.person, device: await device(), exported_at: new Date().toISOString(),
    records: records.filter((record) => record.kind !== "visit").map((record) => ({
      uuid: record.uuid, state: record.state, ...bodyOf(record), filled_at: record.filled_at ?? record.changed_at,
    })),
    visits: records.filter((record) => record.kind === "visit")
      .map((record) => ({ uuid: record.uuid, state: record.state, ...record.body })),
    photos,
  };
  offer(`collection-${content.exported_at.slice(0, 16).replaceAll(":", "")}.json`, JSON.stringify(content), "application/json");
}
