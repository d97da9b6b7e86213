// Photos become small on the phone, before anything is kept: drawn anew, so that what the camera
// wrote beside the picture (place, device, time) is gone.
import { photo, savePhoto } from "./store.js";
import { sha256 } from "./vault.js";

const LONGEST = 1600;
const MOST_BYTES = 400 * 1024;
const QUALITIES = [0.82, 0.7, 0.58, 0.46];
const SMALLER = 0.8;
const THUMB = 96;

export class NotAPicture extends Error {}

export async function take(file) {
  const bytes = new Uint8Array(await (await shrunk(file)).arrayBuffer());
  const sha = await sha256(bytes);
  await savePhoto(sha, bytes);
  return sha;
}

async function shrunk(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!picture) throw new NotAPicture();
  let scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  for (;;) {
    const canvas = drawn(picture, scale);
    for (const quality of QUALITIES) {
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
      if (blob.size <= MOST_BYTES) {
        picture.close();
        return blob;
      }
    }
    scale *= SMALLER;
  }
}

function drawn(picture, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

// A small copy to look at, and how many KB the picture has; null when it is not on this phone.
export async function thumb(sha) {
  const bytes = await photo(sha);
  if (!bytes) return null;
  const picture = await createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
  const canvas = drawn(picture, THUMB / Math.max(picture.width, picture.height));
  picture.close();
  return { canvas, kilobytes: Math.max(1, Math.round(bytes.byteLength / 1024)) };
}
