// The phone's own database. Two shelves: keys that can be used but not taken out, and boxes that
// open only with them.
const NAME = "collect";
const VERSION = 1;
let opened = null;

export class StorageFull extends Error {}

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("keys", { keyPath: "person" });
      asked.result.createObjectStore("boxes", { keyPath: ["person", "kind", "id"] });
      asked.result.createObjectStore("phone", { keyPath: "name" });
    };
    asked.onsuccess = () => {
      asked.result.onclose = () => { opened = null; };
      asked.result.onversionchange = () => { asked.result.close(); opened = null; };
      resolve(asked.result);
    };
    asked.onerror = () => { opened = null; reject(told(asked.error)); };
  });
  return opened;
}

function told(error) {
  const full = error && (error.name === "QuotaExceededError" || /quota|space/i.test(error.message));
  return full ? new StorageFull(error.message) : error;
}

async function run(shelf, mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const work = database.transaction(shelf, mode, { durability: "strict" });
    const asked = act(work.objectStore(shelf));
    work.oncomplete = () => resolve(asked.result);
    work.onabort = () => reject(told(work.error ?? asked.error));
  });
}

export const put = (shelf, row) => run(shelf, "readwrite", (store) => store.put(row));
export const get = (shelf, key) => run(shelf, "readonly", (store) => store.get(key));
export const all = (shelf, range) => run(shelf, "readonly", (store) => store.getAll(range));
export const drop = (shelf, key) => run(shelf, "readwrite", (store) => store.delete(key));

const shelved = (person, kind) => IDBKeyRange.bound([person, kind], [person, kind, []]);

export const boxesOf = (person, kind) => all("boxes", shelved(person, kind));
export const namesOf = (person, kind) =>
  run("boxes", "readonly", (store) => store.getAllKeys(shelved(person, kind)));

// The phone's number: random, made once, the same for whoever uses it.
export async function device() {
  const known = await get("phone", "device");
  if (known) return known.value;
  const value = crypto.randomUUID();
  await put("phone", { name: "device", value });
  return value;
}
